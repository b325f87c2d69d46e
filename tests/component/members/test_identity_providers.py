"""Signing in with an identity provider that is real on the wire, on a real database: the way, and what attacks it."""

import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import structlog
from pymongo.database import Database
from pyotp import TOTP

from chassis.errors import Refusal
from members.accounts.account import FROM_ONE_ADDRESS
from members.accounts.store import AccountStore
from members.identity_providers import asking
from members.identity_providers.asking import (
    FRESH_SECONDS,
    KEYS_AGAIN_SECONDS,
    MOST_AT_ONCE,
    AskedProvider,
    KnownProviders,
)
from members.identity_providers.channel import ProviderChannel
from members.identity_providers.linked_identity import MOST
from members.identity_providers.provider import Provider
from members.sealing import Seal
from members.service import MembersService
from tests.certificates import Authority
from tests.component.members.entrants import MoveIn, register, signed_in
from tests.component.members.small_district import ADMIN, refusal
from tests.component.members.staging import Messenger
from tests.component.set_clock import SetClock
from tests.identity_provider import (
    CLIENT,
    CONFIGURATION,
    KEYS,
    PAGE,
    SECRET,
    TOKEN,
    IdentityProvider,
    Reply,
    drip,
    flood,
    providing,
    signed_with_own_key,
    signed_with_public_key,
    silence,
    state_of,
    unsigned,
)

Answer = dict[str, Any]
Stored = Database[Answer]

SECONDS = 1.0
"""How long the service asks a provider."""

XIE = "xie@there"


class House:
    """The service with two providers, and browsers that go there and come back."""

    def __init__(self, service: MembersService, *providers: IdentityProvider) -> None:
        self.service, self.providers, self.elapsed = service, providers, 0.0
        self.use(ProviderChannel())

    def use(self, channel: ProviderChannel) -> None:
        names = {"zh-CN": "区", "en": "District"}
        self.service.known_providers = KnownProviders(
            AskedProvider(
                Provider(f"house-{n}", names, each.issuer, CLIENT, (PAGE,), SECRET),
                channel,
                SECONDS,
                lambda: self.elapsed,
            )
            for n, each in enumerate(self.providers)
        )

    def begin(self, caller: Answer | None = None, n: int = 0) -> Answer:
        if caller:
            return self.service.begin_linking(caller=caller, provider=f"house-{n}")
        return self.service.begin_provider_sign_in(provider=f"house-{n}")

    def back(self, begun: Answer, subject: str = XIE, n: int = 0) -> Answer:
        """What the page sends that the browser comes back to."""
        came = self.providers[n].browse(begun["url"], subject)
        assert came["state"] == begun["state"] == state_of(begun["url"])
        return {"provider": f"house-{n}", **came, "secret": begun["secret"]}

    def enter(self, subject: str = XIE, n: int = 0, **more: Any) -> Answer:
        return self.service.sign_in_with_provider(**self.back(self.begin(n=n), subject, n), **more)

    def link(self, caller: Answer, subject: str = XIE, n: int = 0) -> Answer:
        return self.service.link_identity(caller=caller, **self.back(self.begin(caller, n), subject, n))


@pytest.fixture(autouse=True)
def residents(move_in: MoveIn, accounts: AccountStore, seal: Seal) -> None:
    register(move_in, accounts, seal)


@pytest.fixture
def provider(present: SetClock) -> Iterator[IdentityProvider]:
    with providing(present.now) as provider:
        yield provider


@pytest.fixture
def other(present: SetClock) -> Iterator[IdentityProvider]:
    with providing(present.now) as provider:
        yield provider


@pytest.fixture
def house(service: MembersService, provider: IdentityProvider, other: IdentityProvider) -> House:
    return House(service, provider, other)


@pytest.fixture
def xie(service: MembersService, messenger: Messenger) -> Answer:
    """The resident, signed in by a code."""
    caller: Answer = signed_in(service, messenger)["caller"]
    return caller


@pytest.fixture
def linked(house: House, xie: Answer) -> Answer:
    """The identity that the resident has linked."""
    return house.link(xie)


def desk(service: MembersService, **given: Any) -> Answer:
    return service.sign_in_with_password(**{"login": "desk", "password": "right", **given})


def kept(database: Stored) -> Answer:
    names = ("linked_identities", "sessions", "accounts")
    return {name: list(database[name].find().sort("_id")) for name in names}


def trail(database: Stored) -> list[tuple[Any, ...]]:
    rows = database["audit"].find({"act": {"$regex": "^linked_identity"}}).sort("seq")
    return [(row["act"], row["who"], row["role"], row["what"]["id"]) for row in rows]


@pytest.mark.usefixtures("linked")
def test_who_has_linked_an_identity_signs_in_with_it_as_in_any_other_way(house: House, database: Stored) -> None:
    answer = house.enter()
    assert (answer["person_id"], answer["account_id"]) == ("p-xie", "a-xie")
    assert answer["caller"]["grants"] == [{"role": "resident", "scope": "360704"}]
    assert house.service.refresh(refresh_token=answer["refresh_token"])["session_id"] == answer["session_id"]
    assert trail(database) == [("linked_identity.added", "p-xie", "resident", "p-xie")]


def test_nobody_is_found_by_an_identity_that_they_have_not_linked(house: House, database: Stored) -> None:
    before = kept(database)
    assert refusal(house.enter).code == "identity_not_linked"
    assert kept(database) == before


@pytest.mark.usefixtures("linked")
def test_an_identity_is_known_by_its_issuer_and_its_name_there_together(house: House) -> None:
    assert refusal(house.enter, n=1).code == "identity_not_linked"
    assert refusal(house.enter, subject="another").code == "identity_not_linked"
    house.providers[0].claims = {"email": "other@example.cn"}
    assert house.enter()["person_id"] == "p-xie"


def test_the_providers_are_told_to_everybody(house: House) -> None:
    listed = house.service.identity_providers()["items"]
    assert listed == [{"provider": f"house-{n}", "names": {"zh-CN": "区", "en": "District"}} for n in (0, 1)]
    assert refusal(house.begin, n=7).code == "unknown_identity_provider"
    elsewhere = {"provider": "house-0", "redirect_uri": "https://evil.example"}
    assert refusal(house.service.begin_provider_sign_in, **elsewhere).details == {"known": [PAGE]}


def test_an_identity_belongs_to_one_person(house: House, xie: Answer, linked: Answer, database: Stored) -> None:
    assert refusal(house.link, caller=xie).code == "identity_linked"
    other = desk(house.service)["caller"]
    assert refusal(house.link, caller=other).code == "identity_linked_elsewhere"
    assert [each["identity_id"] for each in house.service.linked_identities(caller=xie)["items"]] == [
        linked["identity_id"]
    ]
    assert house.service.linked_identities(caller=other)["items"] == []
    assert len(trail(database)) == 1


def test_so_many_are_enough(house: House, xie: Answer) -> None:
    for n in range(MOST):
        house.link(xie, f"xie-{n}")
    assert refusal(house.link, caller=xie).code == "too_many_identities"


@pytest.mark.usefixtures("in_one_thread")
def test_of_two_who_link_an_identity_at_once_one_does(house: House, xie: Answer, database: Stored) -> None:
    callers = [xie, desk(house.service)["caller"]]
    came = [house.back(house.begin(each)) for each in callers]

    def attempt(n: int) -> str:
        try:
            house.service.link_identity(caller=callers[n], **came[n])
        except Refusal as refused:
            return refused.code
        return "linked"

    with ThreadPoolExecutor(2) as both:
        said = sorted(both.map(attempt, range(2)))
    assert said == ["identity_linked_elsewhere", "linked"]
    assert database["linked_identities"].count_documents({}) == 1


def test_what_was_begun_to_link_is_good_for_nobody_else_and_for_nothing_else(house: House, xie: Answer) -> None:
    """Nobody can have somebody else link an identity that is not theirs, nor sign in with what was begun to link."""
    other = desk(house.service)["caller"]
    came = house.back(house.begin(xie))
    assert refusal(house.service.link_identity, caller=other, **came).code == "provider_sign_in_not_begun"
    assert refusal(house.service.sign_in_with_provider, **came).code == "provider_sign_in_not_begun"
    signing_in = house.back(house.begin())
    assert refusal(house.service.link_identity, caller=xie, **signing_in).code == "provider_sign_in_not_begun"
    assert house.service.link_identity(caller=xie, **came)["provider"] == "house-0"


@pytest.mark.usefixtures("linked")
def test_code_and_state_are_good_once(house: House, database: Stored) -> None:
    came = house.back(house.begin())
    assert house.service.sign_in_with_provider(**came)
    before = kept(database)
    assert refusal(house.service.sign_in_with_provider, **came).code == "provider_sign_in_used"
    assert refusal(house.service.sign_in_with_provider, **came | {"code": "another"}).code == "provider_sign_in_used"
    fresh = house.begin()
    stolen = came | {"state": fresh["state"], "secret": fresh["secret"]}
    assert refusal(house.service.sign_in_with_provider, **stolen).code == "provider_code_refused"
    assert kept(database) == before


@pytest.mark.usefixtures("linked")
def test_a_code_that_was_given_for_one_sign_in_is_no_good_in_another(house: House) -> None:
    """RFC 7636: whoever catches a code has no verifier for it, and spends it for nobody but themselves."""
    caught, mine = house.back(house.begin()), house.begin()
    stolen = caught | {"state": mine["state"], "secret": mine["secret"]}
    assert refusal(house.service.sign_in_with_provider, **stolen).code == "provider_code_refused"


@pytest.mark.usefixtures("linked")
def test_only_the_browser_that_began_goes_on(house: House) -> None:
    came = house.back(house.begin())
    for wrong in ({"secret": "guessed"}, {"state": "guessed"}, {"provider": "house-1"}):
        assert refusal(house.service.sign_in_with_provider, **came | wrong).code == "provider_sign_in_not_begun"
    assert house.service.sign_in_with_provider(**came), "nobody else can void it"


@pytest.mark.usefixtures("linked")
def test_it_is_good_for_ten_minutes(house: House, present: SetClock, database: Stored) -> None:
    late, came = house.back(house.begin()), house.back(house.begin())
    present.wait(minutes=9, seconds=59)
    assert house.service.sign_in_with_provider(**came)
    present.wait(seconds=1)
    assert refusal(house.service.sign_in_with_provider, **late).code == "provider_sign_in_over"
    [index] = [each for each in database["provider_sign_ins"].list_indexes() if "expireAfterSeconds" in each]
    assert index["key"] == {"forget_at": 1}


@pytest.mark.usefixtures("in_one_thread", "linked")
def test_of_many_who_come_with_one_code_at_once_one_gets_in(house: House) -> None:
    came = house.back(house.begin())

    def attempt(n: int) -> str:
        try:
            house.service.sign_in_with_provider(**came, client=f"198.51.100.{n}")
        except Refusal as refused:
            return refused.code
        return "in"

    with ThreadPoolExecutor(5) as crowd:
        said = sorted(crowd.map(attempt, range(5)))
    assert said == ["in", *["provider_sign_in_used"] * 4]
    assert house.providers[0].asked[TOKEN] == 2, "once to link, and once for all of these"


@pytest.fixture
def app(house: House, present: SetClock) -> Callable[[], str]:
    """The desk has a second factor and a linked identity: what the app shows next."""
    session = desk(house.service)
    asking = {"caller": session["caller"], "session_id": session["session_id"], "password": "right"}
    given = house.service.begin_second_factor(**asking)
    code = TOTP(given["secret"]).at(present.now())
    house.service.confirm_second_factor(caller=session["caller"], session_id=session["session_id"], code=code)
    house.link(session["caller"], "the desk")

    def shown() -> str:
        present.wait(seconds=30)
        return TOTP(given["secret"]).at(present.now())

    return shown


def test_a_second_factor_is_asked_for_and_the_sign_in_stays_good_for_it(house: House, app: Callable[[], str]) -> None:
    came = house.back(house.begin(), "the desk")
    asked = house.providers[0].asked
    assert refusal(house.service.sign_in_with_provider, **came).code == "second_factor_needed"
    told = asked[TOKEN]
    assert refusal(house.service.sign_in_with_provider, **came, otp="000000").code == "bad_second_factor"
    assert refusal(house.service.sign_in_with_provider, **came | {"code": "x"}).code == "provider_sign_in_used"
    assert refusal(house.service.sign_in_with_provider, **came | {"secret": "x"}).code == "provider_sign_in_not_begun"
    assert house.service.sign_in_with_provider(**came, otp=app())["person_id"] == "p-desk"
    assert asked[TOKEN] == told, "the code was exchanged once"
    assert refusal(house.service.sign_in_with_provider, **came, otp=app()).code == "provider_sign_in_used"


def test_wrong_codes_of_the_second_factor_count_whichever_sign_in_they_are_tried_in(
    house: House, app: Callable[[], str]
) -> None:
    for _ in range(FROM_ONE_ADDRESS + 1):
        assert refusal(house.enter, subject="the desk").code == "second_factor_needed"
    for _ in range(FROM_ONE_ADDRESS):
        assert refusal(house.enter, subject="the desk", otp="000000").code == "bad_second_factor"
    assert refusal(house.enter, subject="the desk", otp=app()).code == "too_many_sign_ins"


def test_no_login_shares_what_counts_with_an_identity(house: House, linked: Answer) -> None:
    for _ in range(FROM_ONE_ADDRESS):
        refusal(desk, service=house.service, login=f"identity:{linked['identity_id']}", client="203.0.113.9")
    assert house.enter(client="203.0.113.9")["person_id"] == "p-xie"


Attack = Callable[[IdentityProvider], None]


def signs(make: Callable[[IdentityProvider], Callable[[Any], str]]) -> Attack:
    def attack(provider: IdentityProvider) -> None:
        provider.sign = make(provider)

    return attack


def says(**claims: Any) -> Attack:
    return lambda provider: provider.claims.update(claims)


ATTACKS: dict[str, tuple[Attack, str]] = {
    "alg none": (signs(lambda _: unsigned), "id_token_algorithm"),
    "HS256 with the public key": (signs(signed_with_public_key), "id_token_algorithm"),
    "another key": (signs(signed_with_own_key), "id_token_signature"),
    "a key in the header": (signs(lambda provider: signed_with_own_key(provider, shown=True)), "id_token_signature"),
    "no token": (signs(lambda _: lambda _: "not a token"), "id_token_malformed"),
    "another audience": (says(aud="another"), "id_token_audience"),
    "another presenter": (says(azp="another"), "id_token_audience"),
    "another issuer": (says(iss="https://id.example.cn"), "id_token_issuer"),
    "expired": (says(exp=1_700_000_000), "id_token_expired"),
    "issued in years": (says(iat=2_300_000_000), "id_token_too_early"),
    "another nonce": (says(nonce="of another sign-in"), "id_token_nonce"),
    "no nonce": (says(nonce=None), "id_token_nonce"),
    "nobody": (says(sub=None), "id_token_subject"),
    "signed as it never said": (
        lambda provider: provider.metadata.update(id_token_signing_alg_values_supported=["RS256"]),
        "id_token_algorithm",
    ),
}


@pytest.mark.parametrize(("attack", "code"), ATTACKS.values(), ids=ATTACKS)
@pytest.mark.usefixtures("linked")
def test_a_token_that_is_not_in_order_lets_nobody_in(house: House, database: Stored, attack: Attack, code: str) -> None:
    attack(house.providers[0])
    house.elapsed += FRESH_SECONDS
    came, before = house.back(house.begin()), kept(database)
    with structlog.testing.capture_logs() as lines:
        assert refusal(house.service.sign_in_with_provider, **came).code == code
    assert kept(database) == before
    assert [(line["event"], line["code"]) for line in lines] == [("sign-in with a provider refused", code)]
    assert [each for each in house.providers[0].given if each in str(lines)] == []
    assert refusal(house.service.sign_in_with_provider, **came).code == "provider_sign_in_used"


@pytest.mark.usefixtures("linked")
def test_an_answer_of_another_provider_is_refused_before_its_code_goes_anywhere(house: House) -> None:
    """The mix-up attack (RFC 9207 §1): a code of one provider is never shown to another."""
    came = house.back(house.begin())
    asked = sum(house.providers[0].asked.values())
    for iss in (house.providers[1].issuer, None):
        wrong = {**came, "iss": iss} if iss else {name: each for name, each in came.items() if name != "iss"}
        begun = house.begin()
        wrong |= {"state": begun["state"], "secret": begun["secret"]}
        assert refusal(house.service.sign_in_with_provider, **wrong).code == "identity_provider_mixed_up"
    assert sum(house.providers[0].asked.values()) == asked
    assert house.providers[1].asked[TOKEN] == 0
    assert house.service.sign_in_with_provider(**came)


@pytest.mark.parametrize("kind", ["RSA", "EC"])
@pytest.mark.usefixtures("linked")
def test_a_provider_may_change_its_key_and_is_asked_for_it_once_a_minute(house: House, kind: str) -> None:
    provider = house.providers[0]
    assert house.enter()
    assert provider.asked[KEYS] == 1, "keys are remembered"
    house.elapsed += KEYS_AGAIN_SECONDS
    provider.rotate(kind)
    assert house.enter()
    assert provider.asked[KEYS] == 2
    provider.rotate()
    assert refusal(house.enter).code == "id_token_key"
    assert provider.asked[KEYS] == 2, "not twice a minute, whatever tokens name"
    house.elapsed += KEYS_AGAIN_SECONDS
    assert house.enter()
    assert (provider.asked[KEYS], provider.asked[CONFIGURATION]) == (3, 1)


@pytest.mark.parametrize("keys", [b'{"keys": []}', b'{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}', b"{}"])
@pytest.mark.usefixtures("linked")
def test_a_provider_that_shows_no_keys_for_a_while_goes_on_by_those_that_are_known(house: House, keys: bytes) -> None:
    provider = house.providers[0]
    assert house.enter()
    house.elapsed += KEYS_AGAIN_SECONDS
    provider.replies[KEYS] = Reply(200, {"Content-Type": "application/json"}, keys)
    known = provider.keys
    provider.rotate()
    assert refusal(house.enter).code == "id_token_key"
    assert provider.asked[KEYS] == 2
    provider.keys = known
    assert house.enter(), "at once"
    provider.rotate()
    assert refusal(house.enter).code == "id_token_key"
    assert provider.asked[KEYS] == 2, "not twice a minute, whatever it shows"
    house.elapsed += KEYS_AGAIN_SECONDS
    del provider.replies[KEYS]
    assert house.enter()


@pytest.mark.usefixtures("in_one_thread", "linked")
@pytest.mark.parametrize("step", ["begin", "come back"])
def test_few_wait_at_once_for_a_provider_that_is_silent_and_all_others_are_told_at_once(
    house: House, step: str
) -> None:
    """Whoever waits holds a worker of the service, which is then there for nobody else."""
    provider, more = house.providers[0], 5
    came = [house.back(house.begin()) for _ in range(MOST_AT_ONCE + more)]
    provider.replies[CONFIGURATION if step == "begin" else TOKEN] = Reply(speak=silence)
    house.elapsed += FRESH_SECONDS if step == "begin" else 0

    def attempt(n: int) -> float:
        began = time.monotonic()
        call = house.begin if step == "begin" else lambda: house.service.sign_in_with_provider(**came[n])
        assert refusal(call).dump() == {
            "code": "identity_provider_away",
            "details": {"provider": "house-0", "retry_after": 5},
        }
        return time.monotonic() - began

    with ThreadPoolExecutor(MOST_AT_ONCE + more) as crowd:
        took = sorted(crowd.map(attempt, range(MOST_AT_ONCE + more)))
    assert took[more - 1] < SECONDS / 2 < SECONDS * 0.9 < took[more]
    provider.replies.clear()
    assert [house.service.sign_in_with_provider(**each)["person_id"] for each in came] == ["p-xie"] * len(came)


@pytest.mark.usefixtures("linked")
def test_who_begins_waits_for_nobody_while_nothing_need_be_asked(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    came = house.back(house.begin())
    monkeypatch.setattr(asking, "MOST_AT_ONCE", 0)
    assert house.begin()["url"]
    assert refusal(house.service.sign_in_with_provider, **came).code == "identity_provider_away"


@pytest.mark.usefixtures("linked")
def test_what_a_provider_says_is_asked_for_again_after_an_hour(house: House) -> None:
    provider = house.providers[0]
    house.elapsed += FRESH_SECONDS
    assert house.enter()
    assert (provider.asked[KEYS], provider.asked[CONFIGURATION]) == (2, 2)


@pytest.mark.parametrize("path", [CONFIGURATION, TOKEN, KEYS])
@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(503), "identity_provider_away"),
        (Reply(429, {"Retry-After": "3600"}), "identity_provider_away"),
        (Reply(speak=silence), "identity_provider_away"),
        (Reply(speak=drip), "identity_provider_away"),
        (Reply(speak=flood), "identity_provider_unfit"),
        (Reply(302, {"Location": "http://169.254.169.254/latest/meta-data"}), "identity_provider_unfit"),
        (Reply(404, body=b"{}"), "identity_provider_unfit"),
        (Reply(200, body=b"<html>"), "identity_provider_unfit"),
        (Reply(200, body=b"[" * 100_000), "identity_provider_unfit"),
        (Reply(200, body=b"[]"), "identity_provider_unfit"),
    ],
    ids=["503", "429", "silence", "drip", "flood", "redirect", "404", "html", "deep", "list"],
)
@pytest.mark.usefixtures("linked")
def test_a_provider_that_does_not_answer_holds_nobody_up_and_the_sign_in_stays_good(
    house: House, database: Stored, path: str, reply: Reply, code: str
) -> None:
    provider, came = house.providers[0], house.back(house.begin())
    house.elapsed += FRESH_SECONDS
    provider.replies[path] = reply
    before, began = kept(database), time.monotonic()
    refused = refusal(house.service.sign_in_with_provider, **came)
    assert time.monotonic() - began < 5 * SECONDS
    assert refused.code == code
    assert refused.details == {"provider": "house-0"} | ({"retry_after": 5} if code.endswith("away") else {})
    assert kept(database) == before
    provider.replies.clear()
    if path == KEYS:  # the provider has taken the code, so it is for it to refuse it now
        assert refusal(house.service.sign_in_with_provider, **came).code == "provider_code_refused"
    else:
        assert house.service.sign_in_with_provider(**came)["person_id"] == "p-xie"


def test_a_provider_that_is_not_there_is_away(house: House) -> None:
    house.providers[0].stop()
    with structlog.testing.capture_logs() as lines:
        assert refusal(house.begin).code == "identity_provider_away"
    assert [line["error"] for line in lines] == ["ConnectionRefusedError"]
    assert house.begin(n=1), "another one is not"


@pytest.mark.parametrize(
    ("host", "expired", "trusted"),
    [
        ("id.example", False, True),
        ("other.example", False, True),
        ("id.example", True, True),
        ("id.example", False, False),
    ],
    ids=["right", "for another host", "expired", "nobody vouches"],
)
def test_the_certificate_has_to_be_valid_for_the_name_of_the_provider(
    service: MembersService, tmp_path: Path, host: str, expired: bool, trusted: bool
) -> None:
    authority, tls = Authority(tmp_path), ssl.create_default_context()
    if trusted:
        tls.load_verify_locations(cadata=authority.pem.decode())
    with providing(tls=authority.server(host, expired=expired), host="id.example") as provider:
        house = House(service, provider)
        house.use(ProviderChannel(lambda *_: ["127.0.0.1"], tls))
        if host == "id.example" and trusted and not expired:
            assert house.begin()["url"].startswith(f"{provider.issuer}/authorize?")
        else:
            assert refusal(house.begin).code == "identity_provider_away"


def test_a_name_that_nobody_knows_is_a_provider_that_is_away(service: MembersService) -> None:
    def unknown(host: str, port: int, seconds: float) -> list[str]:
        raise OSError

    with providing(host="id.example") as provider:
        provider.issuer = "https://id.example"
        house = House(service, provider)
        house.use(ProviderChannel(unknown))
        assert refusal(house.begin).code == "identity_provider_away"


def test_a_provider_that_knows_us_no_more_is_told_as_unfit(house: House) -> None:
    house.providers[0].replies[TOKEN] = Reply(401, body=b'{"error": "invalid_client"}')
    with structlog.testing.capture_logs() as lines:
        assert refusal(house.enter).code == "identity_provider_unfit"
    assert lines[0]["why"] == "code_status_401"


@pytest.mark.parametrize(
    "said",
    [{"issuer": "https://id.example.cn"}, {"token_endpoint": "https://x.example#y"}, {"jwks_uri": None}],
    ids=str,
)
def test_a_provider_that_says_to_be_another_is_not_used(house: House, said: Answer) -> None:
    house.providers[0].metadata = said
    assert refusal(house.begin).code == "identity_provider_unfit"


def test_an_identity_is_unlinked_and_may_then_be_anothers(
    house: House, xie: Answer, linked: Answer, database: Stored
) -> None:
    asked = {"caller": xie, "identity_id": linked["identity_id"], "session_id": "s"}
    other = desk(house.service)["caller"]
    assert refusal(house.service.unlink_identity, **asked | {"caller": other}).code == "identity_not_found"
    assert house.service.unlink_identity(**asked) == {"identity_id": linked["identity_id"]}
    assert refusal(house.service.unlink_identity, **asked).code == "identity_not_found"
    assert refusal(house.enter).code == "identity_not_linked"
    assert house.link(other)["identity_id"] != linked["identity_id"]
    assert [row[0] for row in trail(database)] == [
        "linked_identity.added",
        "linked_identity.removed",
        "linked_identity.added",
    ]


def test_sessions_end_with_the_identity_that_may_have_opened_them(
    house: House, linked: Answer, messenger: Messenger, present: SetClock
) -> None:
    present.wait(minutes=2)
    lost, mine, other = house.enter(), signed_in(house.service, messenger), desk(house.service)
    house.service.unlink_identity(
        caller=mine["caller"], identity_id=linked["identity_id"], session_id=mine["session_id"]
    )
    assert refusal(house.service.refresh, refresh_token=lost["refresh_token"]).code == "session_ended"
    assert house.service.refresh(refresh_token=mine["refresh_token"])
    assert house.service.refresh(refresh_token=other["refresh_token"])


def without_phone(database: Stored) -> None:
    database["accounts"].update_one({"_id": "a-xie"}, {"$set": {"phone_print": None}})


def test_the_last_way_in_is_not_taken_away(house: House, xie: Answer, linked: Answer, database: Stored) -> None:
    without_phone(database)
    asked = {"caller": xie, "identity_id": linked["identity_id"], "session_id": "s"}
    assert refusal(house.service.unlink_identity, **asked).code == "last_way_in"
    assert house.enter()["person_id"] == "p-xie"
    assert len(trail(database)) == 1
    house.link(xie, n=1)
    assert house.service.unlink_identity(**asked)
    assert house.enter(n=1)["person_id"] == "p-xie"


def test_by_a_provider_that_is_gone_nobody_gets_in_and_what_was_linked_there_can_go(
    house: House, xie: Answer, linked: Answer, database: Stored
) -> None:
    without_phone(database)
    second = house.link(xie, n=1)
    house.service.known_providers = KnownProviders([house.service.known_providers.named("house-0")])
    shown = house.service.linked_identities(caller=xie)["items"]
    assert [each["provider"] for each in shown] == ["house-0", None]
    first = {"caller": xie, "identity_id": linked["identity_id"], "session_id": "s"}
    assert refusal(house.service.unlink_identity, **first).code == "last_way_in"
    assert house.service.unlink_identity(caller=xie, identity_id=second["identity_id"], session_id="s")


@pytest.mark.usefixtures("in_one_thread")
def test_of_the_last_two_ways_in_that_are_taken_away_at_once_one_stays(
    house: House, xie: Answer, linked: Answer, database: Stored
) -> None:
    without_phone(database)
    both = [linked["identity_id"], house.link(xie, n=1)["identity_id"]]

    def attempt(id: str) -> str:
        try:
            house.service.unlink_identity(caller=xie, identity_id=id, session_id=id)
        except Refusal as refused:
            return refused.code
        return "gone"

    with ThreadPoolExecutor(2) as pair:
        assert sorted(pair.map(attempt, both)) == ["gone", "last_way_in"]
    assert database["linked_identities"].count_documents({}) == 1


def test_it_stays_with_somebody_whose_entry_was_merged(house: House, linked: Answer, database: Stored) -> None:
    person = database["people"].find_one({"_id": "p-xie"}) or {}
    survivor = {**person, "_id": "p-now", "merged_from": ["p-xie"], "commands": ["other"]}
    database["people"].insert_one(survivor)
    database["people"].update_one({"_id": "p-xie"}, {"$set": {"merged_into": "p-now", "active": False}})
    database["accounts"].update_one({"_id": "a-xie"}, {"$set": {"person_id": "p-now"}})
    answer = house.enter()
    assert (answer["person_id"], answer["caller"]["former"]) == ("p-now", ["p-xie"])
    [shown] = house.service.linked_identities(caller=answer["caller"])["items"]
    assert shown["identity_id"] == linked["identity_id"]
    assert refusal(house.link, caller=answer["caller"]).code == "identity_linked"
    assert house.service.unlink_identity(caller=answer["caller"], identity_id=linked["identity_id"], session_id="s")


@pytest.mark.parametrize("act", ["record_leaving", "delete_person", "release_phone", "reset_login"])
def test_whoever_is_shut_out_is_shut_out_by_every_way(
    house: House, xie: Answer, linked: Answer, database: Stored, act: str
) -> None:
    who, caller = ("p-desk", desk(house.service)["caller"]) if act == "reset_login" else ("p-xie", xie)
    if act == "reset_login":
        linked = house.link(caller, "the desk")
    reason = {"reason": "手机遗失，已当面核实"} if act in {"release_phone", "reset_login"} else {}
    getattr(house.service, act)(caller=ADMIN, command_id="k", person_id=who, **reason)
    assert database["linked_identities"].count_documents({"person_id": who}) == 0
    subject = "the desk" if act == "reset_login" else XIE
    assert refusal(house.enter, subject=subject).code == "identity_not_linked"
    assert linked["provider"] == "house-0"


def test_who_has_left_links_nothing(house: House, xie: Answer, database: Stored) -> None:
    came = house.back(house.begin(xie))
    house.service.record_leaving(caller=ADMIN, command_id="k", person_id="p-xie")
    assert refusal(house.service.link_identity, caller=xie, **came).code == "person_left"
    assert database["linked_identities"].count_documents({}) == 0


def test_who_leaves_while_the_provider_is_asked_links_nothing(house: House, xie: Answer, database: Stored) -> None:
    came = house.back(house.begin(xie))

    def leave_and_sign(claims: Any) -> str:
        house.service.record_leaving(caller=ADMIN, command_id="k", person_id="p-xie")
        return house.providers[0].signed(claims)

    house.providers[0].sign = leave_and_sign
    assert refusal(house.service.link_identity, caller=xie, **came).code == "person_left"
    assert database["linked_identities"].count_documents({}) == 0
    assert trail(database) == []


def test_the_own_copy_says_where_somebody_has_an_identity(house: House, xie: Answer, linked: Answer) -> None:
    [copied] = house.service.own_data(caller=xie)["linked_identities"]
    assert copied == {name: linked[name] for name in ("identity_id", "issuer", "linked_at")}


def test_nothing_of_a_sign_in_or_of_who_somebody_is_elsewhere_is_kept_readable_or_logged(
    house: House, xie: Answer, database: Stored
) -> None:
    with structlog.testing.capture_logs() as lines:
        began = [house.begin(xie), house.begin()]
        house.service.link_identity(caller=xie, **house.back(began[0]))
        house.service.sign_in_with_provider(**house.back(began[1]))
    secrets = [each[name] for each in began for name in ("state", "secret")]
    told = str([list(database[name].find()) for name in database.list_collection_names()]) + str(lines)
    assert len(house.providers[0].given) == 4
    assert [each for each in (*secrets, *house.providers[0].given, XIE, "xie@example.cn", SECRET) if each in told] == []
