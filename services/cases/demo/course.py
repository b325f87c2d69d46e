"""The course of one registered case: its steps from the desk to the answer, at times that its fate asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from cases.act import Act
from cases.category import Category
from cases.deadline import Unit, due, term
from cases.demo.hands import DISPATCHER, INSPECTOR, WORKER, Crew, Hands
from cases.demo.pace import by_day, soon, within
from cases.demo.quota import End, Fate, Silence
from cases.demo.site import Site
from cases.demo.story import NOW, Step
from cases.demo.wording import DONE, NOTES, PARTIES, RECORDS, WORDS_OF_THE_INSPECTOR
from cases.tally import PRESSING
from cases.timer import Timer, rings_at

MINUTES = timedelta(minutes=1)
DAY = timedelta(days=1)
DESK, PRESSED = 24 * MINUTES, 4 * MINUTES
"""How long a report and a registered case wait at the desk at most, less than docs/domain.md §2.2 asks for."""

USUAL, EARLY, MIDDLE, LONG = (0.1, 0.6), (0.05, 0.2), (0.1, 0.45), (0.02, 0.25)
LONG_TERM = timedelta(days=9)
LEFT_AFTER = (15, 85)
"""Minutes that somebody stays on the spot."""


@dataclass(frozen=True)
class Matter:
    """What a course is about; where it is `unaided`, nobody near holds the licence that it needs."""

    kind: Category
    fate: Fate
    site: Site
    reported_at: datetime
    reporter: str | None
    complained: str | None = None
    unaided: bool = False

    @property
    def respond_due(self) -> datetime:
        """When somebody has to have been there or called."""
        return due(self.reported_at, self.kind.respond).at

    @property
    def desk(self) -> timedelta:
        """How long the desk takes for it at most."""
        return PRESSED if self.kind.severity in PRESSING else DESK

    @property
    def resolve_due(self) -> datetime:
        """When it has to be solved."""
        return due(self.reported_at, self.kind.resolve).at


class Course:
    """Steps of one case after the other."""

    def __init__(self, crew: Crew, chance: Random) -> None:
        self._crew, self._chance = crew, chance

    def of(self, matter: Matter, verified: bool = False, returns: int = 0) -> list[Step]:
        """All steps after the report; `verified` on the spot first, and handed back so many times."""
        self._desk = self._crew.one(DISPATCHER, matter.site.grid_code)
        steps = [*self._registered(matter, verified)]
        hands = self._hands(matter)
        for _ in range(returns):
            steps += self._handed_back(matter, steps[-1].at)
        at = steps[-1].at
        if matter.unaided:
            steps.append(self._offered(at))
            at = self._rings(matter, steps[-1].at)
        steps += self._taken(matter, hands, at, again=returns > 0)
        if matter.fate.end is not End.CLOSED:
            return _by_now([*steps, *self._left_open(matter, hands, steps[-1].at)])
        steps += self._solved(matter, hands, steps[-1].at)
        return [*steps, *self._answered(matter, steps[-1].at)]

    def _hands(self, matter: Matter) -> Hands:
        if matter.kind.is_dispute:
            return self._crew.mediator(matter.kind, matter.site)
        if matter.unaided:
            return self._crew.unit(matter.kind, matter.site)
        return self._crew.some(matter.kind, matter.site, matter.complained, matter.reporter or "")

    def _registered(self, matter: Matter, verified: bool) -> Iterator[Step]:
        at = matter.reported_at
        if verified:
            at = soon(at, matter.respond_due, 5 * MINUTES, self._chance)
            yield Step(at, Act.ASK_VERIFY, self._desk, {"text": "请先到现场核实。"})
            at = soon(at, matter.respond_due, 18 * MINUTES, self._chance)
            worker = self._crew.one(WORKER, matter.site.grid_code)
            yield Step(at, Act.VERIFY, worker, {"finding": "confirmed", "text": "情况属实。"})
        at = soon(at, matter.respond_due, 5 * MINUTES if verified else matter.desk, self._chance)
        told = {"complained_unit_id": matter.complained} if matter.complained else {}
        yield Step(at, Act.REGISTER, self._desk, {"category": matter.kind.code, **told})

    def _handed_back(self, matter: Matter, at: datetime) -> Iterator[Step]:
        """To a unit that says that it is not theirs."""
        hands = self._crew.some(matter.kind, matter.site, matter.complained, matter.reporter or "")
        given = self._given(matter, hands, at)
        yield given
        back = within(given.at, self._rings(matter, given.at), EARLY, self._chance)
        yield Step(back, Act.RETURN, hands.lead, {"reason_code": "no_capacity", "text": "目前人手不足。"})

    def _offered(self, at: datetime) -> Step:
        """To whoever holds the licence; where nobody takes it in time, the desk gives it to a unit."""
        return Step(at + 3 * MINUTES, Act.DISPATCH, self._desk, {"places": 1})

    def _given(self, matter: Matter, hands: Hands, at: datetime, again: bool = False) -> Step:
        at = soon(at, matter.respond_due, matter.desk, self._chance) if at < matter.respond_due else at + 3 * MINUTES
        lead = {"lead": hands.assignees[0]} if len(hands.assignees) > 1 else {}
        reason = {"reason_code": "nobody_else"} if again else {"reason_code": "no_capacity"} if matter.unaided else {}
        act = Act.REASSIGN if matter.unaided else Act.DISPATCH
        return Step(at, act, self._desk, {"assignees": list(hands.assignees), **lead, **reason})

    def _rings(self, matter: Matter, given_at: datetime) -> datetime:
        """When somebody has to have taken what was given to them at that moment."""
        return rings_at(Timer.ACCEPT, matter.kind.severity, given_at, matter.respond_due)

    def _taken(self, matter: Matter, hands: Hands, at: datetime, *, again: bool) -> Iterator[Step]:
        """Given to somebody, and accepted by each of them before the time for that is over."""
        given = self._given(matter, hands, at, again)
        yield given
        at = given.at
        for actor in hands.actors:
            at = within(at, self._rings(matter, given.at), USUAL, self._chance)
            yield Step(at, Act.ACCEPT, actor)

    def _there(self, matter: Matter, hands: Hands, at: datetime) -> Iterator[Step]:
        """The first contact, in time or not; whoever goes there leaves again."""
        at = self._first_contact(matter, at)
        if hands.lead == hands.assignees[0] or self._chance.random() < 0.5:
            yield Step(at, Act.ARRIVE, hands.lead, {"location": matter.site.said["location"]} if _shown(matter) else {})
            left = at + self._chance.randint(*LEFT_AFTER) * MINUTES
            if left + 60 * MINUTES < matter.resolve_due and matter.kind.respond.unit is not Unit.MINUTES:
                yield Step(left, Act.LEAVE, hands.lead)
        else:
            yield Step(at, Act.START, hands.lead, {"contact": self._chance.choice(("phone", "message", "visit"))})

    def _first_contact(self, matter: Matter, at: datetime) -> datetime:
        if matter.fate.responded_late:
            return by_day(matter.respond_due + self._chance.uniform(60, 180) * MINUTES, self._chance)
        return within(at, matter.respond_due, USUAL, self._chance)

    def _solved(self, matter: Matter, hands: Hands, at: datetime) -> Iterator[Step]:
        """From the first contact to the inspection that closes it."""
        there = [*self._there(matter, hands, at)]
        yield from there
        at, end = there[-1].at, matter.resolve_due
        if matter.kind.is_dispute:
            mediated = [*self._mediated(matter, hands, at)]
            yield from mediated
            at = mediated[-1].at
        elif self._chance.random() < 0.15:
            at = within(at, end, EARLY, self._chance)
            yield Step(at, Act.NOTE, hands.lead, {"text": self._chance.choice(NOTES)})
        if matter.fate.reworked:
            done = within(at, end, EARLY, self._chance)
            yield self._done(matter, hands, done)
            at = within(done, min(done + DAY, end), EARLY, self._chance)
            inspector = self._crew.one(INSPECTOR, matter.site.grid_code)
            yield Step(at, Act.REWORK, inspector, {"reason_code": "poor_quality", "text": "处理不彻底，请返工。"})
        yield from self._closed(matter, hands, at)

    def _closed(self, matter: Matter, hands: Hands, at: datetime) -> Iterator[Step]:
        """Fed back and inspected before the end of its time; a late one some hours or days after it."""
        end, share = matter.resolve_due, LONG if matter.resolve_due - matter.reported_at > LONG_TERM else MIDDLE
        if matter.fate.late:
            at, end = end, by_day(end + self._chance.uniform(0.3, 5) * DAY, self._chance)
        done = within(at, end, share, self._chance)
        yield self._done(matter, hands, done)
        inspector = self._crew.one(INSPECTOR, matter.site.grid_code)
        checked = within(done, min(end, due(done, term("1wd")).at), (0.1, 0.7), self._chance)
        yield Step(checked, Act.INSPECT_PASS, inspector, {"text": self._chance.choice(WORDS_OF_THE_INSPECTOR)})

    def _done(self, matter: Matter, hands: Hands, at: datetime) -> Step:
        words = self._chance.choice(DONE[matter.kind.code[:2]])
        return Step(at, Act.FEEDBACK, hands.lead, {"text": words}, photos=int(matter.kind.physical))

    def _mediated(self, matter: Matter, hands: Hands, at: datetime) -> Iterator[Step]:
        """Begun, met once, and settled: most agree."""
        end = matter.resolve_due
        parties = [{"name": name, "phone": phone} for name, phone in self._chance.sample(PARTIES, 2)]
        begun = at + self._chance.randint(20, 200) * MINUTES
        yield Step(begun, Act.MEDIATE, hands.lead, {"parties": parties})
        met = within(begun, end, EARLY, self._chance)
        yield Step(met, Act.MEET, hands.lead, {"record": self._chance.choice(RECORDS)})
        at = within(met, end, EARLY, self._chance)
        yield self._settled(hands, at)

    def _settled(self, hands: Hands, at: datetime) -> Step:
        if self._chance.random() < 0.2:
            return Step(at, Act.SETTLE, hands.lead, {"outcome": "not_agreed"})
        own = ("grid_worker", "grid_party_group") if hands.lead == hands.assignees[0] else ("community_committee",)
        by = self._chance.choice((*own, "community_mediation_committee"))
        return Step(at, Act.SETTLE, hands.lead, {"outcome": "agreed", "settled_by": by}, photos=1)

    def _answered(self, matter: Matter, closed_at: datetime) -> Iterator[Step]:
        """What the reporter says, alone or asked by the desk; or that nobody picked up the phone."""
        fate, end = matter.fate, min(closed_at + 2 * DAY, NOW)
        at = within(closed_at, min(end, due(closed_at, term("2wd")).at), USUAL, self._chance)
        if fate.answer is not None:
            solved, mark = fate.answer
            said: Mapping[str, Any] = {"solved": solved.value, "satisfaction": mark}
            alone = matter.reporter is not None
            yield Step(at, Act.RATE, matter.reporter or self._desk, said if alone else {**said, "channel": "voice"})
        elif fate.silence is Silence.CALLED:
            yield Step(at, Act.RATE, self._desk, {"contacted": False, "channel": "voice"})

    def _left_open(self, matter: Matter, hands: Hands, at: datetime) -> Iterator[Step]:
        """Some way, but not to the end: with whoever has it, waiting for money, or waiting for its inspection."""
        stage = self._chance.random()
        if stage < 0.2 or matter.respond_due > NOW - timedelta(hours=2):
            return
        there = [*self._there(matter, hands, at)]
        yield from there
        at = there[-1].at
        if stage < 0.3:
            yield self._done(matter, hands, within(max(at, NOW - DAY), NOW, MIDDLE, self._chance))
        elif stage < 0.45 and matter.fate.end is End.AHEAD:
            asked = within(at, NOW, EARLY, self._chance)
            yield Step(asked, Act.ASK_SUSPEND, hands.lead, {"reason_code": "funds", "text": "等待维修资金。"})
            at = within(asked, NOW, EARLY, self._chance)
            yield Step(at, Act.SUSPEND, self._desk, {"reason_code": "funds", "review_on": "2026-04-20"})
        else:
            yield Step(within(at, NOW, USUAL, self._chance), Act.NOTE, hands.lead, {"text": self._chance.choice(NOTES)})


def _by_now(steps: list[Step]) -> list[Step]:
    """Those that have been taken by the end of the period."""
    return [step for step in steps if step.at < NOW]


def _shown(matter: Matter) -> bool:
    return "location" in matter.site.said
