"""The stores of a play: they answer as those of the service do, of what was played so far, and write nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from cases.case import Case
from cases.demo.district import District
from cases.place import Asset, Compound, Grid, Place, Point, spot, spots_around
from cases.repeat import NEAR_M, Earlier, since
from cases.routing import Unit
from cases.store import CaseStore, PhotoStore, PlaceStore
from cases.store.case_query import COUNTED
from cases.store.cases import Loaded, NumberTaken, Step, Transferred
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Entry


class Docket(CaseStore):
    """The cases that were played so far, each with its history."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.cases: dict[str, Case] = {}
        self.histories: dict[str, list[Entry]] = {}
        self._numbers: set[str] = set()
        self._transfers: dict[str, str] = {}
        self._at: dict[str, list[str]] = defaultdict(list)

    def made_by(self, commands: Sequence[str]) -> list[Mapping[str, Any]]:
        """Nothing: no command of a play is repeated."""
        return []

    def load(self, id: str, tenants: Iterable[str] | None, commands: Sequence[str] = ()) -> Loaded:
        """The case as it stands."""
        return Loaded(self.cases[id], ())

    def add(self, case: Case, entry: Entry) -> None:
        """Keep a new case; raises `NumberTaken` and `Transferred`."""
        if case.number in self._numbers:
            raise NumberTaken
        if case.external_number in self._transfers:
            raise Transferred
        self.enter(case, entry)

    def enter(self, case: Case, entry: Entry) -> None:
        """Keep a new case that is known to be one."""
        self.cases[case.id], self.histories[case.id] = case, [entry]
        self._numbers.add(case.number)
        if case.external_number:
            self._transfers[case.external_number] = case.id
        for where in _found_by(case.place):
            self._at[where].append(case.id)

    def save(self, *steps: Step) -> None:
        """Keep the next version of each case."""
        for step in steps:
            self.cases[step.after.id] = step.after
            self.histories[step.after.id].append(step.entry)

    def transferred(self, external_number: str, tenant: str) -> Mapping[str, Any]:
        """What the first report under this number was answered."""
        return self.histories[self._transfers[external_number]][0].answer or {}

    def like(self, case: Case, category: str, place: Place) -> tuple[Earlier, ...]:
        """The registered cases of that category around the place, the latest first."""
        ids = {id for where in _around(place) for id in self._at[where]} - {case.id}
        found = [each for each in map(self.cases.__getitem__, ids) if each.category == category]
        alike = [each for each in found if each.status in COUNTED and each.reported_at >= since(case.reported_at)]
        alike.sort(key=lambda each: (each.reported_at, each.id), reverse=True)
        return tuple(Earlier(each.id, each.number, each.place) for each in alike)


@dataclass(frozen=True)
class Upload:
    """A photo that somebody has uploaded."""

    id: str
    owner: str
    at: datetime


class Album(PhotoStore):
    """The photos that were uploaded so far, and the cases that have taken them."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.uploads: dict[str, Upload] = {}
        self.taken: dict[str, str] = {}

    def upload(self, id: str, owner: str, at: datetime) -> str:
        """A photo more: its id."""
        self.uploads[id] = Upload(id, owner, at)
        return id

    def check_free(self, photo_ids: Sequence[str], owners: Sequence[str], case_id: str) -> None:
        """Refuses `unknown_photo` as the service does."""
        for id in photo_ids:
            mine = id in self.uploads and self.uploads[id].owner in owners
            if not mine or self.taken.get(id, case_id) != case_id:
                raise Refusal("unknown_photo", photo_id=id)

    def attach(self, photo_ids: Sequence[str], case_id: str, *, anonymous: bool = False) -> None:
        """The case has taken them."""
        self.taken |= dict.fromkeys(photo_ids, case_id)


class Map(PlaceStore):
    """The territory of the demo, and its units."""

    def __init__(self, home: Home, district: District) -> None:
        super().__init__(home)
        self._all = district.grids
        self._codes = {each.code: each for each in district.grids}
        self._by_id = {each.id: each for each in district.compounds}
        self._by_unit = {each.id: each for each in district.units}

    def grids_around(self, point: Point) -> list[Grid]:
        """All of them."""
        return [*self._all]

    def grid(self, code: str) -> Grid | None:
        """The grid with that code."""
        return self._codes.get(code)

    def compound(self, id: str) -> Compound | None:
        """The compound with that id."""
        return self._by_id.get(id)

    def compounds_in(self, grid_code: str) -> list[Compound]:
        """Those of a grid."""
        return [each for each in self._by_id.values() if each.grid_code == grid_code]

    def unit(self, id: str) -> Unit | None:
        """The unit with that id."""
        return self._by_unit.get(id)

    def asset(self, id: str) -> Asset | None:
        """None: the demo's cases are about no registered asset."""
        return None


class Registry:
    """What members would answer."""

    def __init__(self, district: District) -> None:
        self._district = district

    def assignees(self, *, ids: list[str], tenant: str) -> list[dict[str, Any]]:
        """The facts about people and units."""
        return [self._district.facts(id) for id in ids]

    def candidates(self, **_: Any) -> list[dict[str, Any]]:
        """Nobody: in the demo the office finds somebody."""
        return []

    def service_day(self, *, caller: dict[str, Any], activity_id: str) -> NoReturn:
        """Refuses `unknown_activity`: no case of the demo is closed by a service day."""
        raise Refusal("unknown_activity", activity_id=activity_id)


def _found_by(place: Place) -> list[str]:
    compound = [place.compound_id] if place.compound_id else []
    return [*compound, *([spot(place.point)] if place.point else [])]


def _around(place: Place) -> list[str]:
    if place.compound_id:
        return [place.compound_id]
    return spots_around(place.point, NEAR_M) if place.point else []
