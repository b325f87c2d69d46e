"""A small stage for the rules: callers by role, a case that acts are played on, the hours of the lamp case."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from cases.act import Act, Command, Facts, Happening, ServiceDay
from cases.alarm import Matter, next_alarm, ringing
from cases.assignment import Known
from cases.case import Case
from cases.deadline import LOCAL
from cases.moves.decision import decide
from cases.moves.intake import draft
from cases.place import Place, Point
from cases.timer import Timer
from chassis.caller import Caller, Grant
from chassis.errors import Refusal
from chassis.secret import Secret

GRID = "360704100002001"
ELSEWHERE = "360704100007001"
OTHER_DISTRICT = "360702100001001"
AT = datetime(2026, 3, 12, 19, 40, tzinfo=LOCAL)
LAMP = Place(GRID, Point(115.0058, 25.8672), "c-dongyuan")
PHOTO = "photo-after"
THURSDAY = ServiceDay("a-thursday", begun=True, compound_ids=frozenset({"c-dongyuan"}))
CLEANED = {"text": "清扫完毕", "photos": ("photo-after",), "before_photos": ("photo-before",)}
"""What the organiser of a service day says and shows of a case."""


def unsealed(secret: Secret) -> str:
    """What was said, where nothing was kept; whoever asks for a mask never comes here."""
    assert secret.text is not None
    return secret.text


def caller(id: str, *roles: str, scope: str = GRID, unit: str | None = None) -> Caller:
    return Caller(id, tuple(Grant(role, scope) for role in roles), unit)


RESIDENT = caller("p-xie", "resident")
NEIGHBOUR = caller("p-neighbour", "resident")
DISPATCHER = caller("p-desk", "dispatcher", scope="360704")
ADMIN = caller("p-admin", "district_admin", scope="360704")
WORKER = caller("p-worker", "community_worker", scope="360704100002")
OTHER_WORKER = caller("p-worker-2", "community_worker", scope="360704100002")
ELECTRICIAN = caller("p-electrician", "in_service_member", "resident", scope="360704")
VOLUNTEER = caller("p-volunteer", "volunteer", scope="360704")
INSPECTOR = caller("p-inspector", "inspector", scope="360704")
CONTACT = caller("p-contact", "unit_contact", unit="u-lighting")
CLOCK = caller("clock", "clock", scope="")
RULE = caller("rule", "rule", scope="")

KNOWN = {
    "p-worker": Known("p-worker", "person", frozenset({"community_worker"}), "u-committee"),
    "p-worker-2": Known("p-worker-2", "person", frozenset({"community_worker"}), "u-committee"),
    "p-electrician": Known(
        "p-electrician",
        "person",
        frozenset({"in_service_member", "resident"}),
        "u-power",
        frozenset({"low_voltage_electrician"}),
    ),
    "p-volunteer": Known("p-volunteer", "person", frozenset({"volunteer"})),
    "p-leader": Known("p-leader", "person", frozenset({"union_leader"})),
    "p-xie": Known("p-xie", "person", frozenset({"resident"})),
    "p-gone": Known("p-gone", "person", frozenset({"community_worker"}), active=False),
    "p-far": Known("p-far", "person", frozenset({"community_worker"}), grid_codes=(OTHER_DISTRICT,)),
    "u-lighting": Known("u-lighting", "unit"),
    "u-property": Known("u-property", "unit"),
    "u-housing": Known("u-housing", "unit"),
    "u-power": Known("u-power", "unit"),
    "u-urban": Known("u-urban", "unit"),
    "u-gone": Known("u-gone", "unit", active=False),
}

EXAMPLES: dict[Act, dict[str, Any]] = {
    Act.REPORT: {"text": "路灯闪烁", "category": "0101"},
    Act.VERIFY: {"finding": "confirmed"},
    Act.REGISTER: {"category": "0101"},
    Act.REJECT: {"reason_code": "not_found", "text": "现场未发现"},
    Act.MERGE: {"target_case_id": "case-target"},
    Act.ANSWER_DIRECTLY: {"text": "请到窗口办理"},
    Act.DISPATCH: {"assignees": ["p-worker", "p-electrician"], "lead": "p-worker"},
    Act.RETURN: {"reason_code": "not_responsible"},
    Act.REASSIGN: {"assignees": ["p-worker-2", "p-electrician"], "lead": "p-worker-2", "reason_code": "other"},
    Act.TIME_OUT: {"assignees": ["p-electrician"]},
    Act.RELIEVE: {"person_id": "p-electrician"},
    Act.PASS_ON: {"person_id": "p-electrician"},
    Act.CORRECT: {"category": "0102"},
    Act.NOTE: {"text": "镇流器老化"},
    Act.ASK: {"text": "哪一盏?"},
    Act.ANSWER: {"text": "3号楼前"},
    Act.START: {"contact": "phone"},
    Act.SUSPEND: {"reason_code": "weather", "review_on": date(2026, 4, 1)},
    Act.EXTEND: {"reason_code": "parts", "until": datetime(2026, 3, 19, 18, tzinfo=LOCAL)},
    Act.ASK_EXTEND: {"reason_code": "parts"},
    Act.ASK_SUSPEND: {"reason_code": "weather"},
    Act.MEDIATE: {"parties": [{"person_id": "p-xie"}, {"name": "王测002", "phone": "12000000002"}]},
    Act.MEET: {"record": "双方同意晚上十点后不再练琴"},
    Act.SETTLE: {"outcome": "agreed", "settled_by": "grid_party_group", "agreement": ["photo-signed"]},
    Act.FEEDBACK: {"text": "已修好", "photos": [PHOTO]},
    Act.REWORK: {"reason_code": "not_solved"},
    Act.RATE: {"solved": "yes", "satisfaction": 4},
    Act.REOPEN: {"reason_code": "not_solved"},
    Act.REMIND: {"alarm": "resolve.50"},
    Act.LAPSE: {"alarm": "window.over"},
    Act.PROPOSE_EXCLUSION: {"reason_code": "out_of_jurisdiction", "grounds": "属铁路部门管理"},
    Act.REFUSE_EXCLUSION: {"grounds": "该路段由本区管护"},
}
"""For each act what it needs to succeed, where it needs anything."""


@dataclass
class Play:
    """A case at its present version, with the time and all that has happened."""

    case: Case
    now: datetime
    history: tuple[Happening, ...] = ()
    facts: Facts = field(default_factory=lambda: Facts(KNOWN))

    def at(self, text: str) -> "Play":
        """Set the clock to `MM-DD HH:MM` of 2026, local time."""
        self.now = datetime.fromisoformat(f"2026-{text}").replace(tzinfo=LOCAL)
        return self

    def later(self, **length: float) -> "Play":
        self.now += timedelta(**length)
        return self

    def do(self, act: Act, who: Caller, **fields: Any) -> "Play":
        """Play one act, with the example's fields unless others are given."""
        said = fields or EXAMPLES.get(act, {})
        command = Command(f"event-{next(_ids)}", {name: value for name, value in said.items() if value is not ...})
        decision = decide(self.case, act, command, who, self.facts, self.now)
        self.case, self.history = decision.case, (*self.history, *decision.entries)
        return self

    def wait_until(self, text: str) -> "Play":
        """Let the clock do what it has to do, as it does it, until `MM-DD HH:MM` of 2026."""
        until = datetime.fromisoformat(f"2026-{text}").replace(tzinfo=LOCAL)
        while (due := next_alarm(self.case)) and due <= until:
            self.now = due
            self.ring()
        self.now = until
        return self

    def ring(self) -> "Play":
        """What the clock does now."""
        alarm = ringing(self.case, self.now)
        assert alarm is not None
        if alarm.topic is Timer.ACCEPT:
            return self.do(Act.TIME_OUT, CLOCK, assignees=[])
        return self.do(Act.LAPSE if alarm.topic is Matter.WINDOW else Act.REMIND, CLOCK, alarm=alarm.name)

    @property
    def alarms(self) -> list[tuple[str, str, str]]:
        """What has rung: when, in local time, what, and for which level."""
        rung = [entry for entry in self.history if entry.type == "case.reminded"]
        return [
            (f"{entry.at.astimezone(LOCAL):%m-%d %H:%M}", entry.data["alarm"], entry.data["level"]) for entry in rung
        ]

    @property
    def last(self) -> Happening:
        return self.history[-1]


_ids = count(1)


def opened(who: Caller = RESIDENT, place: Place = LAMP, at: datetime = AT, **fields: Any) -> Play:
    """A play whose case is reported."""
    said = {**EXAMPLES[Act.REPORT], **fields}
    case = draft(f"case-{next(_ids)}", "360704-20260312-7K3F9Q", said, who, place, at)
    return Play(case, at).do(Act.REPORT, who, **said)


def registered(**fields: Any) -> Play:
    return opened(**fields).at("03-12 19:44").do(Act.REGISTER, DISPATCHER, municipal=None)


def dispatched(**fields: Any) -> Play:
    return registered(**fields).at("03-12 19:46").do(Act.DISPATCH, DISPATCHER)


def offered(places: int = 1, **fields: Any) -> Play:
    return registered(**fields).at("03-12 19:46").do(Act.DISPATCH, DISPATCHER, places=places)


def accepted(**fields: Any) -> Play:
    return dispatched(**fields).at("03-12 19:52").do(Act.ACCEPT, WORKER).do(Act.ACCEPT, ELECTRICIAN)


def alone(**fields: Any) -> Play:
    """A case that one person has taken, and for which nobody needs a licence."""
    fields = {"category": "0303", **fields}
    play = registered(**fields).at("03-12 19:46").do(Act.DISPATCH, DISPATCHER, assignees=["p-electrician"])
    return play.at("03-12 19:52").do(Act.ACCEPT, ELECTRICIAN)


def in_progress(**fields: Any) -> Play:
    return accepted(**fields).at("03-12 20:20").do(Act.ARRIVE, ELECTRICIAN)


def cleaning() -> Play:
    """A stairwell that one person is cleaning."""
    return alone().at("03-12 20:20").do(Act.ARRIVE, ELECTRICIAN)


def quarrel(**fields: Any) -> Play:
    """A neighbour dispute that a worker has in hand and mediates."""
    play = registered(category="0701", text="楼上练琴扰民", **fields)
    play.at("03-12 19:46").do(Act.DISPATCH, DISPATCHER).at("03-12 19:52").do(Act.ACCEPT, WORKER)
    return play.at("03-12 20:20").do(Act.ARRIVE, WORKER).at("03-13 09:00").do(Act.MEDIATE, WORKER)


def suspended() -> Play:
    return in_progress().at("03-13 09:00").do(Act.SUSPEND, DISPATCHER)


def resolved(**fields: Any) -> Play:
    return in_progress(**fields).at("03-13 18:30").do(Act.FEEDBACK, ELECTRICIAN)


def closed(**fields: Any) -> Play:
    return resolved(**fields).at("03-13 19:10").do(Act.INSPECT_PASS, OTHER_WORKER)


def proposed() -> Play:
    """A closed case that the desk would leave out of the rates."""
    return closed().at("03-14 09:00").do(Act.PROPOSE_EXCLUSION, DISPATCHER)


def handed_back() -> Play:
    """A case whose assignee declined, and for which the next candidate is to be asked."""
    play = registered(category="0303").at("03-12 19:46")
    play.do(Act.DISPATCH, DISPATCHER, assignees=["p-electrician"], then_next=True)
    return play.at("03-12 19:50").do(Act.RETURN, ELECTRICIAN)


def reopened() -> Play:
    return closed().at("03-15 09:00").do(Act.REOPEN, RESIDENT)


def verifying() -> Play:
    return opened().do(Act.ASK_VERIFY, DISPATCHER)


def rejected() -> Play:
    return opened().do(Act.REJECT, DISPATCHER)


def withdrawn() -> Play:
    return opened().do(Act.WITHDRAW, RESIDENT)


def merged() -> Play:
    play = opened()
    play.facts = replace(play.facts, target=registered().case)
    return play.do(Act.MERGE, DISPATCHER)


def joined(joining: Case | None = None, **fields: Any) -> Play:
    """The lamp, given to a team, that a neighbour's report was merged into."""
    play = dispatched(**fields).at("03-12 19:48")
    play.facts = replace(play.facts, joining=joining or opened(NEIGHBOUR).case)
    return play.do(Act.JOIN, DISPATCHER)


def forgotten() -> Play:
    """A closed case whose reporter says nothing."""
    return closed().wait_until("03-21 09:00")


def refusal(action: Callable[..., Any], *arguments: Any, **fields: Any) -> Refusal:
    """The refusal that the action ends in."""
    with pytest.raises(Refusal) as refused:
        action(*arguments, **fields)
    return refused.value


def code_of(action: Callable[..., Any], *arguments: Any, **fields: Any) -> str:
    return refusal(action, *arguments, **fields).code
