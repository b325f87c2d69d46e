"""Deadlines that act, with two instances of cases: reminders, restarts, more time, and who leaves the service."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from dev.client import Client, SignInFailed, sign_in_with_password
from tests.e2e.cast import cast
from tests.e2e.conftest import SuiteMaker
from tests.e2e.docket import Docket
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(300)

PEOPLE = ("resident", "dispatcher", "worker", "second_worker", "inspector", "member", "party_office", "admin")
INSTANCES = ("cases.1", "cases.2")
LEAVER = "worker-003"
"""A community worker posted to the grid of 东源胜景小区, of whom nobody else needs anything."""


@pytest.fixture(scope="module")
def docket(new_suite: SuiteMaker) -> Docket:
    """A suite of its own: its clock goes on from test to test, and somebody leaves it."""
    suite = new_suite(instances={"cases": 2})
    people = cast(suite, PEOPLE)
    people["leaver"] = Client(suite.url, sign_in_with_password(Client(suite.url), LEAVER, secret(suite.secrets)))
    return Docket(suite, people)


def secret(secrets: object) -> str:
    return str(secrets["DEMO_PASSWORD"])  # type: ignore[index]  # names of settings and their values


def part(case: dict[str, str], percent: int) -> str:
    """The instant at which so much of the time to resolve is over."""
    start, end = (datetime.fromisoformat(case[name]) for name in ("reported_at", "resolve_due"))
    return (start + (end - start) * percent / 100 + timedelta(seconds=1)).isoformat()


def in_work(docket: Docket, *team: str, category: str = "0303") -> dict[str, str]:
    """A case that these have accepted and the first has started."""
    ids = [docket.people[who].get("/v1/me").json()["person_id"] for who in team]
    docket.report("resident")
    docket.act("dispatcher", "register", category=category)
    docket.act("dispatcher", "dispatch", assignees=ids, lead=ids[0])
    for who in team:
        docket.act(who, "accept")
    docket.act(team[0], "start", contact="phone")
    return docket.case()


def restarted(docket: Docket, **settings: str) -> None:
    """Both instances anew, also where they have died, with these settings until they are started again."""
    for name in INSTANCES:
        docket.suite.down(name)
    for name in INSTANCES:
        docket.suite.restart(name, **settings)


@pytest.mark.parametrize(("day", "point"), [("04-07", "before-write"), ("04-13", "after-write")])
def test_a_reminder_whose_process_dies_between_the_ringing_and_its_note_comes_once(
    docket: Docket, day: str, point: str
) -> None:
    """F39: before it is noted, or after that and before anybody hears of it; the timer is there after the restart."""
    docket.at(f"2026-{day}T09:00:00+08:00")
    case = in_work(docket, "worker")
    docket.at(part(case, 49))
    restarted(docket, CRASH_AT=point)
    docket.set(part(case, 50))
    assert eventually(lambda: not all(docket.suite.processes[name].alive() for name in INSTANCES), 30)
    restarted(docket)
    assert eventually(lambda: "half_time" in {notice["template"] for notice in docket.inbox("worker")}, 30)
    docket.at(part(case, 50))
    assert docket.reminded().count("resolve.50") == 1
    docket.at(part(case, 80))
    assert eventually(lambda: docket.told("nearly_due"), 30)
    assert docket.reminded().count("resolve.80") == 1
    assert docket.told("half_time") == ["p-worker"]
    assert docket.told("nearly_due").count("p-worker") == docket.told("nearly_due").count("p-dispatcher") == 1
    docket.act("worker", "feedback", text="好了", photos=[docket.photo("worker")])
    docket.act("second_worker", "inspect-pass")


def test_a_killed_instance_takes_no_timer_with_it(docket: Docket) -> None:
    """F39: kill -9 while nothing has rung yet; the other instance reminds, and nobody twice when the first is back."""
    docket.at("2026-04-20T09:00:00+08:00")
    case = in_work(docket, "worker")
    docket.suite.kill("cases.1")
    docket.set(part(case, 50))
    assert eventually(lambda: docket.told("half_time"), 30)
    docket.suite.restart("cases.1")
    docket.at(part(case, 50))
    assert (docket.told("half_time"), docket.reminded().count("resolve.50")) == (["p-worker"], 1)
    docket.act("worker", "feedback", text="好了", photos=[docket.photo("worker")])
    docket.act("second_worker", "inspect-pass")


def test_an_idle_case_goes_up_from_its_assignee_to_the_district(docket: Docket) -> None:
    """F39: idle for a working day the assignee is reminded, at 80 % the dispatcher, past it the office."""
    docket.at("2026-05-11T09:00:00+08:00")
    case = in_work(docket, "worker")
    docket.at("2026-05-12T18:00:01+08:00")
    assert eventually(lambda: docket.told("silent") == ["p-worker"]), docket.told("silent")
    docket.at(part(case, 80))
    assert eventually(lambda: {"p-worker", "p-dispatcher", "p-second-worker"} <= set(docket.told("nearly_due")))
    assert "p-admin" not in docket.told("nearly_due")
    docket.at(part(case, 100))
    assert eventually(lambda: {"p-worker", "p-dispatcher", "p-admin"} <= set(docket.told("overdue")))
    assert "p-second-worker" not in docket.told("overdue")
    docket.at("2026-05-15T18:00:01+08:00")
    assert eventually(lambda: "p-admin" in docket.told("still_overdue"))
    assert {notice["template"] for notice in docket.inbox("resident")} >= {"reported", "registered", "dispatched"}
    docket.act("worker", "feedback", text="好了", photos=[docket.photo("worker")])
    docket.act("second_worker", "inspect-pass")


def test_whoever_leaves_the_service_is_relieved_of_every_open_case_once(docket: Docket) -> None:
    docket.at("2026-06-01T09:00:00+08:00")
    in_work(docket, "leaver", "worker")
    shared = docket.case_id
    docket.act("leaver", "arrive")
    docket.at("2026-06-01T09:35:00+08:00")
    in_work(docket, "leaver")
    alone = docket.case_id
    due = docket.case()["resolve_due"]

    assert docket.people["dispatcher"].post(f"/v1/people/p-{LEAVER}/leave").status_code == 403
    with ThreadPoolExecutor(4) as offices:
        clients = [docket.people["admin"], docket.people["party_office"]] * 2
        answers = list(offices.map(lambda office: office.post(f"/v1/people/p-{LEAVER}/leave"), clients))
    assert [answer.status_code for answer in answers] == [200] * 4, [answer.text for answer in answers]
    # Whoever is answered last may find that the post, too, has ended meanwhile: the version goes on.
    assert {answer.json()["person_id"] for answer in answers} == {f"p-{LEAVER}"}

    assert eventually(lambda: "relieve" in docket.acts(shared) and "pass_on" in docket.acts(alone), 30)
    kept, gone_on = docket.case(case_id=shared), docket.case(case_id=alone)
    assert [(one["id"], one["lead"]) for one in kept["assignees"]] == [("p-worker", True)]
    assert (kept["status"], kept["minutes"]) == ("IN_PROGRESS", {f"p-{LEAVER}": 35})
    [following] = gone_on["assignees"]
    assert following["id"] != f"p-{LEAVER}"
    assert (gone_on["status"], following["accepted"], gone_on["resolve_due"]) == ("DISPATCHED", False, due)
    assert gone_on["accept_due"]
    assert [docket.acts(id).count(act) for id in (shared, alone) for act in ("relieve", "pass_on")] == [1, 0, 0, 1]

    assert eventually(lambda: docket.told("team_smaller", shared) == ["p-worker"])
    for case_id in (shared, alone):
        assert eventually(lambda: docket.told("assignee_left", case_id).count("p-dispatcher") == 1)  # noqa: B023 - asked at once
    assert eventually(lambda: following["id"] in docket.told("assigned", alone))
    with pytest.raises(SignInFailed):
        sign_in_with_password(Client(docket.suite.url), LEAVER, secret(docket.suite.secrets))


def test_more_time_is_asked_for_given_by_another_and_moves_the_reminders(docket: Docket) -> None:
    """Extension and suspension: the office is told of the request, nobody approves the own one, reminders wait."""
    docket.at("2026-07-06T09:00:00+08:00")
    case = in_work(docket, "worker")
    before = part(case, 80)
    docket.act("worker", "ask-extend", reason_code="parts", text="配件未到")
    assert eventually(lambda: "p-admin" in docket.told("extension_asked"))
    until = "2026-07-13T18:00:00+08:00"
    assert docket.refused("worker", "extend", reason_code="parts", until=until) == "not_permitted"
    extended = docket.act("admin", "extend", reason_code="parts", until=until)
    assert datetime.fromisoformat(extended["resolve_due"]) == datetime.fromisoformat(until)
    assert docket.refused("worker", "ask-extend", reason_code="parts") == "already_extended"
    assert docket.case()["requests"] == []
    docket.at(before)
    assert "resolve.80" not in docket.reminded()
    assert eventually(lambda: {"extended"} <= {notice["template"] for notice in docket.inbox("resident")})

    docket.act("worker", "ask-suspend", reason_code="weather", text="连日大雨")
    assert docket.refused("worker", "ask-suspend", reason_code="weather") == "already_asked"
    assert eventually(lambda: "p-admin" in docket.told("suspension_asked"))
    docket.act("dispatcher", "suspend", reason_code="weather", review_on="2026-07-20")
    rung = docket.reminded()
    docket.at("2026-07-17T18:00:00+08:00")
    assert docket.reminded() == rung
    docket.at("2026-07-20T08:30:01+08:00")
    assert docket.reminded() == [*rung, "review.due"]
    assert eventually(lambda: "p-dispatcher" in docket.told("review_due"))
    resumed = docket.act("dispatcher", "resume")
    rest = datetime.fromisoformat(resumed["at"]) - datetime.fromisoformat(before)
    assert datetime.fromisoformat(resumed["resolve_due"]) - datetime.fromisoformat(until) == rest
    docket.at((datetime.fromisoformat(resumed["resolve_due"]) + timedelta(seconds=1)).isoformat())
    assert docket.reminded().count("resolve.100") == 1


def test_a_deadline_that_reaches_into_a_year_without_a_calendar_says_so_in_words(docket: Docket) -> None:
    """Which years, and that Monday to Friday count until then; in the receipt and in the case, in both languages."""
    docket.at("2029-12-28T09:00:00+08:00")
    docket.report("resident")
    receipt = docket.act("dispatcher", "register", category="0101")
    for told in (receipt["calendar"], docket.case()["calendar"], docket.case("resident")["calendar"]):
        assert (told["years"], told["rule"]) == ([2029, 2030], "monday_to_friday")
        assert told["text"].startswith("The holidays of 2029 and 2030 are not published yet")
    path = f"/v1/cases/{docket.case_id}"
    chinese = docket.people["resident"].get(path, headers={"Accept-Language": "zh-CN"}).json()["calendar"]
    assert chinese["text"] == "2029年、2030年的节假日安排尚未公布；公布之前，办理时限按周一至周五为工作日计算。"
    events = docket.suite.database("notify")["event_log"].find({"case_id": docket.case_id, "type": "case.registered"})
    assert [json.loads(event["body"])["calendar_presumed"] for event in events] == [True]


def test_while_notify_is_away_cases_go_on_and_afterwards_each_message_goes_out_once(docket: Docket) -> None:
    """F59: notify is down for ten minutes, cases are dispatched; none is lost or held up."""
    docket.at("2029-12-28T10:00:00+08:00")
    docket.suite.down("notify.1")
    ids = []
    for _ in range(5):
        docket.report("resident")
        ids.append(docket.case_id)
        docket.act("dispatcher", "register", category="0303")
        docket.act("dispatcher", "dispatch", assignees=["p-worker"])
    docket.set("2029-12-28T10:10:00+08:00")
    docket.act("worker", "accept")
    assert [docket.case(case_id=id)["status"] for id in ids] == ["DISPATCHED"] * 4 + ["ACCEPTED"]
    docket.suite.restart("notify.1")

    expected = {"reported": ["p-resident"], "registered": ["p-resident"], "assigned": ["p-worker"]}
    for id in ids:
        assert eventually(lambda: {name: docket.told(name, id) for name in expected} == expected, 30)  # noqa: B023 - asked at once
    sent = {"template": "assigned", "case_id": {"$in": ids}, "state": "sent"}
    assert eventually(lambda: docket.suite.database("notify")["messages"].count_documents(sent) == len(ids), 30)
    console = [line for line in docket.suite.console() if line.get("case_id") in ids]
    told = [(line["case_id"], line["template"], line["recipient"]) for line in console]
    assert len(told) == len(set(told))
    assert sum(template == "assigned" for _, template, _ in told) == len(ids)
