"""Tokens that somebody forged, swapped or changed: none of them speaks for anybody (RFC 8725)."""

import base64
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient

from chassis.errors import Refusal
from gateway.tokens import ALGORITHM, Tokens, private_key
from tests.unit.gateway.conftest import CALLER
from tests.unit.gateway.fakes import SEED, FakePort, FakeServices, said
from tests.unit.gateway.test_tokens import CLAIMS, NOW, OTHER, refused, signed

OURS, THEIRS = private_key(SEED), private_key(OTHER)
"""Our key, and that of whoever forges."""

PUBLIC = Tokens(OTHER, 900).public_keys()["keys"][0]


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def part(value: Any) -> str:
    """A part of a token as it is written."""
    return encoded(json.dumps(value).encode())


def forged(key: Ed25519PrivateKey, header: Mapping[str, Any], claims: Mapping[str, Any] = CLAIMS) -> str:
    """A token that is signed with this key, under any header."""
    text = f"{part({'alg': ALGORITHM, **header})}.{part(claims)}"
    return f"{text}.{encoded(key.sign(text.encode()))}"


def test_what_is_forged_here_would_be_good_with_our_key(tokens: Tokens) -> None:
    assert tokens.verify(forged(OURS, {}), NOW).id == "p-1"


def test_a_key_that_comes_with_the_token_vouches_for_nothing(tokens: Tokens) -> None:
    ours = tokens.public_keys()["keys"][0]["kid"]
    for header in ({"jwk": PUBLIC}, {"jwk": PUBLIC, "kid": PUBLIC["kid"]}, {"jwk": PUBLIC, "kid": ours}):
        assert refused(tokens, forged(THEIRS, header)) == "token_invalid"


@pytest.mark.parametrize("name", ["jku", "x5u"])
def test_no_key_is_fetched_from_where_a_token_says(tokens: Tokens, port: FakePort, name: str) -> None:
    port.answers["GET", "/keys"] = (200, "application/json", json.dumps({"keys": [PUBLIC]}).encode())
    assert refused(tokens, forged(THEIRS, {name: f"{port.url}/keys"})) == "token_invalid"
    assert port.got == []


@pytest.mark.parametrize(
    "kid",
    ["../../../dev/null", "/etc/passwd", "0' OR '1'='1", "", "x" * 300, 0, None, ["x"], {"x": 1}],
    ids=["path", "file", "query", "empty", "long", "number", "null", "list", "object"],
)
def test_the_name_of_a_key_is_looked_up_and_nothing_else(tokens: Tokens, kid: Any) -> None:
    assert refused(tokens, forged(OURS, {"kid": kid})) == "token_invalid"


def test_a_token_of_one_key_under_the_name_of_another_is_refused() -> None:
    two = Tokens(f"{SEED},{OTHER}", 900)
    first, second = (each["kid"] for each in two.public_keys()["keys"])
    assert two.verify(forged(OURS, {"kid": first}), NOW).id == "p-1"
    assert two.verify(forged(THEIRS, {"kid": second}), NOW).id == "p-1"
    assert refused(two, forged(OURS, {"kid": second})) == "token_invalid"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256", "EdDSA", "ed25519", "RS256", "", None, 0])
def test_the_header_chooses_no_algorithm(tokens: Tokens, algorithm: Any) -> None:
    token = forged(OURS, {"alg": algorithm})
    assert refused(tokens, token) == "token_algorithm"
    assert refused(tokens, f"{token.rpartition('.')[0]}.") == "token_algorithm"


@pytest.mark.parametrize("of", ["x", "kid", "pem"])
@pytest.mark.parametrize(("algorithm", "code"), [("HS256", "token_algorithm"), (ALGORITHM, "token_invalid")])
def test_nothing_that_is_public_is_a_secret(tokens: Tokens, of: str, algorithm: str, code: str) -> None:
    key = tokens.public_keys()["keys"][0]
    pem = OURS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    secret = pem if of == "pem" else key[of].encode()
    text = f"{part({'alg': algorithm, 'kid': key['kid']})}.{part(CLAIMS)}"
    assert refused(tokens, f"{text}.{encoded(hmac.digest(secret, text.encode(), 'sha256'))}") == code


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["b64"], "b64": False},
        {"crit": ["x"], "x": 1},
        {"crit": ["x"]},
        {"crit": 5},
        {"crit": [{}]},
        {"crit": None},
    ],
    ids=["unencoded", "unknown", "missing", "number", "object", "null"],
)
def test_what_has_to_be_understood_and_is_not_is_refused(tokens: Tokens, header: dict[str, Any]) -> None:
    """Whoever does not know a critical header may not pass it over (RFC 7515 §4.1.11)."""
    assert refused(tokens, forged(OURS, header)) == "token_invalid"


@pytest.mark.parametrize(
    "changed",
    [
        {"grants": [{"role": "district_admin", "scope": ""}]},
        {"sub": "p-2"},
        {"unit": "u-1"},
        {"former": ["p-2"]},
        {"exp": NOW + 10_000_000},
        {"sid": "s-2"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_no_claim_can_be_changed(tokens: Tokens, changed: dict[str, Any]) -> None:
    head, _, signature = forged(OURS, {}).split(".")
    assert refused(tokens, f"{head}.{part({**CLAIMS, **changed})}.{signature}") == "token_invalid"


def test_a_token_with_the_scope_of_another_district_is_another_token(tokens: Tokens) -> None:
    here, there = (
        forged(OURS, {}, {**CLAIMS, "grants": [{"role": "dispatcher", "scope": scope}]})
        for scope in ("360704", "360703")
    )
    swapped = ".".join([*here.split(".")[:1], there.split(".")[1], here.split(".")[2]])
    assert tokens.verify(there, NOW).caller["grants"] == [{"role": "dispatcher", "scope": "360703"}]
    assert refused(tokens, swapped) == "token_invalid"


@pytest.mark.parametrize(
    "changed",
    [{"iss": "https://other"}, {"aud": "other"}, {"aud": ["other", "sandan"]}, {"iss": None}, {"aud": None}],
    ids=["issuer", "audience", "several audiences", "no issuer", "no audience"],
)
def test_a_token_of_or_for_somebody_else_is_refused(tokens: Tokens, changed: dict[str, Any]) -> None:
    assert refused(tokens, forged(OURS, {}, {**CLAIMS, **changed})) == "token_invalid"


@pytest.mark.parametrize("name", ["sub", "sid", "grants", "exp"])
@pytest.mark.parametrize("value", [None, {}, "nothing"], ids=["null", "object", "missing"])
def test_a_token_without_what_ours_say_is_refused_and_no_fault(tokens: Tokens, name: str, value: Any) -> None:
    claims = {key: each for key, each in CLAIMS.items() if key != name}
    told = {} if value == "nothing" else {name: value}
    assert refused(tokens, forged(OURS, {}, {**claims, **told})) == "token_invalid"


def test_a_token_that_is_no_object_is_refused(tokens: Tokens) -> None:
    others: tuple[Any, ...] = ([], "x", None, 1)
    for claims in others:
        token = forged(OURS, {}, claims)
        assert refused(tokens, token) == "token_invalid"


def test_a_token_is_good_from_its_time_until_its_time(tokens: Tokens) -> None:
    later = signed({**CLAIMS, "nbf": NOW + 30})
    assert refused(tokens, later, NOW + 29) == "token_invalid"
    assert tokens.verify(later, NOW + 30).id == "p-1"
    assert refused(tokens, later, NOW + 60) == "token_expired"
    assert refused(tokens, forged(OURS, {}, {**CLAIMS, "nbf": "tomorrow"})) == "token_invalid"


@pytest.mark.parametrize("length", [4_097, 100_000, 5_000_000])
def test_a_huge_token_is_not_looked_into(tokens: Tokens, length: int) -> None:
    for huge in ("x" * length, f"{'x' * length}.x.x", f"{part({'alg': ALGORITHM})}.{'x' * length}.x", "." * length):
        assert refused(tokens, huge) == "token_invalid"


@pytest.mark.parametrize("between", [" ", ",", "\t", "%", "=", "+", "/", "\N{NO-BREAK SPACE}", "\N{FULLWIDTH COMMA}"])
def test_a_token_is_written_in_one_way(tokens: Tokens, between: str) -> None:
    """Else the same token could be found here and missed on a list of those that are over."""
    token = forged(OURS, {})
    head, body, signature = token.split(".")
    for other in (token + between, f"{head}.{body}{between}.{signature}", f"{head}.{body}.{signature}{between}x"):
        assert refused(tokens, other) == "token_invalid"


def answered(client: FlaskClient, authorization: str) -> tuple[int, str]:
    """Status and code of what is answered to this header."""
    answer = client.get("/v1/me", headers={"Authorization": authorization})
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    return answer.status_code, said(answer)["code"]


def test_a_token_stands_in_the_header_once_and_alone(anyone: FlaskClient, services: FakeServices) -> None:
    """The listener joins headers of one name with a comma; whoever reads on the way may not see another token."""
    services.outcomes["members.me"] = Refusal("not_permitted")
    good = f"Bearer {Tokens(SEED, 900).issue('s-1', CALLER, time.time())}"
    for joined in (f"{good},{good}", f"{good}, Basic eDp5", f"{good},", f"{good} x"):
        assert answered(anyone, joined) == (401, "token_invalid")
    for other in (good.replace("Bearer", "Basic"), f"Basic eDp5,{good}", good.removeprefix("Bearer "), "Bearer", ""):
        assert answered(anyone, other) == (401, "token_missing")
    assert services.calls == []


@pytest.mark.parametrize("place", ["query", "form", "cookie"])
def test_a_token_counts_in_the_header_alone(anyone: FlaskClient, services: FakeServices, place: str) -> None:
    """RFC 6750 §2.2 and §2.3 know bodies and addresses too, which stay in logs and histories."""
    token = Tokens(SEED, 900).issue("s-1", CALLER, time.time())
    if place == "cookie":
        anyone.set_cookie("access_token", token)
    given = {"access_token": token}
    query, form = (given if place == each else None for each in ("query", "form"))
    answer = anyone.post("/v1/cases", query_string=query, data=form)
    assert (answer.status_code, said(answer)["code"]) == (401, "token_missing")
    assert services.calls == []
