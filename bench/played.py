"""Plays cases by the rules of the service itself, with seeded dice: the patterns that stored cases are copied from."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.collection import Collection

from bench.stage import Document, Stage
from cases import act_schemas, schemas
from cases.act import Act
from cases.casework import Casework
from cases.category import Category, in_force
from cases.store import CaseStore, PlaceStore
from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.schema import load
from chassis.setup import indexed
from members.demo.district import district
from members.people import views
from members.people.person import Person
from members.territory.compound import Compound

SCRATCH = "bench_played"
SEED = 360704
BEGIN = datetime(2026, 3, 2, 0, tzinfo=UTC)
"""A Monday, 08:00 in Asia/Shanghai: the patterns are played within the week after it."""

REPORTS = (
    "楼道垃圾没人清理，有味道。",
    "小广告贴满了单元门。",
    "路面破损，骑车容易摔。",
    "小区门口有人占道摆摊。",
    "垃圾桶满了两天没人收。",
)
DONE = ("已处理完毕，请查看。", "现场已清理。", "已修复，恢复正常。")
CLOSED, RATED, REWORKED, RETURNED = 0.9, 0.5, 0.06, 0.08
REFUSED = 0.04
UNFINISHED = (("register",), ("register", "dispatch", "accept", "arrive"), ("register", "ask"))


class NoBytes:
    """Photos without their bytes: a case names them by id."""

    def check_free(self, ids: Sequence[str], owner: str, case_id: str) -> None:
        """Every id is new."""

    def attach(self, ids: Sequence[str], case_id: str, *, anonymous: bool = False) -> None:
        """There is nothing to attach."""


class DemoMembers:
    """What members would answer about the demo people."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._people = people

    def assignees(self, *, ids: list[str], tenant: str) -> list[dict[str, Any]]:
        """The facts about people."""
        return [views.person_as_assignee(id, self._people[id], BEGIN) for id in ids]


@dataclass
class Player:
    """Plays one case after the other."""

    cases: CaseStore
    places: PlaceStore
    dice: random.Random
    now: datetime = BEGIN
    _people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        demo = district()
        self._people = {each.person.id: each.person for each in demo.people}
        self._compounds = demo.compounds
        self._work = Casework(self.cases, self.places, NoBytes(), DemoMembers(self._people))  # type: ignore[arg-type]
        self._kinds = [kind for kind in in_force(BEGIN).categories.values() if _plain(kind)]

    def play(self) -> None:
        """One case, from its report to wherever the dice let it end."""
        self.now = BEGIN + timedelta(minutes=self.dice.randrange(5 * 24 * 60))
        compound, kind = self.dice.choice(self._compounds), self.dice.choice(self._kinds)
        case_id = self._report(compound)
        fate = self.dice.random()
        if fate < REFUSED:
            self._act(case_id, "p-dispatcher", Act.REJECT, reason_code="insufficient", text="请补充具体位置。")
        elif fate < REFUSED + CLOSED:
            self._to_the_end(case_id, self._worker(compound), kind)
        else:
            self._part_of_the_way(case_id, self._worker(compound), kind)

    def _report(self, compound: Compound) -> str:
        lon, lat = compound.at
        body = {
            "text": self.dice.choice(REPORTS),
            "location": {"lon": lon + self._off(), "lat": lat + self._off()},
            "compound_id": compound.id,
            "photos": [new_id() for _ in range(self.dice.choice((0, 1, 1, 2)))],
        }
        asked = self._asked(self._resident(), body)
        receipt = self._work.report(asked, load(schemas.ReportSchema(), body))
        return str(receipt["case_id"])

    def _to_the_end(self, case_id: str, worker: str, kind: Category) -> None:
        self._act(case_id, "p-dispatcher", Act.REGISTER, category=kind.code)
        self._act(case_id, "p-dispatcher", Act.DISPATCH, assignees=[worker])
        if self.dice.random() < RETURNED:
            self._act(case_id, worker, Act.RETURN, reason_code="no_capacity")
            self._act(case_id, "p-dispatcher", Act.DISPATCH, assignees=[worker], reason_code="nobody_else")
        self._act(case_id, worker, Act.ACCEPT)
        self._act(case_id, worker, Act.ARRIVE)
        self._finish(case_id, worker)
        if self.dice.random() < REWORKED:
            self._act(case_id, "p-inspector", Act.REWORK, reason_code="poor_quality")
            self._finish(case_id, worker)
        self._act(case_id, "p-inspector", Act.INSPECT_PASS, text="现场查看，已解决。")
        if self.dice.random() < RATED:
            self._act(
                case_id, self._reporter(case_id), Act.RATE, solved="yes", satisfaction=self.dice.choice((3, 4, 4))
            )

    def _finish(self, case_id: str, worker: str) -> None:
        self._act(case_id, worker, Act.FEEDBACK, text=self.dice.choice(DONE), photos=[new_id()])

    def _part_of_the_way(self, case_id: str, worker: str, kind: Category) -> None:
        """An open case; none that waits for an acceptance, which the clock would take away at once."""
        said: Mapping[str, tuple[str, dict[str, Any]]] = {
            "register": ("p-dispatcher", {"category": kind.code}),
            "dispatch": ("p-dispatcher", {"assignees": [worker]}),
            "accept": (worker, {}),
            "arrive": (worker, {}),
            "ask": ("p-dispatcher", {"text": "请问是几号楼？"}),
        }
        for act in self.dice.choice(UNFINISHED):
            self._act(case_id, said[act][0], Act(act), **said[act][1])

    def _act(self, case_id: str, who: str, act: Act, **body: Any) -> None:
        self.now += timedelta(minutes=self.dice.randint(3, 240), milliseconds=self.dice.randrange(1000))
        content = {"case_id": case_id, "act": act.value, "fields": body}
        self._work.move(self._asked(who, content), case_id, act, load(act_schemas.ACTS[act], body))

    def _asked(self, who: str, content: Mapping[str, Any]) -> Asked:
        person = self._people[who]
        caller: Caller = person.caller()
        return Asked(caller, new_id(), digest(content), self.now)

    def _resident(self) -> str:
        return f"p-member-{self.dice.randint(5, 3000):04d}"

    def _reporter(self, case_id: str) -> str:
        return str(self.cases.load(case_id, None).case.reporter.id)

    def _worker(self, compound: Compound) -> str:
        fit = [
            person.id
            for person in self._people.values()
            if any(grant.role == "community_worker" and grant.scope == compound.grid_code for grant in person.grants)
        ]
        return self.dice.choice(fit)

    def _off(self) -> float:
        return self.dice.uniform(-0.0003, 0.0003)


@contextmanager
def played(stage: Stage, number: int) -> Iterator[Collection[Document]]:
    """So many cases played in a database of their own, as the service keeps them; it is dropped with the block."""
    scratch = stage.client[SCRATCH]
    places, dice = PlaceStore(Home(stage.client["cases"])), random.Random(SEED)  # noqa: S311 - data, no secret
    player = Player(indexed(scratch, CaseStore), places, dice)
    for _ in range(number):
        player.play()
    yield scratch["cases"]
    stage.client.drop_database(SCRATCH)


def _plain(kind: Category) -> bool:
    """Whether a community worker may take it without a licence, and everybody may see it."""
    return not (kind.certificates or kind.restricted or kind.is_consultation or kind.severity == "E")
