"""What the checks of coverage look at: plain facts about an area as they stood at the end of a local day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from chassis.polygon import contains

Point = tuple[float, float]
"""Longitude and latitude in degrees, WGS84."""

Ring = tuple[Point, ...]


@dataclass(frozen=True)
class GridFact:
    """A grid that is in force on the day: `level` as the territory names it, `since` the day on which it was opened."""

    code: str
    name: str
    level: str
    ring: Ring
    since: date
    parent: str | None = None
    households: int = 0

    def holds(self, point: Point) -> bool:
        """Whether the point is inside, left and bottom edges included, right and top ones not (§4)."""
        return contains(self.ring, *point)


@dataclass(frozen=True)
class PostFact:
    """A post on a grid: held from a day, included, until another, excluded (None: it has no end)."""

    grid_code: str
    post: str
    person_id: str
    since: date
    until: date | None = None

    def held_on(self, day: date) -> bool:
        """Whether the person holds the post on the day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class SiteFact:
    """A compound, or one of its buildings where they are registered; `fallback` is who repairs what nobody manages."""

    id: str
    name: str
    at: Point
    kind: str = "compound"
    managed: bool = True
    fallback: str | None = None


@dataclass(frozen=True)
class OrganisationFact:
    """An organisation that has to lie in grids: its kind, and the grids that it is tied to."""

    id: str
    name: str
    kind: str
    grid_codes: tuple[str, ...]


@dataclass(frozen=True)
class GroupFact:
    """The party group of a grid on the day: who leads it, who sits in which capacity, when it met last."""

    grid_code: str
    leader: str | None
    capacities: frozenset[str]
    met: date | None


@dataclass(frozen=True)
class StationFact:
    """A rest station that is open on the day."""

    id: str
    name: str
    at: Point


@dataclass(frozen=True)
class CensusFact:
    """New-employment workers: how many are known, how many there may be, and who of the known is linked to no grid or
    station: masked nicknames by id.
    """

    known: int
    estimated: int | None
    unlinked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class VisitFact:
    """An address of a door-knock round: visited, refused, or how often nobody answered."""

    id: str
    name: str
    visited: bool
    no_answers: int = 0
    refused: bool = False


@dataclass(frozen=True)
class UnitFact:
    """A unit that is obliged to register with a community, and whether it has."""

    id: str
    name: str
    registered: bool


@dataclass(frozen=True)
class Facts:
    """All of it, about the area of that code.

    `areas` are the districts, agencies and communities that exist, with their names, and `communities` those of them
    that lie in the area; `outline` is the service area as registered (None: nobody registered one). `reached` says for
    each person when a notice was delivered last, `sessions` for each community when one was held, `served` which
    compounds had one of the last service days (None: none are recorded), `names` what people are called.
    """

    day: date
    areas: Mapping[str, str] = field(default_factory=dict)
    communities: tuple[str, ...] = ()
    outline: tuple[Ring, ...] | None = None
    grids: tuple[GridFact, ...] = ()
    posts: tuple[PostFact, ...] = ()
    sites: tuple[SiteFact, ...] = ()
    organisations: tuple[OrganisationFact, ...] = ()
    groups: tuple[GroupFact, ...] = ()
    stations: tuple[StationFact, ...] = ()
    area: str = ""
    census: CensusFact = CensusFact(0, None)
    visits: tuple[VisitFact, ...] = ()
    units: tuple[UnitFact, ...] = ()
    reached: Mapping[str, date] = field(default_factory=dict)
    sessions: Mapping[str, date] = field(default_factory=dict)
    served: frozenset[str] | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def service_grids(self) -> tuple[GridFact, ...]:
        """The grids to which 1+1+N and the party groups belong."""
        return tuple(grid for grid in self.grids if grid.level == "SERVICE")

    @property
    def compounds(self) -> tuple[SiteFact, ...]:
        """The compounds, without their buildings."""
        return tuple(site for site in self.sites if site.kind == "compound")

    def name(self, id: str) -> str:
        """What somebody or some place is called, or the id itself."""
        return self.names.get(id) or self.areas.get(id) or id
