"""What is odd in the demo's district: commands of the service, given at moments of the period (docs/domain.md §8.5)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from chassis.instant import written
from chassis.mongo import Home
from members.demo.district import District
from members.demo.plots import SPLIT, halves
from members.drawing.desk import DrawingDesk
from members.drawing.store import DrawingStore
from members.identities.desk import IdentityDesk
from members.organisations.store import UnitStore
from members.patrols.desk import PatrolDesk
from members.patrols.store import PatrolStore
from members.people.person import LOCAL
from members.people.store import PeopleStore
from members.territory.grid import Grid
from members.territory.store import TerritoryStore

OFFICE = "p-admin"
OF_THREE_TAGS, DISCREET = "p-rider-38", "p-rider-39"
"""A rider who shows every special identity, and one who shows none any more and was on patrol without a network."""

TEXT = "2025-07"
"""The version of the text to which they agree."""

SHOWN, HIDDEN = datetime(2025, 9, 3, 20, tzinfo=LOCAL), datetime(2026, 1, 15, 21, tzinfo=LOCAL)
PATROL_BEGAN = datetime(2025, 9, 20, 9, tzinfo=LOCAL)
PATROL_ENDED = PATROL_BEGAN + timedelta(minutes=65)
NETWORK_AGAIN = PATROL_BEGAN + timedelta(hours=23, minutes=30)
SPLIT_PLANNED, SPLIT_AT = datetime(2025, 9, 26, 10, tzinfo=LOCAL), datetime(2025, 10, 9, tzinfo=LOCAL)

STEP = timedelta(minutes=5)
"""How often the phone of who is on patrol notes where it is."""

Given = Mapping[str, Any]


class SetClock:
    """A clock that shows what it was set to."""

    moment = SHOWN

    def now(self) -> datetime:
        """That moment."""
        return self.moment


class Desks(DrawingDesk, IdentityDesk, PatrolDesk):
    """The desks of the service, outside of it: on the stores of the demo, with a clock that is set."""

    def __init__(self, home: Home, clock: SetClock) -> None:
        self.clock = clock
        self.drawings, self.territory, self.organisations = DrawingStore(home), TerritoryStore(home), UnitStore(home)
        self.people, self.patrols_kept = PeopleStore(home), PatrolStore(home)


class Edges:
    """Gives the commands; each has an id of its own and may be given again."""

    def __init__(self, demo: District, home: Home) -> None:
        self._clock = SetClock()
        self._desks, self._base_grids = Desks(home, self._clock), demo.base_grids
        asked = {OFFICE, OF_THREE_TAGS, DISCREET}
        self._callers = {each.person.id: each.person.caller().dump() for each in demo.people if each.person.id in asked}

    def play(self) -> str:
        """All of it, in the order of time; say in one line what was played. Raises `Refusal` where the rules do."""
        self._show(OF_THREE_TAGS, "party_member", "veteran")
        self._show(DISCREET, "rider_party_member")
        self._go_on_patrol()
        self._split()
        self._do(HIDDEN, DISCREET, "hide", self._desks.hide_identity, kind="rider_party_member")
        return "played three identities, one of them hidden again, a patrol without network and the split of a grid"

    def _show(self, who: str, *kinds: str) -> None:
        for kind in kinds:
            self._do(SHOWN, who, f"show-{kind}", self._desks.show_identity, kind=kind, text_version=TEXT)

    def _go_on_patrol(self) -> None:
        """All that a phone kept without a network is told a day later, and the way told twice counts once."""
        began, ended = {"started_at": written(PATROL_BEGAN)}, {"stopped_at": written(PATROL_ENDED)}
        where = {"grid_code": SPLIT, "text_version": TEXT}
        begun = self._do(NETWORK_AGAIN, DISCREET, "patrol", self._desks.start_patrol, **where, **began)
        which = {"patrol_id": begun["patrol_id"]}
        way = _way(next(grid for grid in self._base_grids if grid.code == SPLIT))
        for _ in range(2):
            self._desks.upload_points(self._callers[DISCREET], **which, items=way)
        self._do(NETWORK_AGAIN, DISCREET, "patrol-over", self._desks.stop_patrol, **which, **ended)

    def _split(self) -> None:
        """Planned by the office, carried out by the clock."""
        opens = {"type": "FeatureCollection", "features": [_feature(grid) for grid in halves(self._base_grids)]}
        plan = {"at": written(SPLIT_AT), "closes": [SPLIT], "opens": opens}
        self._do(SPLIT_PLANNED, OFFICE, "split", self._desks.plan_redrawing, **plan)
        self._clock.moment = SPLIT_AT
        self._desks.carry_out_redrawings()

    def _do(self, at: datetime, who: str, command: str, act: Callable[..., dict[str, Any]], /, **given: Any) -> Given:
        """Give a command as that person at that moment: its receipt."""
        self._clock.moment = at
        return act(self._callers[who], f"demo-{command}", **given)


def _way(grid: Grid) -> Sequence[Given]:
    """From one corner of the grid towards the opposite one, as far as it goes."""
    (west, south), (east, north) = grid.ring[0], grid.ring[2]
    number = (PATROL_ENDED - PATROL_BEGAN) // STEP
    return [
        {
            "point_id": f"demo-{n}",
            "at": written(PATROL_BEGAN + n * STEP),
            "lon": round(west + (east - west) * (n + 1) / (number + 1), 6),
            "lat": round(south + (north - south) * (n + 1) / (number + 1), 6),
        }
        for n in range(number)
    ]


def _feature(grid: Grid) -> Given:
    facts = {"grid_code": grid.code, "name": grid.name, "level": grid.level.value, "parent": grid.parent}
    return {
        "type": "Feature",
        "properties": {**facts, "population": grid.population},
        "geometry": {"type": "Polygon", "coordinates": [[list(point) for point in grid.ring]]},
    }
