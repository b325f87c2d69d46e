"""Sign-ins with identity providers, as rules: what one is good for, what providers say, and what a token has to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from chassis.errors import Refusal
from members.accounts.account import Account
from members.identity_providers import begun as begun_rules
from members.identity_providers import id_token, linked_identity
from members.identity_providers import provider as rules
from members.identity_providers.begun import LIFETIME, Begun, Binding, Stage
from members.identity_providers.id_token import LEEWAY, Expected
from members.identity_providers.linked_identity import MOST, LinkedIdentity
from members.identity_providers.provider import NONE, POST, Metadata, Provider, Unfit

NOW = datetime(2026, 3, 12, 11, 46, tzinfo=UTC)
ISSUER = "https://id.example.cn/realms/district"
PAGE = "https://sandan.example.cn/signed-in"
DISTRICT = Provider("district", {"zh-CN": "区", "en": "District"}, ISSUER, "sandan", (PAGE, "cn.example.app:/in"), "s3")
BINDING = Binding(b"a key", "the state", "the secret")
EXPECTED = Expected(ISSUER, "sandan", "n-1")
KEY = RSAKey.generate_key(2048, {"kid": "k-1", "use": "sig"})
ALGORITHMS = ("RS256",)

Answer = dict[str, Any]


def refused(call: Callable[..., Any], *given: Any, **named: Any) -> str:
    with pytest.raises(Refusal) as caught:
        call(*given, **named)
    return caught.value.code


def unfit(call: Callable[..., Any], *given: Any, **named: Any) -> str:
    with pytest.raises(Unfit) as caught:
        call(*given, **named)
    return str(caught.value)


def begun(**changes: Any) -> Begun:
    return replace(begun_rules.begun(BINDING, "district", PAGE, None, NOW), **changes)


def checked(found: Begun | None, **changes: Any) -> Begun:
    asked: Answer = {"binding": BINDING, "code": "c", "provider": "district", "whose": (), "now": NOW} | changes
    return begun_rules.check(found, **asked)


def test_what_the_provider_is_told_follows_from_what_the_browser_keeps_and_the_key() -> None:
    """RFC 7636 §4.1: a verifier has 43 to 128 characters of base64url."""
    told = (BINDING.nonce, BINDING.verifier, BINDING.challenge, BINDING.id, BINDING.mark)
    assert len(set(told)) == len(told)
    assert len(BINDING.verifier) == 43
    for other in (
        replace(BINDING, key=b"another"),
        replace(BINDING, state="another"),
        replace(BINDING, secret="another"),
        replace(BINDING, state=BINDING.state + BINDING.secret[0], secret=BINDING.secret[1:]),
    ):
        assert {other.nonce, other.verifier, other.mark}.isdisjoint(told)
    assert "the secret" not in repr(BINDING)
    assert BINDING.mark not in repr(begun())


def test_a_sign_in_is_good_for_ten_minutes() -> None:
    assert timedelta(minutes=10) == LIFETIME
    assert checked(begun(), now=NOW + LIFETIME - timedelta(seconds=1)) == begun()
    assert refused(checked, begun(), now=NOW + LIFETIME) == "provider_sign_in_over"


@pytest.mark.parametrize(
    "other",
    [
        {"binding": replace(BINDING, secret="another")},
        {"binding": replace(BINDING, key=b"another")},
        {"provider": "other"},
        {"whose": ["p-1"]},
    ],
    ids=["secret", "key", "provider", "linking"],
)
def test_a_sign_in_is_good_in_its_browser_with_its_provider_and_for_nothing_else(other: Answer) -> None:
    assert refused(checked, begun(), **other) == "provider_sign_in_not_begun"
    assert refused(checked, None) == "provider_sign_in_not_begun"


def test_what_was_begun_to_link_signs_nobody_in_and_is_its_persons_alone() -> None:
    linking = begun(person_id="p-1")
    assert checked(linking, whose=["p-now", "p-1"]) == linking
    assert refused(checked, linking, whose=["p-2"]) == "provider_sign_in_not_begun"
    assert refused(checked, linking) == "provider_sign_in_not_begun"


@pytest.mark.parametrize("stage", [Stage.TAKEN, Stage.SPENT])
def test_a_sign_in_is_good_once(stage: Stage) -> None:
    assert refused(checked, begun(stage=stage)) == "provider_sign_in_used"


def test_one_that_is_proven_goes_on_with_the_same_code_alone() -> None:
    proven = begun(stage=Stage.PROVEN, code_mark=BINDING.mark_of("c"), identity_print="p")
    assert checked(proven) == proven
    assert refused(checked, proven, code="another") == "provider_sign_in_used"
    assert refused(checked, begun(stage=Stage.PROVEN)) == "provider_sign_in_used"


def document(**changes: Any) -> Answer:
    said = {
        "issuer": ISSUER,
        "authorization_endpoint": "https://id.example.cn/authorize?realm=district",
        "token_endpoint": "https://id.example.cn/token",
        "jwks_uri": "https://keys.example.cn/district",
    }
    return said | changes


def test_somebody_is_sent_to_the_provider_with_all_that_ties_the_answer_to_them() -> None:
    metadata = rules.metadata(document(), DISTRICT)
    url = rules.authorization_url(DISTRICT, metadata, PAGE, BINDING)
    assert url.startswith("https://id.example.cn/authorize?realm=district&")
    assert parse_qs(urlsplit(url).query) == {
        "realm": ["district"],
        "response_type": ["code"],
        "client_id": ["sandan"],
        "redirect_uri": [PAGE],
        "scope": ["openid"],
        "state": ["the state"],
        "nonce": [BINDING.nonce],
        "code_challenge": [BINDING.challenge],
        "code_challenge_method": ["S256"],
    }
    assert "secret" not in url
    assert BINDING.verifier not in url


def test_the_secret_goes_where_the_provider_wants_it_and_nowhere_without_one() -> None:
    form = rules.exchange(DISTRICT, "c", PAGE, BINDING)
    assert form == {
        "grant_type": "authorization_code",
        "code": "c",
        "redirect_uri": PAGE,
        "code_verifier": BINDING.verifier,
    }
    known = {"client_id": "sandan"}
    assert rules.exchange(replace(DISTRICT, authentication=NONE), "c", PAGE, BINDING) == form | known
    posted = rules.exchange(replace(DISTRICT, authentication=POST), "c", PAGE, BINDING)
    assert posted == form | known | {"client_secret": "s3"}
    assert "s3" not in repr(DISTRICT)


def test_people_come_back_to_pages_that_are_registered_alone() -> None:
    assert (DISTRICT.redirect_uri(None), DISTRICT.redirect_uri("cn.example.app:/in")) == (PAGE, "cn.example.app:/in")
    for other in (
        "https://sandan.example.cn/signed-in/",
        "https://sandan.example.cn/signed-in?x",
        "https://evil.example",
    ):
        assert refused(DISTRICT.redirect_uri, other) == "unknown_redirect_uri"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"issuer": "https://id.example.cn/realms/other"}, "other_issuer"),
        ({"issuer": ISSUER + "/"}, "other_issuer"),
        ({"issuer": None}, "other_issuer"),
        ({"token_endpoint": "http://id.example.cn/token"}, "not_https"),
        ({"token_endpoint": "http://127.0.0.1/token"}, "not_https"),
        ({"jwks_uri": "file:///etc/passwd"}, "address"),
        ({"jwks_uri": "https://user:password@id.example.cn/keys"}, "address"),
        ({"jwks_uri": "https://id.example.cn/keys#x"}, "address"),
        ({"jwks_uri": "https:///keys"}, "address"),
        ({"jwks_uri": "https://id.example.cn:99999/keys"}, "address"),
        ({"jwks_uri": "https://id.example.cn/k\r\nHost: x"}, "address"),
        ({"jwks_uri": ["https://id.example.cn/keys"]}, "address"),
        ({"jwks_uri": None}, "address"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "address"),
        ({"id_token_signing_alg_values_supported": ["HS256", "none"]}, "algorithms"),
    ],
)
def test_what_a_provider_says_of_itself_is_looked_at_before_it_is_used(changes: Answer, why: str) -> None:
    assert unfit(rules.metadata, document(**changes), DISTRICT) == why


def test_of_the_algorithms_that_are_allowed_those_count_with_which_the_provider_signs() -> None:
    assert rules.metadata(document(), DISTRICT).algorithms == ("RS256", "ES256")
    said = document(id_token_signing_alg_values_supported=["HS256", "ES256", "PS256"])
    assert rules.metadata(said, DISTRICT).algorithms == ("ES256",)
    assert [each for each in rules.ALGORITHMS if each.startswith("HS") or each == "none"] == []


def test_a_provider_of_development_needs_no_tls_and_only_on_this_machine() -> None:
    local = replace(DISTRICT, issuer="http://127.0.0.1:8090")
    said = dict.fromkeys(("authorization_endpoint", "token_endpoint", "jwks_uri"), "http://127.0.0.1:8090/x")
    assert rules.metadata({"issuer": local.issuer, **said}, local).token == "http://127.0.0.1:8090/x"
    elsewhere = said | {"token_endpoint": "http://10.0.0.1/x"}
    assert unfit(rules.metadata, {"issuer": local.issuer, **elsewhere}, local) == "not_https"


@pytest.mark.parametrize(
    ("promised", "said", "good"),
    [
        (True, ISSUER, True),
        (True, None, False),
        (True, "https://other.example", False),
        (False, None, True),
        (False, ISSUER, True),
        (False, "https://other.example", False),
    ],
)
def test_an_answer_of_another_provider_is_none(promised: bool, said: str | None, good: bool) -> None:
    """RFC 9207 §2.4: providers are not mixed up."""
    metadata = Metadata("a", "t", "k", ALGORITHMS, names_itself=promised)
    if good:
        rules.check_sender(DISTRICT, metadata, said)
    else:
        assert refused(rules.check_sender, DISTRICT, metadata, said) == "identity_provider_mixed_up"


def claims(**changes: Any) -> Answer:
    at = int(NOW.timestamp())
    said = {"iss": ISSUER, "aud": "sandan", "sub": "s-1", "nonce": "n-1", "iat": at, "exp": at + 300} | changes
    return {name: each for name, each in said.items() if each is not None}


def after(span: timedelta) -> int:
    return int((NOW + span).timestamp())


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aud": ["sandan"]},
        {"aud": ["sandan", "other"], "azp": "sandan"},
        {"azp": "sandan"},
        {"exp": after(-LEEWAY) + 1},
        {"iat": after(LEEWAY)},
        {"nbf": after(LEEWAY)},
        {"exp": NOW.timestamp() + 0.5},
    ],
    ids=str,
)
def test_a_token_that_is_in_order_says_who_it_is(changes: Answer) -> None:
    assert id_token.subject(claims(**changes), EXPECTED, NOW) == "s-1"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://id.example.cn/realms/other"}, "id_token_issuer"),
        ({"iss": ISSUER + "/"}, "id_token_issuer"),
        ({"iss": None}, "id_token_issuer"),
        ({"iss": [ISSUER]}, "id_token_issuer"),
        ({"aud": "other"}, "id_token_audience"),
        ({"aud": ["other"]}, "id_token_audience"),
        ({"aud": []}, "id_token_audience"),
        ({"aud": None}, "id_token_audience"),
        ({"aud": "sandan2"}, "id_token_audience"),
        ({"aud": ["sandan", "other"]}, "id_token_audience"),
        ({"aud": ["sandan", "other"], "azp": "other"}, "id_token_audience"),
        ({"azp": "other"}, "id_token_audience"),
        ({"exp": after(-LEEWAY)}, "id_token_expired"),
        ({"exp": None}, "id_token_expired"),
        ({"exp": str(after(LEEWAY))}, "id_token_expired"),
        ({"exp": True}, "id_token_expired"),
        ({"exp": float("nan")}, "id_token_expired"),
        ({"exp": float("inf")}, "id_token_expired"),
        ({"exp": 10**400}, "id_token_expired"),
        ({"iat": after(LEEWAY) + 1}, "id_token_too_early"),
        ({"iat": None}, "id_token_too_early"),
        ({"nbf": after(LEEWAY) + 1}, "id_token_too_early"),
        ({"nbf": "soon"}, "id_token_too_early"),
        ({"nonce": "n-2"}, "id_token_nonce"),
        ({"nonce": None}, "id_token_nonce"),
        ({"nonce": ["n-1"]}, "id_token_nonce"),
        ({"nonce": "\ud800"}, "id_token_nonce"),
        ({"sub": None}, "id_token_subject"),
        ({"sub": ""}, "id_token_subject"),
        ({"sub": 7}, "id_token_subject"),
        ({"sub": "s" * 256}, "id_token_subject"),
        ({"sub": "\ud800"}, "id_token_subject"),
    ],
    ids=lambda each: each if isinstance(each, str) else ascii(each)[:40],
)
def test_what_is_not_in_order_has_a_code_of_its_own(changes: Answer, code: str) -> None:
    """OpenID Connect Core §3.1.3.7."""
    assert refused(id_token.subject, claims(**changes), EXPECTED, NOW) == code


def signed(header: Answer, key: Any = KEY, algorithms: tuple[str, ...] = ALGORITHMS) -> str:
    return jwt.encode(header, claims(), key, registry=JWSRegistry(algorithms=algorithms, strict_check_header=False))


def known(*keys: Any) -> tuple[Any, ...]:
    return id_token.keys({"keys": [each.as_dict(private=False) for each in keys]})


def test_a_signature_of_a_key_of_the_set_is_good() -> None:
    assert id_token.verified(signed({"alg": "RS256", "kid": "k-1"}), known(KEY), ALGORITHMS)["sub"] == "s-1"
    assert id_token.verified(signed({"alg": "RS256"}), known(KEY), ALGORITHMS)["sub"] == "s-1"
    assert id_token.verified(signed({"alg": "RS256", "kid": "k-1", "x": "y"}), known(KEY), ALGORITHMS)


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("ES256", ECKey.generate_key("P-256", {"kid": "k-2"})),
        ("Ed25519", OKPKey.generate_key("Ed25519", {"kid": "k-2"})),
        ("PS256", RSAKey.generate_key(2048, {"kid": "k-2"})),
    ],
    ids=["ES256", "Ed25519", "PS256"],
)
def test_other_kinds_of_keys_are_good_where_they_are_allowed(algorithm: str, key: Any) -> None:
    token = signed({"alg": algorithm, "kid": "k-2"}, key, (algorithm,))
    assert id_token.verified(token, known(KEY, key), (algorithm, "RS256"))["sub"] == "s-1"
    assert refused(id_token.verified, token, known(KEY, key), ALGORITHMS) == "id_token_algorithm"


@pytest.mark.parametrize("header", [{"kid": "k-9"}, {"kid": ""}, {}], ids=["other", "empty", "none"])
def test_which_key_is_meant_has_to_be_clear(header: Answer) -> None:
    other = RSAKey.generate_key(2048, {"kid": "k-2"})
    token = signed({"alg": "RS256", **header})
    assert refused(id_token.verified, token, known(KEY, other), ALGORITHMS) == "id_token_key"


def test_a_key_is_good_for_the_algorithm_that_it_names_alone() -> None:
    named = {**KEY.as_dict(private=False), "alg": "RS512"}
    token = signed({"alg": "RS256", "kid": "k-1"})
    assert refused(id_token.verified, token, id_token.keys({"keys": [named]}), ALGORITHMS) == "id_token_key"


def test_a_signature_of_another_key_is_none() -> None:
    forged = signed({"alg": "RS256", "kid": "k-1"}, RSAKey.generate_key(2048))
    assert refused(id_token.verified, forged, known(KEY), ALGORITHMS) == "id_token_signature"
    curve = known(ECKey.generate_key("P-256", {"kid": "k-1"}))
    assert refused(id_token.verified, signed({"alg": "RS256", "kid": "k-1"}), curve, ALGORITHMS) == "id_token_signature"


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "..", "e30.e30.", "\ud800.a.b", "x" * 16_001], ids=range(8))
def test_what_is_no_token_is_told_so(token: str) -> None:
    assert refused(id_token.verified, token, known(KEY), ALGORITHMS) in {"id_token_malformed", "id_token_algorithm"}


@pytest.mark.parametrize("body", ["7", "[]", '"x"'])
def test_a_token_says_an_object(body: str) -> None:
    from joserfc import jws  # noqa: PLC0415 - of this test alone

    token = jws.serialize_compact({"alg": "RS256", "kid": "k-1"}, body, KEY)
    assert refused(id_token.verified, token, known(KEY), ALGORITHMS) == "id_token_malformed"


def test_keys_that_cannot_be_used_are_left_out_of_the_set() -> None:
    public = KEY.as_dict(private=False)
    listed = [
        "no key",
        {"kty": "PQ", "kid": "new"},
        {"kid": "of no kind"},
        OctKey.generate_key(256, {"kid": "shared"}).as_dict(),
        {**public, "use": "enc"},
        {**public, "n": public["n"][:171]},
        {**public, "n": "A" * 4_000},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "RSA", "n": public["n"]},
        public,
    ]
    assert [each.kid for each in id_token.keys({"keys": listed})] == ["k-1"]
    assert len(id_token.keys({"keys": [public] * 500})) == id_token.MOST_KEYS
    for nothing in ({}, {"keys": None}, {"keys": {"a": public}}, {"keys": "abc"}):
        assert id_token.keys(nothing) == ()


LINKED = LinkedIdentity("i-1", "print", ISSUER, "p-1", NOW)


def test_an_identity_belongs_to_one_person() -> None:
    linked_identity.check_free(None, [])
    linked_identity.check_free(None, [LINKED])
    assert refused(linked_identity.check_free, LINKED, [LINKED]) == "identity_linked"
    assert refused(linked_identity.check_free, LINKED, []) == "identity_linked_elsewhere"
    assert refused(linked_identity.check_free, None, [LINKED] * MOST) == "too_many_identities"


def test_the_same_name_with_two_issuers_is_two_identities() -> None:
    texts = {linked_identity.printed(*each) for each in [("https://a", "b"), ("https://b", "b"), ("https://a", "\0b")]}
    assert len(texts) == 3


@pytest.mark.parametrize(
    ("account", "left", "locked"),
    [
        ({"phone_print": "x"}, [], False),
        ({"login": "x", "password_hash": "y"}, [], False),
        ({"login": "x"}, [], True),
        ({}, [], True),
        ({}, [LINKED], False),
        ({}, [replace(LINKED, issuer="https://gone.example")], True),
        ({"phone_print": "x", "active": False}, [], True),
    ],
    ids=["phone", "password", "login without password", "nothing", "another", "of a provider that is gone", "closed"],
)
def test_the_last_way_in_stays(account: Answer, left: list[LinkedIdentity], locked: bool) -> None:
    accounts = [Account("a-1", "p-1", "360704", **account)]
    if locked:
        assert refused(linked_identity.check_other_way, accounts, left, {ISSUER}) == "last_way_in"
    else:
        linked_identity.check_other_way(accounts, left, {ISSUER})


def test_what_is_shown_of_an_identity_says_nothing_of_who_it_is_there() -> None:
    shown = linked_identity.shown(LINKED, {ISSUER: DISTRICT})
    assert (shown["provider"], shown["names"]["en"], shown["linked_at"]) == (
        "district",
        "District",
        "2026-03-12T11:46:00Z",
    )
    gone = linked_identity.shown(LINKED, {})
    assert (gone["provider"], gone["names"], gone["issuer"]) == (None, None, ISSUER)
    assert "print" not in str([shown, gone, linked_identity.copied(LINKED), LINKED])
