"""The plan of the demo's cases, made of one seed: the same on every machine (docs/domain.md §8.2, §8.3, §8.5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from cases.act import Act
from cases.deadline import LOCAL
from cases.demo import site as siting
from cases.demo.course import Course, Matter
from cases.demo.district import District
from cases.demo.hands import DISPATCHER, Crew
from cases.demo.kinds import CAN_BE_LATE, window
from cases.demo.parts import Edge, Part, parts
from cases.demo.quota import MERGED, REJECTED, Silence
from cases.demo.reports import Filed, Reports, asker, words
from cases.demo.site import Site, sites
from cases.demo.sittings import Held, sessions
from cases.demo.story import NOW, OPENS, SEED, Plan, Sitting, Step, Story
from cases.demo.wording import AGAIN, WITH_A_PHONE
from cases.demo.wording import REJECTED as REASONS
from chassis.instant import written

Item = Mapping[str, Any]

LAMP, LAMPS_AGAIN = "0101", 2
"""Two of the reports that are merged are about one street lamp each."""

EVE_OF_HOLIDAYS = datetime(2025, 9, 30, 16, tzinfo=LOCAL)

WORKED_ON = timedelta(minutes=40)
MINUTES = timedelta(minutes=1)


class Planner:
    """Makes the plan of a district's cases."""

    def __init__(self, district: District, seed: int = SEED) -> None:
        self._chance = Random(f"{seed} cases")  # noqa: S311 - data, no secret
        self._district, self._compounds = district, sites(district)
        self._crew = Crew(district, self._chance)
        self._reports, self._course = Reports(self._crew, self._chance), Course(self._crew, self._chance)
        self._numbers = count(1)

    def plan(self) -> Plan:
        """All stories and sessions; running numbers begin at 1, those of the merged and the rejected come last."""
        held = sessions(self._district, self._compounds, self._chance)
        made = parts(held, self._chance)
        stories: list[Story] = []
        came_up: dict[int, list[tuple[int, Item]]] = {}
        for part in made:
            if part.held is None:
                stories.append(self._reported(next(self._numbers), part))
            else:
                story, item = self._from_session(next(self._numbers), part, held[part.held])
                stories.append(story)
                came_up.setdefault(part.held, []).append((story.number, item))
        sittings = [_sitting(n, each, came_up[n]) for n, each in enumerate(held)]
        again = [*self._merged(stories, made)]
        return Plan([*stories, *again, *self._rejected()], sittings)

    def _reported(self, number: int, part: Part) -> Story:
        """A case that somebody reports by itself."""
        site, at = self._site(part), self._report_time(part)
        complained = site.compound.property_company_id if part.complains else None
        filed = self._filed(part, site, at, complained)
        matter = Matter(part.kind, part.fate, site, at, filed.reporter, complained, part.edge is Edge.UNAIDED)
        steps = [filed.step, *self._course.of(matter, part.verified, part.returns)]
        if part.edge is Edge.TWICE:
            steps = sorted([*steps, replace(filed.step, at=at + timedelta(days=1))], key=lambda step: step.at)
        return Story(number, steps)

    def _filed(self, part: Part, site: Site, at: datetime, complained: str | None) -> Filed:
        if part.fate.silence is Silence.ANONYMOUS:
            return self._reports.nameless(part.kind, site, at, complained)
        filed = self._reports.of(part.source, part.kind, site, at)
        if part.edge is Edge.PHONE:
            return replace(filed, step=replace(filed.step, fields={**filed.step.fields, "text": WITH_A_PHONE}))
        return filed

    def _from_session(self, number: int, part: Part, held: Held) -> tuple[Story, Item]:
        """A case that comes up at a session, and the item that is typed in."""
        able = [held.compound] if held.compound else siting.in_area(self._compounds, held.area)
        compound = self._chance.choice(able)
        complained = compound.property_company_id if part.complains else None
        site = Site(compound, {"compound_id": compound.id})
        item = {"text": words(part.kind, self._chance), "category": part.kind.code, "asker": asker(self._chance)}
        about = {"complained_unit_id": complained} if complained else {}
        matter = Matter(part.kind, part.fate, site, held.typed_in_at, None, complained)
        return Story(number, self._course.of(matter, returns=part.returns), part.held), {**item, **site.said, **about}

    def _site(self, part: Part) -> Site:
        if part.edge is Edge.BORDER:
            east = siting.in_area(self._compounds, siting.EAST_OF_THE_EDGE)
            return Site(east[0], {"location": siting.ON_AN_EDGE})
        if part.edge is Edge.UNAIDED:
            return siting.in_compound(siting.unaided(self._compounds, self._district), self._chance)
        managed = [each for each in self._compounds if each.property_company_id]
        compound = self._chance.choice(managed if part.complains else self._compounds)
        street = part.kind.code.startswith(siting.STREETS)
        return (siting.on_the_street if street else siting.in_compound)(compound, self._chance)

    def _report_time(self, part: Part) -> datetime:
        """Some day of those on which it may be reported, between eight in the morning and nine in the evening."""
        if part.edge is Edge.EVE:
            return EVE_OF_HOLIDAYS
        first, last = window(part.kind, part.fate)
        day = first + timedelta(days=self._chance.randint(0, (last - first).days))
        latest = min(last, day + timedelta(hours=13))
        return day + (latest - day) * self._chance.random()

    def _merged(self, stories: Sequence[Story], made: Sequence[Part]) -> Iterator[Story]:
        """Second reports of what is being seen to."""
        able = [(story, part.kind.code) for story, part in zip(stories, made, strict=True) if _takes_in(story, part)]
        lamps = [story for story, code in able if code == LAMP][:LAMPS_AGAIN]
        others = [story for story, code in able if code != LAMP]
        for target in [*lamps, *self._chance.sample(others, MERGED - len(lamps))]:
            yield self._again(target)

    def _again(self, target: Story) -> Story:
        first, taken = target.steps[0], next(each for each in target.steps if each.act == Act.ACCEPT)
        at = taken.at + 5 * MINUTES
        site = {name: first.fields[name] for name in ("compound_id", "location") if name in first.fields}
        by = self._chance.choice(self._district.having("resident")).id
        desk = next(each.by for each in target.steps if each.act == Act.REGISTER)
        merge = Step(at + 6 * MINUTES, Act.MERGE, desk, target=target.number)
        return Story(next(self._numbers), [Step(at, Act.REPORT, by, {**site, "text": AGAIN}), merge])

    def _rejected(self) -> Iterator[Story]:
        days = (NOW - OPENS).days
        for n in range(REJECTED):
            code, said, told = REASONS[n % len(REASONS)]
            at = OPENS + timedelta(days=days * n // REJECTED + 3, hours=9, minutes=self._chance.randint(0, 600))
            site = siting.in_compound(self._chance.choice(self._compounds), self._chance)
            report = Step(at, Act.REPORT, self._crew.resident(site), {**site.said, "text": said})
            desk = self._crew.one(DISPATCHER, site.grid_code)
            refusal = Step(at + 12 * MINUTES, Act.REJECT, desk, {"reason_code": code, "text": told})
            yield Story(next(self._numbers), [report, refusal])


def _takes_in(story: Story, part: Part) -> bool:
    """Whether somebody else may report the same while it is worked on."""
    first = story.steps[0]
    if first.act != Act.REPORT or "compound_id" not in first.fields or part.complains or part.edge is not None:
        return False
    times = {step.act: step.at for step in story.steps}
    plain = part.fate.plain and part.kind.severity in CAN_BE_LATE and not part.kind.is_dispute
    return plain and times[Act.FEEDBACK] - times[Act.ACCEPT] > WORKED_ON


def _sitting(number: int, held: Held, came_up: Sequence[tuple[int, Item]]) -> Sitting:
    compound = {"compound_id": held.compound.id} if held.compound else {}
    body = {
        "kind": held.kind.value,
        "area": held.area,
        "held_at": written(held.held_at),
        "attendance": held.attendance,
        "items": [item for _, item in came_up],
        **compound,
    }
    return Sitting(number, held.typed_in_at, held.host, body, [number for number, _ in came_up])
