"""What is personal goes when its term is over, or its person asks for it, and every count stays as it was."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from cryptography.fernet import Fernet
from pymongo.database import Database

from cases.intake_sessions.store import IntakeSessionStore
from cases.marked import MARKED
from cases.match_lists.store import MatchListStore
from cases.photo import Photo
from cases.service import CasesService
from cases.store import CaseStore, ContactStore, PhotoStore, forgetting
from cases.summons.store import SummonsStore
from cases.surveys.store import SurveyStore
from chassis.audit.debts import Debts
from chassis.audit.store import AuditStore
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.event import Event
from chassis.marked import values
from chassis.mongo import Home
from chassis.sealing import Sealer, WrongKeys
from tests.component.cases.test_case_store import Overheard, overheard, stages_of
from tests.component.set_clock import SetClock
from tests.component.stored import SEALER
from tests.unit.cases.play import (
    AT,
    DISPATCHER,
    GRID,
    OTHER_WORKER,
    RESIDENT,
    VOLUNTEER,
    WORKER,
    caller,
)

__all__ = ["overheard"]

Stored = Database[dict[str, Any]]

NAME, PHONE, IDENTITY = "谢测001", "12000000001", "999999199001010016"
CONTACT = {"name": NAME, "phone": PHONE, "consent": True}
SPOT = {"lon": 115.0058, "lat": 25.8672}
PLACE = {"location": SPOT, "compound_id": "c-dongyuan"}
YEAR = timedelta(days=366)
PERSONAL = (NAME, PHONE, IDENTITY, RESIDENT.id, VOLUNTEER.id, "王测002", "12000000002", "115.0058", "谁先动手")


class Desk:
    """Asks the service as the gateway would, each command under an id of its own."""

    def __init__(self, service: CasesService, clock: SetClock, photos: PhotoStore) -> None:
        self.service, self.clock, self.photos, self._ids = service, clock, photos, count(1)

    def report(self, who: Caller = RESIDENT, **fields: Any) -> str:
        body = {"text": f"灯不亮,电话{PHONE},身份证{IDENTITY}", "category": "0201", **PLACE, **fields}
        return str(self.service.report(who.dump(), self._id(), **body)["case_id"])

    def do(self, case_id: str, act: str, who: Caller = DISPATCHER, **fields: Any) -> None:
        self.clock.moment += timedelta(minutes=1)
        self.service.move(who.dump(), self._id(), case_id, act, fields)

    def photo(self, who: Caller) -> str:
        id = self._id()
        self.photos.add(id, who.id, id, b"original", Photo("image/jpeg", b"full", b"small", 4, 3))
        return id

    def closed(self, who: Caller = RESIDENT, category: str = "0201", **fields: Any) -> str:
        id = self.report(who, category=category, photos=[self.photo(who)], **fields)
        self.do(id, "register", category=category)
        self.do(id, "dispatch", assignees=["p-worker"])
        self.do(id, "accept", WORKER)
        self.do(id, "start", WORKER, contact="phone")
        if category.startswith("07"):
            parties = [{"person_id": VOLUNTEER.id}, {"name": "王测002", "phone": "12000000002"}]
            self.do(id, "mediate", WORKER, parties=parties)
            self.do(id, "meet", WORKER, record="谁先动手,各说各的")
            self.do(id, "settle", WORKER, outcome="not_agreed")
        self.do(id, "feedback", WORKER, text="已修好", photos=[self.photo(WORKER)])
        self.do(id, "inspect_pass", OTHER_WORKER)
        return id

    def seen(self, case_id: str, who: Caller = DISPATCHER) -> dict[str, Any]:
        return self.service.case(who.dump(), case_id)

    def _id(self) -> str:
        return f"command-{next(self._ids)}"


@pytest.fixture
def desk(service: CasesService, clock: SetClock, photos: PhotoStore) -> Desk:
    return Desk(service, clock, photos)


def everything(database: Stored) -> str:
    """All that the database holds besides the copy of the territory, sealed texts opened by nobody."""
    names = set(database.list_collection_names()) - {"grids", "compounds", "units", "sealing", "deleted_people"}
    return repr([list(database[name].find()) for name in sorted(names)])


def sealed_in(database: Stored) -> set[str]:
    """What the sealed texts say, as far as they say anything."""
    return {SEALER.open(each) for each in re.findall(r"gAAAA[\w=-]+", everything(database))} - {""}


def found_in(text: str) -> set[str]:
    return {each for each in PERSONAL if each in text}


def sums(desk: Desk, area: str = GRID) -> list[Any]:
    """What lists and counts say of the area, besides anybody's words."""
    who = DISPATCHER.dump()
    lines = desk.service.cases(who, filters={"grid": area}, limit=50)["items"]
    counted = [{name: value for name, value in line.items() if name not in {"text", "version"}} for line in lines]
    cases = [desk.seen(line["case_id"]) for line in counted]
    details = [
        [
            *(each[name] for name in ("minutes", "assignees", "returns", "repeat", "outcomes")),
            *((one["solved"], one["satisfaction"]) for one in each["ratings"]),
            *(line["act"] for line in each["timeline"] if line["act"] != "forget"),
        ]
        for each in cases
    ]
    board = desk.service.match_list(who, area=area)
    return [counted, details, board["totals"], board["parts"]]


def test_three_years_after_its_end_a_case_holds_nobody_and_counts_as_before(desk: Desk, database: Stored) -> None:
    """F55: given a case closed 3 years ago, when retention runs, the person is a pseudonym and counts are unchanged."""
    own = desk.closed()
    desk.do(own, "rate", RESIDENT, solved="yes", satisfaction=4)
    desk.closed(WORKER, on_behalf_of=CONTACT, text=f"{NAME}说灯不亮")
    desk.closed(WORKER, on_behalf_of={**CONTACT, "person_id": RESIDENT.id})
    desk.closed(category="0701")
    second, target = desk.report(VOLUNTEER), desk.closed()
    assert found_in(everything(database)) >= {PHONE, RESIDENT.id, VOLUNTEER.id, "115.0058"}
    desk.do(second, "reject", reason_code="not_found", text="现场未发现")
    before = sums(desk)

    desk.clock.moment = AT + 3 * YEAR - timedelta(days=3)
    desk.service.end_retention()
    assert desk.seen(own)["reporter"]["id"] == RESIDENT.id
    assert VOLUNTEER.id in everything(database)  # a party of the mediation; the rejected report is over
    desk.clock.moment = AT + 3 * YEAR + timedelta(days=1)
    desk.service.end_retention()

    assert found_in(everything(database)) == sealed_in(database) == set()
    assert sums(desk) == before
    kept = list(database["cases"].find({"status": "CLOSED"}))
    assert {entry["digest"] for case in kept for entry in case["history"]} == {None}
    assert len({case["reporter"]["pseudonym"] for case in kept}) == 2  # the account, and the phone without one
    assert all(case["reporter"]["pseudonym"].startswith("pseudonym-") for case in kept)
    assert (database["photos"].count_documents({}), database["photo_bytes"].count_documents({})) == (0, 0)
    assert desk.seen(target)["text"].startswith("灯不亮,电话")
    with pytest.raises(Refusal, match="not_permitted"):
        desk.seen(own, RESIDENT)


def test_a_rejected_report_loses_its_words_after_a_year(desk: Desk, database: Stored) -> None:
    id = desk.report(photos=[desk.photo(RESIDENT)])
    desk.do(id, "reject", reason_code="not_found", text="现场未发现")
    ended = (database["cases"].find_one() or {})["ended_at"]
    desk.clock.moment = AT + timedelta(days=364)
    desk.service.end_retention()
    assert PHONE in everything(database)
    desk.clock.moment = AT + timedelta(days=367)
    desk.service.end_retention()
    assert found_in(everything(database)) == set()
    kept = database["cases"].find_one() or {}
    assert (kept["status"], kept["category"], kept["ended_at"]) == ("REJECTED", "0201", ended)
    assert [remark["text"] for remark in kept["remarks"]] == [None, "现场未发现"]


def test_an_open_case_keeps_what_the_work_needs_however_old(desk: Desk) -> None:
    id = desk.report(WORKER, on_behalf_of=CONTACT)
    desk.clock.moment = AT + 5 * YEAR
    desk.service.end_retention()
    assert desk.service.reporter_contact(DISPATCHER.dump(), "k", id, reason="回访")["phone"] == PHONE


def test_what_attendees_and_askers_left_goes_with_the_notes_of_a_session_after_a_year(
    desk: Desk, database: Stored
) -> None:
    need = {
        "form": "need",
        "text": f"{NAME}想学用手机",
        "category": "0804",
        "asker": CONTACT,
        "grid_code": GRID,
    }
    attendees = [CONTACT, {"person_id": RESIDENT.id, "consent": True}]
    body = {"kind": "evening_talk", "area": GRID[:12], "held_at": AT.isoformat(), "attendance": 9}
    made = desk.service.open_intake_session(WORKER.dump(), "s", **body, attendees=attendees, items=[need])
    demand = made["items"][0]["id"]
    desk.service.attendee_contacts(WORKER.dump(), "r", made["session_id"])
    desk.service.find_demand_unmet(DISPATCHER.dump(), "u", demand, reason_code="no_resource")
    before = sums(desk)
    outline = desk.service.intake_session(WORKER.dump(), made["session_id"])
    desk.clock.moment = AT + YEAR
    desk.service.end_retention()
    assert found_in(everything(database)) == sealed_in(database) == set()
    assert sums(desk) == before
    after = desk.service.intake_session(WORKER.dump(), made["session_id"])
    assert (after["attendance"], after["left_contact"]) == (outline["attendance"], 2)
    assert desk.service.demand(DISPATCHER.dump(), demand)["text"] == ""
    assert database["reveals"].count_documents({}) == 1
    desk.clock.moment = AT + 3 * YEAR
    desk.service.end_retention()
    assert database["reveals"].count_documents({}) == 0


def test_what_went_is_in_the_audit_trail_row_by_row_and_each_run_too(desk: Desk, database: Stored) -> None:
    id = desk.closed()
    desk.clock.moment += 3 * YEAR
    desk.service.end_retention()
    outbox = desk.service.cases_kept.outbox
    Debts(desk.service.audit, [outbox]).enter(10)
    rows = [(row["act"], row["who"], row["what"]["id"], row["details"]) for row in database["audit"].find().sort("seq")]
    [run] = database["retention_runs"].find()
    assert rows == [
        ("retention.run", "clock", run["_id"], run["counts"]),
        ("case.forgotten", "clock", id, {}),
    ]
    assert not any(word in str(list(database["audit"].find())) for word in PERSONAL)


def test_each_run_that_let_something_go_leaves_a_trace_without_anybody_in_it(desk: Desk, database: Stored) -> None:
    desk.closed()
    desk.service.end_retention()
    assert database["retention_runs"].count_documents({}) == 0
    desk.clock.moment = AT + 4 * YEAR
    desk.service.end_retention()
    desk.service.end_retention()
    run, *others = database["retention_runs"].find()
    assert (run["by"], run["counts"], others) == ("clock", {"photos": 2, "cases": 1}, [])


def test_a_case_that_somebody_writes_at_that_moment_is_forgotten_by_the_next_run(
    desk: Desk, database: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = desk.closed()
    desk.clock.moment = AT + 4 * YEAR
    forget = desk.photos.forget_of_case

    def meanwhile(case_id: str) -> int:
        database["cases"].update_one({"_id": id}, {"$inc": {"version": 1}})
        monkeypatch.undo()
        return forget(case_id)

    monkeypatch.setattr(desk.photos, "forget_of_case", meanwhile)
    desk.service.end_retention()
    assert RESIDENT.id in everything(database)


def test_by_hand_it_also_finds_what_older_releases_did_not_mark(desk: Desk, database: Stored) -> None:
    desk.closed()
    for name in ("cases", "demands", "intake_sessions"):
        database[name].update_many({}, {"$unset": {"forget_at": ""}})
    desk.clock.moment = AT + 4 * YEAR
    desk.service.end_retention()
    assert RESIDENT.id in everything(database)
    after: str | None = ""
    steps = 0
    while after is not None:
        after, steps = desk.service.retain(after), steps + 1
        assert steps < 20
    assert found_in(everything(database)) == set()
    assert (database["retention_runs"].find_one() or {})["by"] == "operator"


def test_how_much_is_over_can_be_asked_beforehand_and_changes_nothing(desk: Desk, database: Stored) -> None:
    desk.closed()
    assert desk.service.retention_due() == {}
    desk.clock.moment = AT + 4 * YEAR
    before = everything(database)
    due = desk.service.retention_due()
    assert due["cases"] == 1
    assert everything(database) == before
    desk.service.end_retention()
    run = database["retention_runs"].find_one() or {}
    assert {name: number for name, number in run["counts"].items() if name != "photos"} == due
    assert desk.service.retention_due() == {}


def erased(*ids: str) -> Event:
    first, *former = ids
    data = {"person_id": first, "former_ids": former, "tenant": "360704"}
    at = AT.astimezone(UTC)
    return Event("e", "person.erased", "/services/members", f"person/{first}", 2, at, "e", data, b"{}", "")


def test_who_is_deleted_is_gone_from_open_and_ended_cases_and_the_work_goes_on(desk: Desk, database: Stored) -> None:
    open_one, ended = desk.report(photos=[desk.photo(RESIDENT)]), desk.closed()
    desk.do(open_one, "register", category="0201")
    asking = (DISPATCHER.dump(), "asking", open_one, "ask", {"text": "哪一盏?"})
    asked = desk.service.move(*asking)
    quarrel = desk.closed(VOLUNTEER, category="0701")
    desk.service.open_demand(RESIDENT.dump(), "d", text=f"请打{PHONE}", category="0804", grid_code=GRID)
    body = {"kind": "evening_talk", "area": GRID[:12], "held_at": AT.isoformat(), "attendance": 9}
    attendees = [{"person_id": RESIDENT.id, "consent": True}, {**CONTACT, "name": "李测009"}]
    items = [{"text": "路灯", "category": "0201", "compound_id": "c-dongyuan"}]
    desk.service.open_intake_session(WORKER.dump(), "s", **body, attendees=attendees, items=items)
    before = sums(desk)

    desk.service.note_deleted(erased(RESIDENT.id))
    desk.service.let_deleted_go()

    assert RESIDENT.id not in everything(database)
    assert sums(desk) == before
    view = desk.seen(open_one)
    assert (view["status"], view["reporter"]["id"], len(view["photos"])) == ("REGISTERED", None, 1)
    assert PHONE not in view["text"]
    assert desk.service.move(*asking) == asked
    desk.do(open_one, "dispatch", assignees=["p-worker"])
    assert VOLUNTEER.id in everything(database)  # whose data is not over
    with pytest.raises(Refusal, match="nobody_to_ask"):
        desk.service.reporter_contact(DISPATCHER.dump(), "k", open_one, reason="回访")

    desk.service.note_deleted(erased("p-later", VOLUNTEER.id))
    desk.service.let_deleted_go()
    assert VOLUNTEER.id not in everything(database).replace("deleted_people", "")
    assert desk.seen(quarrel)["mediation"]["meetings"] == 1
    desk.clock.moment += timedelta(days=8)
    desk.service.end_retention()
    assert desk.seen(ended)["photos"] == []
    assert len(desk.seen(open_one)["photos"]) == 1


def test_who_reports_at_the_moment_of_the_deletion_is_found_by_the_next_look(desk: Desk, database: Stored) -> None:
    desk.service.note_deleted(erased(RESIDENT.id))
    desk.service.let_deleted_go()
    desk.report()
    desk.service.let_deleted_go()
    kept = database["cases"].find_one() or {}
    assert (kept["reporter"]["id"], kept["reporter"]["pseudonym"] is None) == (None, False)
    assert datetime.now(UTC) < (database["deleted_people"].find_one() or {})["forget_at"]


def test_the_own_copy_holds_every_case_demand_and_session_unmasked_and_who_was_told_a_contact(desk: Desk) -> None:
    own = desk.report(WORKER, on_behalf_of={**CONTACT, "person_id": RESIDENT.id})
    desk.service.reporter_contact(DISPATCHER.dump(), "k", own, reason="回访")
    desk.report(VOLUNTEER)
    party = desk.closed(category="0701")
    desk.service.open_demand(RESIDENT.dump(), "d", text=f"请打{PHONE}", category="0804", grid_code=GRID)
    desk.service.open_demand(VOLUNTEER.dump(), "e", text="借梯子", category="0804", grid_code=GRID)
    body = {"kind": "evening_talk", "area": GRID[:12], "held_at": AT.isoformat(), "attendance": 9}
    attendees = [{**CONTACT, "person_id": RESIDENT.id}, {**CONTACT, "name": "李测009", "phone": "12000000009"}]
    items = [{"text": "路灯", "category": "0201", "compound_id": "c-dongyuan"}]
    desk.service.open_intake_session(WORKER.dump(), "s", **body, attendees=attendees, items=items)

    copy = desk.service.own_data(RESIDENT.dump())
    assert {each["case_id"] for each in copy["cases"]} == {own, party}
    mine = next(each for each in copy["cases"] if each["case_id"] == own)
    assert PHONE in mine["text"]
    assert mine["contact"] == {"name": NAME, "phone": PHONE, "callback": "voice"}
    assert [each["text"] for each in copy["demands"]] == [f"请打{PHONE}"]
    assert [each["contacts"][0]["phone"] for each in copy["sessions"]] == [PHONE]
    assert [(each["case_id"], each["role"], each["reason"]) for each in copy["contacts_told"]] == [
        (own, "dispatcher", "回访")
    ]
    assert not {"李测009", "12000000009"} & {each for each in ("李测009", "12000000009") if each in repr(copy)}
    quarrel = desk.service.own_data(VOLUNTEER.dump())["cases"]
    assert [each["mediation"]["records"][0]["record"] for each in quarrel if each["mediation"]] == ["谁先动手,各说各的"]


def test_whoever_reported_or_filed_puts_the_contact_right_and_the_old_one_is_nowhere_kept(
    desk: Desk, database: Stored
) -> None:
    id = desk.report(WORKER, on_behalf_of={**CONTACT, "person_id": RESIDENT.id}, text="灯不亮")
    with pytest.raises(Refusal, match="not_permitted"):
        desk.service.correct_contact(VOLUNTEER.dump(), "a", id, phone="12000000008")
    with pytest.raises(Refusal, match="invalid"):
        desk.service.correct_contact(RESIDENT.dump(), "a", id)
    receipt = desk.service.correct_contact(RESIDENT.dump(), "a", id, phone="12000000008")
    assert (receipt["act"], receipt["version"]) == ("correct_contact", 2)
    assert desk.service.correct_contact(RESIDENT.dump(), "a", id, phone="12000000008") == receipt
    with pytest.raises(Refusal, match="command_id_reused"):
        desk.service.correct_contact(RESIDENT.dump(), "a", id, phone="12000000009")
    mine = desk.service.own_data(RESIDENT.dump())["cases"][0]
    assert mine["contact"] == {"name": NAME, "phone": "12000000008", "callback": "voice"}
    desk.service.correct_contact(WORKER.dump(), "b", id, name="李测009")
    desk.service.correct_contact(DISPATCHER.dump(), "c", id, callback="visit")
    assert desk.service.reporter_contact(DISPATCHER.dump(), "k", id, reason="回访") == {
        "name": "李测009",
        "phone": "12000000008",
        "callback": "visit",
    }
    assert not [each for each in (PHONE, "12000000008", "李测009", NAME) if each in everything(database)]
    told = [line["act"] for line in desk.seen(id)["timeline"]]
    assert told == ["report", "correct_contact", "correct_contact", "correct_contact"]
    with pytest.raises(Refusal, match="nobody_to_ask"):
        desk.service.correct_contact(RESIDENT.dump(), "d", desk.report(), phone="12000000008")


def test_every_marked_field_is_kept_sealed_and_nothing_else_is_a_secret(desk: Desk, database: Stored) -> None:
    desk.report(WORKER, on_behalf_of=CONTACT)
    desk.closed(category="0701")
    demand = {"text": "借梯子", "category": "0804", "grid_code": GRID, "source": "PHONE"}
    asker = {"nickname": NAME, "phone": PHONE, "consent": True}
    desk.service.open_demand(WORKER.dump(), "d", **demand, asker=asker)
    body = {"kind": "evening_talk", "area": GRID[:12], "held_at": AT.isoformat(), "attendance": 9}
    items = [{"text": "路灯", "category": "0201", "compound_id": "c-dongyuan"}]
    desk.service.open_intake_session(WORKER.dump(), "s", **body, attendees=[CONTACT], items=items)
    sealed = 0
    for marked in MARKED:
        found = list(database[marked.collection].find(marked.present))
        assert found, marked
        for document in found:
            for _, value in values(document, marked.path):
                assert SEALER.open(value["sealed"])
                sealed += 1
    assert everything(database).count("'sealed':") == sealed


ME = caller(VOLUNTEER.id, "volunteer", "resident", scope="360704")
DUTY = frozenset({"reveals", "audit"})
"""Collections that say what somebody did for others, which is told to those, or is kept as the trail of the audit."""


def involved(desk: Desk) -> None:
    """Somebody has a part in everything that this service keeps: asks, complains, offers, quarrels, helps, comes."""
    own = desk.closed(ME)
    desk.do(own, "rate", ME, solved="yes", satisfaction=4)
    target = desk.report()
    desk.do(target, "register", category="0201")
    desk.do(desk.report(ME), "merge", target_case_id=target)
    desk.closed(category="0701")
    asked = desk.report(WORKER, on_behalf_of={**CONTACT, "person_id": ME.id})
    desk.do(asked, "ask", text="哪一盏?")
    desk.do(asked, "answer", ME, text="3号楼前")
    helped = desk.report(category="0303")
    desk.do(helped, "register", category="0303")
    desk.do(helped, "dispatch", assignees=[ME.id])
    desk.do(helped, "accept", ME)
    desk.do(helped, "propose_exclusion", ME, reason_code="out_of_jurisdiction", text="属铁路部门管理")
    desk.service.open_demand(ME.dump(), "d", text=f"请打{PHONE}", category="0804", grid_code=GRID)
    desk.service.offer_resource(ME.dump(), "o", kind="skill", text=f"会修灯,电话{PHONE}", serves=[GRID])
    body = {"kind": "evening_talk", "area": GRID[:12], "held_at": AT.isoformat(), "attendance": 9}
    items = [{"text": "路灯", "category": "0201", "compound_id": "c-dongyuan"}]
    attendees = [{**CONTACT, "person_id": ME.id}]
    desk.service.open_intake_session(WORKER.dump(), "s", **body, attendees=attendees, items=items)


def holding(database: Stored, id: str) -> set[tuple[str, str]]:
    """Every document that has the id anywhere, by its collection."""
    names = set(database.list_collection_names()) - {"grids", "compounds", "units", "sealing", "deleted_people"}
    return {(name, str(each["_id"])) for name in names for each in database[name].find() if id in repr(each)}


def test_every_document_that_has_somebodys_id_is_in_the_own_copy(desk: Desk, database: Stored) -> None:
    involved(desk)
    copy = repr(desk.service.own_data(ME.dump()))
    held = {(name, id) for name, id in holding(database, ME.id) if name not in DUTY}
    assert {name for name, _ in held} >= {"cases", "demands", "resources", "intake_sessions"}
    assert {(name, id) for name, id in held if id not in copy} == set()


OFFICER = caller("p-officer", "dispatcher", "grid_worker", scope="360704")
CHIEF = caller("p-chief", "dispatcher", scope="360704")
SURVEY = {
    "area": GRID[:12],
    "title": {"zh": "社区民情调查", "en": "Community"},
    "method": {"zh": "自愿填写,不记名", "en": "Online and without a name"},
    "first_day": f"{AT:%Y-%m-%d}",
    "last_day": f"{AT + timedelta(days=9):%Y-%m-%d}",
}


def worked(desk: Desk) -> str:
    """An officer holds a session, calls units, plans a project, keeps a survey, and has a hand in two exclusions."""
    service, who = desk.service, OFFICER.dump()
    body = {"kind": "evening_talk", "area": GRID[:12], "held_at": AT.isoformat(), "attendance": 9}
    items = [{"text": "路灯", "category": "0201", "compound_id": "c-dongyuan"}]
    service.open_intake_session(who, "held", **body, attendees=[CONTACT], items=items)
    own, other = desk.report(), desk.report()
    for case in (own, other):
        desk.do(case, "register", CHIEF, category="0201")
    due = (desk.clock.moment + timedelta(days=1)).isoformat()
    call = {"kind": "emergency", "units": ["u-lighting"], "due_on_site": due, "text": "到现场处置"}
    service.open_summons(who, "called", own, "summon", **call)
    asked = {"text": "学用手机", "category": "0804", "grid_code": GRID, "source": "PHONE"}
    demand = service.open_demand(RESIDENT.dump(), "asked", **{**asked, "source": "APP"})["demand_id"]
    planned = service.plan_project(who, "planned", title="手机课堂", demands=[demand], cases=[other])
    assert planned["status"] == "planned"
    drafted = service.draft_survey(who, "drafted", **SURVEY)
    service.move_survey(CHIEF.dump(), "opened", drafted["survey_id"], "open", None)
    desk.do(own, "propose_exclusion", OFFICER, reason_code="out_of_jurisdiction", text="属铁路部门管理")
    desk.do(own, "refuse_exclusion", CHIEF, text="本区负责")
    desk.do(other, "propose_exclusion", CHIEF, reason_code="unreasonable", text="诉求过高")
    desk.do(other, "approve_exclusion", OFFICER)
    service.reporter_contact(who, "told", desk.report(WORKER, on_behalf_of=CONTACT), reason="回访")
    return own


def test_what_somebody_did_for_the_office_is_in_the_own_copy_and_nothing_of_others(
    desk: Desk, database: Stored
) -> None:
    own = worked(desk)
    copy = desk.service.own_data(OFFICER.dump())
    assert [(each["kind"], each["attendance"]) for each in copy["sessions_held"]] == [("evening_talk", 9)]
    [summons], [project], [survey] = copy["summons"], copy["projects"], copy["surveys"]
    assert (summons["case_id"], summons["text"], project["title"]) == (own, "到现场处置", "手机课堂")
    acts = [[act["type"] for act in each["acts"]] for each in (summons, project, survey)]
    assert acts == [["summons.called"], ["project.planned"], ["survey.drafted"]]
    said = {(each["state"], each["text"], each["answer"]) for each in copy["exclusions"]}
    assert said == {("refused", "属铁路部门管理", None), ("approved", None, None)}
    assert [(row["act"], row["reason"]) for row in copy["trail"] if row["act"] == "contact.revealed"] == [
        ("contact.revealed", "回访")
    ]
    assert not [each for each in (NAME, PHONE, "诉求过高", "本区负责") if each in repr(copy)]
    held = {(name, id) for name, id in holding(database, OFFICER.id) if name in {*WORK, "intake_sessions", "audit"}}
    last = {row["id"] for row in desk.service.own_data(OFFICER.dump())["trail"]}
    assert {(name, id) for name, id in held if id not in repr(copy) and id not in last} == set()
    theirs = desk.service.own_data(CHIEF.dump())
    assert [[act["type"] for act in each["acts"]] for each in theirs["surveys"]] == [["survey.opened"]]
    assert (theirs["summons"], theirs["projects"], theirs["sessions_held"]) == ([], [], [])
    nobody = desk.service.own_data(caller("p-else", "resident").dump())
    assert {name for name in (*WORK, "sessions_held", "exclusions", "trail") if nobody[name]} == set()


WORK = ("summons", "projects", "surveys")


def test_a_deletion_takes_somebody_out_of_every_document_but_those_of_their_service(
    desk: Desk, database: Stored
) -> None:
    involved(desk)
    service = {
        id
        for name, id in holding(database, ME.id)
        if name == "cases" and f"assignee:{ME.id}" in repr(database["cases"].find_one({"_id": id}))
    }
    desk.service.note_deleted(erased(ME.id))
    desk.service.let_deleted_go()
    assert {(name, id) for name, id in holding(database, ME.id) if name not in DUTY} == {
        ("cases", id) for id in service
    }
    [offer] = database["resources"].find()
    assert (offer["withdrawn"], offer["text"], offer["owner_id"] == offer["offered_by"]) == (True, "", True)
    assert PHONE not in repr(offer)


def test_what_somebody_offered_in_person_is_offered_no_longer_once_they_have_left(desk: Desk, database: Stored) -> None:
    service = desk.service
    service.offer_resource(ME.dump(), "o", kind="skill", text="会修灯", serves=[GRID])
    contact = caller("p-contact", "unit_contact", scope="360704", unit="u-lighting")
    service.offer_resource(contact.dump(), "u", kind="equipment", text="升降车", serves=[GRID])
    for leaver in (ME.id, contact.id):
        service.leavers.note(leaver, datetime.now(UTC))
    service.relieve_leavers()
    service.relieve_leavers()
    offered = {each["text"]: each["status"] for each in database["resources"].find()}
    assert offered == {"会修灯": "withdrawn", "升降车": "offered"}


def test_no_look_for_what_is_over_or_whose_it_is_scans_a_collection(
    desk: Desk, overheard: tuple[Overheard, Stored]
) -> None:
    for _ in range(3):
        desk.closed()
    listener, database = overheard
    outboxes = [
        CaseStore(Home(database)).outbox,
        MatchListStore(Home(database)).demands.outbox,
        IntakeSessionStore(Home(database)).sessions.outbox,
    ]
    for outbox in outboxes:
        forgetting.over(outbox, AT, 10)
    forgetting.cases_of(outboxes[0], ["p-a", "p-b"], 10)
    forgetting.demands_of(outboxes[1], ["p-a", "p-b"], 10)
    forgetting.sessions_of(outboxes[2], ["p-a", "p-b"], 10)
    forgetting.resources_of(MatchListStore(Home(database)).resources.outbox, ["p-a", "p-b"], 10)
    forgetting.handled_by(outboxes[0], ["p-a", "p-b"])
    ContactStore(Home(database)).told_of(["a", "b"])
    ids = ["p-a", "p-b"]
    forgetting.exclusions_of(outboxes[0], ids)
    forgetting.sessions_held_by(outboxes[2], ids)
    for kept in (
        MatchListStore(Home(database)).projects,
        SummonsStore(Home(database)).records,
        SurveyStore(Home(database)).records,
    ):
        forgetting.moved_by(kept.outbox, ids)
    AuditStore(Home(database)).of_who(ids)  # reads its anchor first
    assert len(listener.finds) == 16
    told = listener.finds.pop(8)
    for find in listener.finds:
        plan = database.command({"explain": find, "verbosity": "queryPlanner"})["queryPlanner"]["winningPlan"]
        assert not {"COLLSCAN", "SORT"} & stages_of(plan), (find, plan)
    plan = database.command({"explain": told, "verbosity": "queryPlanner"})["queryPlanner"]["winningPlan"]
    assert "COLLSCAN" not in stages_of(plan), plan


def test_what_is_shown_masked_is_shown_without_opening_anything(desk: Desk) -> None:
    desk.report(WORKER, on_behalf_of=CONTACT, text="灯不亮")
    asker = {"nickname": NAME, "phone": PHONE, "consent": True}
    demand = {"text": "借梯子", "category": "0804", "grid_code": GRID, "source": "PHONE"}
    desk.service.open_demand(WORKER.dump(), "d", **demand, asker=asker)
    desk.service.seal = Sealer(Fernet.generate_key().decode())  # which opens nothing that is kept
    lines = desk.service.cases(DISPATCHER.dump(), filters={"grid": GRID}, limit=50)["items"]
    assert desk.seen(lines[0]["case_id"])["reporter"]["contact"]["phone"] == "120****0001"
    asked = desk.service.match_list(WORKER.dump(), area=GRID)["items"][0]
    assert (asked["asker"]["contact"]["nickname"], asked["asker"]["contact"]["phone"]) == ("谢**", "120****0001")
    with pytest.raises(WrongKeys):
        desk.service.reporter_contact(DISPATCHER.dump(), "k", lines[0]["case_id"], reason="回访")
