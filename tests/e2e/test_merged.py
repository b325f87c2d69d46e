"""Two entries of one person, on the whole suite: the one that is left takes up what the other had in hand."""

from dev.client import Client, sign_in_with_code
from dev.lamp import COMPOUND, NEARBY
from tests.e2e.docket import Docket
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

COMMUNITY = "360704100002"
WORKER = [{"role": "community_worker", "scope": COMMUNITY}]
PHONES = {"old": "12000009901", "left": "12000009902"}


def enrolled(people: dict[str, Client], who: str) -> str:
    body = {"name": f"谢测9{who}", "phone": PHONES[who], "roles": WORKER, "tenant": "360704"}
    answer = people["admin"].post("/v1/people", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["person_id"])


def signed_in(suite: StagedSuite, who: str) -> Client:
    return Client(suite.url, sign_in_with_code(Client(suite.url), suite.console_file, PHONES[who]))


def own(client: Client, path: str) -> list[str]:
    rows = client.get(path).json()["items"]
    return [row["case_id"] for row in rows]


def test_the_one_that_is_left_takes_up_what_the_other_had(suite: StagedSuite, people: dict[str, Client]) -> None:
    ids = {who: enrolled(people, who) for who in PHONES}
    docket = Docket(suite, people | {"old": signed_in(suite, "old")})
    handled = dispatched(docket, ids["old"], "handled")
    docket.act("old", "accept")
    docket.act("dispatcher", "reassign", assignees=["p-worker"], reason_code="other")
    given = dispatched(docket, ids["old"], "given")
    assert eventually(lambda: given in own(docket.people["old"], "/v1/inbox"))

    merged = people["admin"].post(f"/v1/people/{ids['old']}/merge", json={"into": ids["left"]})
    assert merged.status_code == 200, merged.text
    left = docket.people["left"] = signed_in(suite, "left")
    assert left.get("/v1/me").json()["person_id"] == ids["left"]

    assert set(own(left, "/v1/cases?reported_by=me")) == {handled, given}
    assert own(left, "/v1/cases?assignee=me") == [given]
    [notice] = [row for row in left.get("/v1/inbox").json()["items"] if row["case_id"] == given and row["unread"]][:1]
    assert left.post(f"/v1/inbox/{notice['notice_id']}/read").ok
    docket.act("left", "accept")
    docket.act("left", "arrive", location=NEARBY)
    docket.act("left", "feedback", text="已修好", photos=[docket.photo("left")])
    assert docket.refused("left", "inspect-pass") == "handler_inspects"

    docket.case_id = handled
    docket.act("worker", "accept")
    docket.act("worker", "arrive", location=NEARBY)
    docket.act("worker", "feedback", text="已修好", photos=[docket.photo("worker")])
    assert docket.refused("left", "inspect-pass") == "handler_inspects"
    assert docket.act("inspector", "inspect-pass")["status"] == "CLOSED"


def dispatched(docket: Docket, to: str, text: str) -> str:
    docket.report("old", text=text, location=COMPOUND)
    docket.act("dispatcher", "register", category="0303")
    docket.act("dispatcher", "dispatch", assignees=[to])
    return docket.case_id
