"""A stage for summons: one that acts are played on, and a sample of each of its events.

`python -m tests.unit.cases.whistle` writes the samples.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cases.case import Case
from cases.deadline import LOCAL
from cases.summons import view
from cases.summons.acts import EVENTS, OPENING, Act, Attempt, Change, check_units, done, draft
from cases.summons.permission import permitted_role
from cases.summons.summons import Summons, ringing
from chassis.caller import Caller
from chassis.instant import written
from tests.unit.cases import play as stage
from tests.unit.cases.play import CLOCK, DISPATCHER, KNOWN, WORKER, caller
from tests.unit.cases.samples import write

UNITS = ("u-housing", "u-power", "u-urban")
HOUSING, POWER, URBAN = (caller(f"p-{unit[2:]}", "unit_contact", scope="360704", unit=unit) for unit in UNITS)
VISIT = datetime(2026, 3, 13, 15, tzinfo=LOCAL)
CALL = {"kind": "joint_enforcement", "units": list(UNITS), "lead_unit_id": "u-housing", "due_on_site": VISIT}
SAID: dict[Act, dict[str, Any]] = {
    Act.ASK: CALL,
    Act.CALL: CALL,
    Act.EXCUSE: {"reason_code": "no_capacity"},
    Act.ARRIVE: {"unit_id": "u-housing"},
    Act.MISS: {"unit_id": "u-urban", "reason_code": "no_answer"},
    Act.SCORE: {"unit_id": "u-housing", "score": 5},
    Act.REMIND: {"bell": "acknowledge.half"},
}
"""For each act what it needs to succeed, where it needs anything."""


@dataclass
class Whistle:
    """A summons at its present version, the case that it is for, and the time."""

    case: Case = field(default_factory=lambda: stage.registered().case)
    now: datetime = datetime(2026, 3, 13, 9, tzinfo=LOCAL)
    summons: Summons | None = None
    history: tuple[dict[str, Any], ...] = ()

    def at(self, text: str) -> "Whistle":
        """Set the clock to `MM-DD HH:MM` of 2026, local time."""
        self.now = datetime.fromisoformat(f"2026-{text}").replace(tzinfo=LOCAL)
        return self

    def do(self, act: Act, who: Caller, **fields: Any) -> "Whistle":
        """Play one act, with the example's fields and those that are given besides; `...` leaves one out."""
        said = {name: value for name, value in (SAID.get(act, {}) | fields).items() if value is not ...}
        before = draft("summons-1", act, self.case, who, said, self.now) if act in OPENING else self.summons
        assert before is not None
        role = permitted_role(act, before, self.case, who)
        change = done(act, Attempt(before, self.case, who, self.now, said))
        if act in {*OPENING, Act.GRANT}:
            check_units(change.summons, self.case, [vars(KNOWN[unit]) for unit in change.summons.unit_ids])
        self.summons = change.summons
        self.history = (*self.history, self._told(act, change, {"id": who.id, "role": role}))
        return self

    def ring(self) -> "Whistle":
        """What the clock does now."""
        bell = ringing(self.kept, self.now)
        assert bell is not None
        return self.do(Act.REMIND, CLOCK, bell=bell.value)

    @property
    def kept(self) -> Summons:
        assert self.summons is not None
        return self.summons

    @property
    def last(self) -> dict[str, Any]:
        """The data of the last event."""
        data: dict[str, Any] = self.history[-1]["data"]
        return data

    def about(self, unit: str) -> "Whistle":
        """The same, where the case complains of the unit from now on."""
        self.case = replace(self.case, complained_unit_id=unit)
        return self

    def _told(self, act: Act, change: Change, by: dict[str, Any]) -> dict[str, Any]:
        version = len(self.history) + 1
        envelope = {"summons_id": change.summons.id, "version": version, "at": written(self.now), "by": by}
        return {"type": EVENTS[act], "at": self.now, "data": {**envelope, **view.told(change, self.case)}}


def called(**fields: Any) -> Whistle:
    return Whistle().do(Act.CALL, DISPATCHER, **fields)


def asked(**fields: Any) -> Whistle:
    return Whistle().do(Act.ASK, WORKER, **fields)


def visited() -> Whistle:
    """F40: two units come to the visit at 15:00, the third does not and does not answer."""
    play = asked().at("03-13 09:20").do(Act.GRANT, DISPATCHER).at("03-13 09:30").do(Act.ACKNOWLEDGE, HOUSING)
    play.do(Act.ACKNOWLEDGE, POWER).at("03-13 12:10").ring()
    play.at("03-13 14:55").do(Act.ARRIVE, WORKER).do(Act.ARRIVE, WORKER, unit_id="u-power")
    return play.at("03-13 15:20").ring().do(Act.MISS, WORKER)


def plays() -> Iterable[Whistle]:
    """Summons that between them have every kind of event; where one has a kind twice, the first counts."""
    yield visited().do(Act.SCORE, WORKER)
    yield asked().do(Act.DECLINE, DISPATCHER)


def samples() -> dict[str, dict[str, Any]]:
    """The samples by type, with ids that do not depend on what was played before."""
    found: dict[str, dict[str, Any]] = {}
    for number, play in enumerate(plays()):
        names = {play.kept.id: _uuid(number, 0), play.case.id: _uuid(90, 0)}
        for each in play.history:
            text = json.dumps(_enveloped(each, _uuid(number, each["data"]["version"])), ensure_ascii=False)
            for name, id in names.items():
                text = text.replace(f'"{name}"', f'"{id}"').replace(f"summons/{name}", f"summons/{id}")
            found.setdefault(each["type"], json.loads(text))
    return found


def _enveloped(each: dict[str, Any], id: str) -> dict[str, Any]:
    data = each["data"]
    return {
        "specversion": "1.0",
        "id": id,
        "source": "/services/cases",
        "type": each["type"],
        "subject": f"summons/{data['summons_id']}",
        "time": written(each["at"]),
        "sequence": data["version"],
        "key": f"{data['grid_code']}.{data['category']}",
        "data": data,
    }


def _uuid(play: int, entry: int) -> str:
    return f"0195f3c1-0000-7000-8000-{play:04}{entry:08}"


if __name__ == "__main__":
    write(samples())
