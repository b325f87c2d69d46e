"""Access tokens: what is issued is verified, and nothing else is."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from chassis.errors import Refusal
from gateway.tokens import ALGORITHM, Tokens, private_key
from tests.unit.gateway.conftest import CALLER
from tests.unit.gateway.fakes import SEED

NOW = 1_773_315_600.0
CLAIMS: dict[str, object] = {
    "iss": "sandan",
    "aud": "sandan",
    "sub": "p-1",
    "sid": "s-1",
    "grants": [],
    "unit": None,
    "exp": NOW + 60,
}


def refused(tokens: Tokens, token: str, now: float = NOW) -> str:
    with pytest.raises(Refusal) as refusal:
        tokens.verify(token, now)
    return refusal.value.code


def signed(claims: dict[str, object]) -> str:
    return jwt.encode({"alg": ALGORITHM}, claims, _key(), algorithms=[ALGORITHM])


def _key() -> OKPKey:
    pem = private_key(SEED).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return OKPKey.import_key(pem)


def test_a_token_says_who_calls_in_which_session(tokens: Tokens) -> None:
    identity = tokens.verify(tokens.issue("s-1", CALLER, NOW), NOW)
    assert identity.caller == CALLER
    assert (identity.id, identity.session_id) == ("p-1", "s-1")


def test_a_token_says_under_which_ids_the_caller_was_known_before(tokens: Tokens) -> None:
    merged = {**CALLER, "former": ["p-0"]}
    assert tokens.verify(tokens.issue("s-1", merged, NOW), NOW).caller == merged


def test_a_token_ends_after_its_lifetime_and_not_before(tokens: Tokens) -> None:
    token = tokens.issue("s-1", CALLER, NOW)
    assert tokens.verify(token, NOW + 899).id == "p-1"
    assert refused(tokens, token, NOW + 900) == "token_expired"


def test_a_token_of_another_key_is_refused(tokens: Tokens) -> None:
    other = Tokens(base64.urlsafe_b64encode(bytes(32)).decode(), 900)
    assert refused(tokens, other.issue("s-1", CALLER, NOW)) == "token_invalid"


def test_a_changed_claim_breaks_the_signature(tokens: Tokens) -> None:
    head, body, signature = tokens.issue("s-1", CALLER, NOW).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["grants"] = [{"role": "district_admin", "scope": ""}]
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert refused(tokens, f"{head}.{forged}.{signature}") == "token_invalid"


def test_an_unsigned_token_is_refused_by_its_algorithm(tokens: Tokens) -> None:
    _, body, _ = tokens.issue("s-1", CALLER, NOW).split(".")
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    assert refused(tokens, f"{head}.{body}.") == "token_algorithm"


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(tokens: Tokens) -> None:
    public = tokens.public_keys()["keys"][0]["x"]
    token = jwt.encode({"alg": "HS256"}, CLAIMS, OctKey.import_key(public), algorithms=["HS256"])
    assert refused(tokens, token) == "token_algorithm"


@pytest.mark.parametrize(
    "token", ["", "x", "a.b", "a.b.c", "a.b.c.d", "é.b.c", "bnVsbA.b.c", "." * 5000, "eyJhbGciOiJFZDI1NTE5In0.!.!"]
)
def test_what_is_no_token_is_refused(tokens: Tokens, token: str) -> None:
    assert refused(tokens, token) == "token_invalid"


def test_a_token_for_another_audience_is_refused(tokens: Tokens) -> None:
    assert refused(tokens, signed(CLAIMS | {"aud": "somebody"})) == "token_invalid"
    assert refused(tokens, signed(CLAIMS | {"iss": "somebody"})) == "token_invalid"
    assert tokens.verify(signed(CLAIMS), NOW).id == "p-1"


def test_the_published_key_verifies_and_holds_no_secret(tokens: Tokens) -> None:
    [key] = tokens.public_keys()["keys"]
    assert "d" not in key
    decoded = jwt.decode(tokens.issue("s-1", CALLER, NOW), OKPKey.import_key(key), algorithms=[ALGORITHM])
    assert decoded.claims["sub"] == "p-1"


def test_a_key_may_be_pem_or_a_seed() -> None:
    pem = private_key(SEED).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    as_seed, as_pem = Tokens(SEED, 900), Tokens(pem.decode(), 900)
    on_one_line = Tokens(pem.decode().replace("\n", "\\n"), 900)
    assert as_seed.public_keys() == as_pem.public_keys() == on_one_line.public_keys()


def test_a_bad_key_is_named_without_being_shown() -> None:
    curve = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for text in ("c2hvcnQ", "not base64!", "é", curve.decode()):
        with pytest.raises(ValueError, match="TOKEN_KEY") as error:
            Tokens(text, 900)
        assert text not in str(error.value)


def test_secrets_for_different_purposes_differ(tokens: Tokens) -> None:
    assert tokens.secrets_for("cursors") != tokens.secrets_for("something else")


OTHER = base64.urlsafe_b64encode(bytes(32)).decode()


def test_keys_are_changed_without_anybodys_noticing(tokens: Tokens) -> None:
    announced, changed, over = Tokens(f"{SEED},{OTHER}", 900), Tokens(f"{OTHER}, {SEED}", 900), Tokens(OTHER, 900)
    assert announced.public_keys()["keys"][0] == tokens.public_keys()["keys"][0]
    assert [each["kid"] for each in announced.public_keys()["keys"]] == [
        each["kid"] for each in reversed(changed.public_keys()["keys"])
    ]
    assert changed.verify(announced.issue("s-1", CALLER, NOW), NOW).id == "p-1"
    assert announced.verify(changed.issue("s-1", CALLER, NOW), NOW).id == "p-1"
    assert refused(over, announced.issue("s-1", CALLER, NOW)) == "token_invalid"


def test_a_token_that_names_a_key_of_nobody_is_refused(tokens: Tokens) -> None:
    _, body, signature = tokens.issue("s-1", CALLER, NOW).split(".")
    kids: tuple[Any, ...] = ("", "../../key", None, ["x"], {})
    for kid in kids:
        head = base64.urlsafe_b64encode(json.dumps({"alg": ALGORITHM, "kid": kid}).encode()).decode().rstrip("=")
        assert refused(tokens, f"{head}.{body}.{signature}") == "token_invalid"
