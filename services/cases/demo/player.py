"""Plays the plan in the order of time by the rules of the service, and rings its clock in between."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any

from cases import act_schemas, schemas
from cases.act import Act
from cases.alarm import next_alarm
from cases.case import Case
from cases.casework import Casework
from cases.demo.district import District
from cases.demo.docket import Album, Docket, Map, Registry
from cases.demo.story import NOW, SEED, Plan, Sitting, Step, Story
from cases.escalation import see_to
from cases.intake_sessions.holding import IntakeSessions
from cases.intake_sessions.schemas import IntakeSessionSchema
from cases.intake_sessions.store import IntakeSessionStore
from cases.match_lists.asking import Demands
from cases.match_lists.store import MatchListStore
from chassis.command import Asked, digest
from chassis.ids import id_at
from chassis.mongo import Home
from chassis.outbox import Entry
from chassis.records import Writing
from chassis.schema import load

CHANCES = 1 << 74


@dataclass(frozen=True)
class Alarm:
    """The clock has to see to a case, unless it has moved on since this version."""

    case_id: str
    version: int


def command(number: int) -> str:
    """The id of the command by which the case with that running number is reported."""
    return f"demo-{number:04d}"


Deed = tuple[int, Step] | Sitting | Alarm


class Player:
    """Everything that was played so far; nothing of it is in the database."""

    def __init__(self, home: Home, district: District, seed: int = SEED) -> None:
        self.docket, self.album = Docket(home), Album(home)
        self.sessions: list[Writing] = []
        self._dice = Random(f"{seed} play")  # noqa: S311 - data, no secret
        self._now = NOW
        self._callers, self._registry = district.callers, Registry(district)
        places = Map(home, district)
        self._work = Casework(self.docket, places, self.album, self._registry, self._make_id, self._dice.randrange)
        demands = Demands(MatchListStore(home), self._work)
        self._sittings = IntakeSessions(IntakeSessionStore(home), self._work, demands)
        self._cases: dict[int, str] = {}
        self._waiting: list[tuple[datetime, int, Deed]] = []

    def histories(self) -> Iterator[tuple[Case, list[Entry]]]:
        """Every case and its history, in the order of their running numbers."""
        for _, id in sorted(self._cases.items()):
            yield self.docket.cases[id], self.docket.histories[id]

    def play(self, plan: Plan, until: datetime = NOW) -> None:
        """Everything until then; raises `Refusal` for what the rules do not allow."""
        self._waiting = [(at, n, deed) for n, (at, deed) in enumerate(_deeds(plan))]
        heapify(self._waiting)
        while self._waiting and self._waiting[0][0] <= until:
            self._now, _, deed = heappop(self._waiting)
            self._do(deed)

    def _do(self, deed: Deed) -> None:
        match deed:
            case Sitting():
                self._sit(deed)
            case Alarm():
                self._ring(deed)
            case (number, step):
                self._take(number, step)

    def _take(self, number: int, step: Step) -> None:
        if step.act == Act.REPORT:
            # What comes a second time comes by another command.
            asked = self._asked(step.by, step.fields, None if number in self._cases else command(number))
            receipt = self._work.report(asked, load(schemas.ReportSchema(), step.fields))
            self._cases[number] = receipt["case_id"]
        else:
            self._move(self._cases[number], step)
        self._watch(self._cases[number])

    def _move(self, case_id: str, step: Step) -> None:
        act, said = Act(step.act), {**step.fields, **self._shown(step)}
        if step.target is not None:
            said["target_case_id"] = self._cases[step.target]
        content = {"case_id": case_id, "act": act.value, "fields": said}
        self._work.move(self._asked(step.by, content), case_id, act, load(act_schemas.ACTS[act], said))

    def _shown(self, step: Step) -> dict[str, list[str]]:
        """The photos that are taken for the act, in the field that takes them."""
        field = "agreement" if step.act == Act.SETTLE else "photos"
        ids = [self.album.upload(self._make_id(), step.by, self._now) for _ in range(step.photos)]
        return {field: ids} if ids else {}

    def _sit(self, sitting: Sitting) -> None:
        """A session is typed in: all that came up are cases from now on."""
        fields = load(IntakeSessionSchema(), sitting.body)
        writings, looked = self._sittings.drawn_up(self._asked(sitting.host, sitting.body), fields)
        self.sessions.append(writings[0])
        for number, item in zip(sitting.cases, looked, strict=True):
            if item.case is not None and item.writing is not None:
                self.docket.enter(item.case, item.writing.change.entries[0])
                self._cases[number] = item.case.id
                self._watch(item.case.id)

    def _ring(self, alarm: Alarm) -> None:
        """What the clock does with the case; it may ring again at once for something else."""
        case = self.docket.cases[alarm.case_id]
        if case.version == alarm.version:
            see_to(self._work, self._registry, case, self._now)
            if self.docket.cases[case.id].version > case.version:
                self._watch(case.id)

    def _watch(self, case_id: str) -> None:
        """Have the clock see to the case when it has to next."""
        case = self.docket.cases[case_id]
        if at := next_alarm(case):
            heappush(self._waiting, (max(at, self._now), -self._dice.getrandbits(40), Alarm(case_id, case.version)))

    def _asked(self, who: str, content: Mapping[str, Any], command_id: str | None = None) -> Asked:
        return Asked(self._callers[who], command_id or self._make_id(), digest(content), self._now)

    def _make_id(self) -> str:
        return id_at(self._now, self._dice.randrange(CHANCES))


def _deeds(plan: Plan) -> Iterator[tuple[datetime, Deed]]:
    for sitting in plan.sittings:
        yield sitting.at.astimezone(UTC), sitting
    for story in plan.stories:
        yield from _steps(story)


def _steps(story: Story) -> Iterator[tuple[datetime, Deed]]:
    yield from ((step.moment, (story.number, step)) for step in story.steps)
