"""Somebody signs in with another house's word, from the first time to the last, over HTTP and through every process."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dev.client import Client, sign_in_with_code
from tests.e2e.staged import StagedSuite
from tests.identity_provider import CONFIGURATION, TOKEN, IdentityProvider, Reply, silence, unsigned

PHONE, SUBJECT = "12000990901", "f3c1-xie-at-the-district"

Answer = dict[str, Any]


class Browser:
    """A front end in a browser, whose answers are held to the specification."""

    def __init__(self, suite: StagedSuite, people: dict[str, Client], provider: IdentityProvider) -> None:
        self._suite, self._provider, self._hooks = suite, provider, list(people["admin"].hooks["response"])
        self.secrets: list[str] = []

    def client(self, token: str | None = None) -> Client:
        client = self._suite.client(token)
        client.hooks["response"] = list(self._hooks)
        return client

    def back(self, begun: Answer) -> Answer:
        """What the page has to send, once somebody was with the provider."""
        came = self._provider.browse(begun["url"], SUBJECT)
        assert came["state"] == begun["state"]
        self.secrets += [begun["state"], begun["secret"], came["code"]]
        return {"provider": "district", **came, "secret": begun["secret"]}

    def begin(self) -> Answer:
        answer = self.client().post("/v1/sign-in/provider", json={"provider": "district"})
        assert answer.ok, answer.text
        begun: Answer = answer.json()
        return begun

    def enter(self) -> Any:
        """Signs in: what is answered."""
        return self.client().post("/v1/sessions", json=self.back(self.begin()))

    def link(self, client: Client) -> Any:
        begun = client.post("/v1/me/linked-identities/begin", json={"provider": "district"})
        assert begun.ok, begun.text
        return client.post("/v1/me/linked-identities", json=self.back(begun.json()))


@pytest.fixture(scope="module")
def browser(suite: StagedSuite, people: dict[str, Client], identity_provider: IdentityProvider) -> Browser:
    return Browser(suite, people, identity_provider)


@pytest.fixture(scope="module")
def person_id(people: dict[str, Client]) -> str:
    wire = {"name": "谢测901", "phone": PHONE, "compound_id": "c-dongyuan"}
    made = people["admin"].post("/v1/people", json={**wire, "tenant": "360704"})
    assert made.ok, made.text
    return str(made.json()["person_id"])


def test_from_the_first_sign_in_by_code_to_the_end_of_the_link(
    suite: StagedSuite,
    people: dict[str, Client],
    browser: Browser,
    identity_provider: IdentityProvider,
    person_id: str,
) -> None:
    [listed] = browser.client().get("/v1/identity-providers").json()["items"]
    assert listed == {"provider": "district", "names": {"zh-CN": "赣县区统一身份认证", "en": "District sign-in"}}
    refused = browser.enter()
    assert (refused.status_code, refused.json()["code"]) == (401, "identity_not_linked")
    mine = browser.client(sign_in_with_code(Client(suite.url), suite.console_file, PHONE))
    linked = browser.link(mine)
    assert (linked.status_code, linked.json()["provider"]) == (201, "district")
    came = browser.back(browser.begin())
    entered = browser.client().post("/v1/sessions", json=came)
    assert (entered.status_code, entered.json()["person_id"]) == (201, person_id)
    again = browser.client().post("/v1/sessions", json=came)
    assert (again.status_code, again.json()["code"]) == (401, "provider_sign_in_used")
    here = browser.client(entered.json()["access_token"])
    assert here.get("/v1/me").json()["person_id"] == person_id
    renewed = browser.client().post("/v1/sessions/refresh", json={"refresh_token": entered.json()["refresh_token"]})
    assert renewed.ok, renewed.text
    assert browser.link(people["member"]).json()["code"] == "identity_linked_elsewhere"
    [shown] = here.get("/v1/me/linked-identities").json()["items"]
    assert shown["issuer"] == identity_provider.issuer
    assert [each["issuer"] for each in here.get("/v1/me/data").json()["linked_identities"]] == [shown["issuer"]]
    assert here.delete(f"/v1/me/linked-identities/{shown['identity_id']}").status_code == 204
    assert browser.enter().json()["code"] == "identity_not_linked"
    trail = people["auditor"].get("/v1/audit-trail", params={"service": "members", "what": person_id}).json()["items"]
    acts = [row["act"] for row in trail if row["act"].startswith("linked_identity.")]
    assert acts == ["linked_identity.removed", "linked_identity.added"]
    told = suite.logs() + "".join(kept(suite, service) for service in ("members", "cases", "notify"))
    secrets = [*browser.secrets, *identity_provider.given, SUBJECT, "xie@example.cn"]
    assert [each for each in secrets if each in told] == []


def test_a_forged_token_opens_nothing(browser: Browser, identity_provider: IdentityProvider) -> None:
    identity_provider.sign = unsigned
    refused = browser.enter()
    identity_provider.sign = identity_provider.signed
    assert (refused.status_code, refused.json()["code"]) == (401, "id_token_algorithm")


@pytest.mark.parametrize("reply", [Reply(503), Reply(speak=silence)], ids=["says so", "is silent"])
def test_a_provider_that_is_away_is_told_before_the_time_of_the_request_is_over(
    browser: Browser, identity_provider: IdentityProvider, reply: Reply
) -> None:
    came, began = browser.back(browser.begin()), time.monotonic()
    identity_provider.replies[TOKEN] = reply
    away = browser.client().post("/v1/sessions", json=came)
    identity_provider.replies.clear()
    assert (away.status_code, away.json()["code"]) == (503, "identity_provider_away")
    assert int(away.headers["Retry-After"]) > 0
    assert time.monotonic() - began < 20
    again = browser.client().post("/v1/sessions", json=came)
    assert again.json()["code"] == "identity_not_linked"
    assert identity_provider.asked[CONFIGURATION] <= 2


def test_while_a_provider_is_silent_everybody_else_is_served(
    browser: Browser, identity_provider: IdentityProvider, people: dict[str, Client]
) -> None:
    """Nothing of it is done where it would hold up the loop of members."""
    waiting = [browser.back(browser.begin()) for _ in range(8)]
    identity_provider.replies[TOKEN] = Reply(speak=silence)
    with ThreadPoolExecutor(8) as crowd:
        asked = [crowd.submit(browser.client().post, "/v1/sessions", json=came) for came in waiting]
        while identity_provider.asked[TOKEN] < len(waiting) and not all(each.done() for each in asked):
            time.sleep(0.02)
        served = people["member"].get("/v1/me")
        is_waiting = [not each.done() for each in asked]
        codes = {each.result().json()["code"] for each in asked}
    identity_provider.replies.clear()
    assert (served.status_code, any(is_waiting), codes) == (200, True, {"identity_provider_away"})


def kept(suite: StagedSuite, service: str) -> str:
    """Everything that a service keeps, as text."""
    database = suite.database(service)
    return str([list(database[name].find()) for name in database.list_collection_names()])
