"""Who suits a task: people ranked by skill, licence, nearness, free time and load, with reasons for each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from members.area import agency_of, community_of, tenant_of
from members.people.person import Kind, Person, free_at, kind_of
from members.people.skill import CERTIFICATES, SKILLS
from members.territory.compound import Point
from members.territory.distance import distance_m

FAR_M = 3_000
"""Metres from which on a longer way makes no difference any more."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Task:
    """What is to be done, where and when; `skills` are wanted (at least one), `certificates` are required.

    Of the units that are excluded nobody is proposed.
    """

    grid_code: str
    at: datetime
    place: Point | None = None
    skills: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    exclude_units: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Helper:
    """A person with the number of tasks now in their hands and the last time that they were asked to take one.

    Being asked is not having taken it: who declines waits like everybody else for the next turn.
    """

    person: Person
    load: int = 0
    last_asked: datetime | None = None


@dataclass(frozen=True)
class Reason:
    """One sentence for a proposal: a stable code, and the text in Chinese and English."""

    code: str
    zh: str
    en: str


WEIGHTS = {"skill": 20.0, "place": 30.0, "distance": 8.0, "free": 32.0, "load": 10.0}
"""What each part adds at most, 100 in all (docs/domain.md §2.1): being free outweighs living next door."""

TIERS: tuple[tuple[Callable[[str], str], float, Reason], ...] = (
    (lambda code: code, 1.0, Reason("same_grid", "住在本网格", "lives in the same grid")),
    (community_of, 2 / 3, Reason("same_community", "住在本社区", "lives in the same community")),
    (agency_of, 1 / 3, Reason("same_agency", "住在本街镇", "lives in the area of the same agency")),
)
"""Who is looked for first: in the grid, the community, the town of the agency; else registered in the district.

A tier is worth 10, more than any way within it: of those who are equal otherwise, the nearer tier comes first.
"""


SAME_DISTRICT = Reason("same_district", "在本区登记", "registered in the district")


@dataclass(frozen=True)
class Candidate:
    """A proposed person: `score` of 100 and the `parts` that add up to it.

    `distance_m` is the way from home in tens of metres, or None if unknown.
    """

    person_id: str
    kind: Kind
    score: float
    parts: Mapping[str, float]
    reasons: tuple[Reason, ...]
    distance_m: int | None
    load: int


@dataclass(frozen=True)
class Part:
    """A share of the score (0 to 1) with the sentence that explains it, if there is one to say."""

    name: str
    share: float
    reason: Reason | None = None


def rank(task: Task, helpers: Iterable[Helper], limit: int) -> list[Candidate]:
    """The best candidates for the task, best first; of equals who was asked least recently, then by id."""
    suited = ((helper, assess(task, helper)) for helper in helpers if eligible(task, helper.person))
    ordered = sorted(suited, key=lambda pair: _order(*pair))
    return [candidate for _, candidate in islice(ordered, limit)]


def eligible(task: Task, person: Person) -> bool:
    """Whether the person may be proposed: active, not excluded, of the district, skilled and licensed."""
    return (
        person.active
        and not person.ids & task.exclude
        and person.unit_id not in task.exclude_units
        and person.tenant == tenant_of(task.grid_code)
        and kind_of(person) is not None
        and (not task.skills or bool(task.skills & person.skills))
        and task.certificates <= set(person.licences(task.at))
    )


def assess(task: Task, helper: Helper) -> Candidate:
    """The candidate that an eligible person makes for the task."""
    person = helper.person
    kind = kind_of(person)
    if kind is None:
        raise ValueError(f"{person.id} takes no tasks")
    metres = _way(task, person)
    parts = [
        _skill(task, person),
        _place(task, person),
        _distance(metres),
        _free(task, person),
        _load(helper),
    ]
    points = {part.name: round(WEIGHTS[part.name] * part.share, 1) for part in parts}
    return Candidate(
        person_id=person.id,
        kind=kind,
        score=round(sum(points.values()), 1),
        parts=points,
        reasons=(*_licences(task), *(part.reason for part in parts if part.reason)),
        distance_m=metres,
        load=helper.load,
    )


def _order(helper: Helper, candidate: Candidate) -> tuple[float, datetime, str]:
    return -candidate.score, helper.last_asked or LONG_AGO, candidate.person_id


def _way(task: Task, person: Person) -> int | None:
    """The way from home in tens of metres: near enough to rank, too coarse to find a door."""
    if task.place is None or person.home is None:
        return None
    return round(distance_m(task.place, person.home.at) / 10) * 10


def _skill(task: Task, person: Person) -> Part:
    shared = sorted(task.skills & person.skills)
    share = len(shared) / len(task.skills) if task.skills else 1.0
    return Part("skill", share, _named("skill", "具备技能：", "has the skill: ", shared, SKILLS))


def _licences(task: Task) -> tuple[Reason, ...]:
    held = _named("certificate", "持有证书：", "holds the ", sorted(task.certificates), CERTIFICATES)
    return (held,) if held else ()


def _named(code: str, zh: str, en: str, kinds: list[str], names: Mapping[str, tuple[str, str]]) -> Reason | None:
    if not kinds:
        return None
    known = [names.get(kind, (kind, kind)) for kind in kinds]
    return Reason(code, zh + "、".join(name[0] for name in known), en + ", ".join(name[1] for name in known))


def _place(task: Task, person: Person) -> Part:
    if person.home is None:
        return _unhoused(task, person)
    home = person.home.grid_code
    for area, share, reason in TIERS:
        if area(home) == area(task.grid_code):
            return Part("place", share, reason)
    return Part("place", 0.0, SAME_DISTRICT)


def _unhoused(task: Task, person: Person) -> Part:
    """Whose home nobody knows is near by the community that they are registered with, and by nothing nearer."""
    if person.registered_with == community_of(task.grid_code):
        return Part("place", 2 / 3, Reason("registered_here", "在本社区报到", "registered with the same community"))
    return Part("place", 0.0, SAME_DISTRICT)


def _distance(metres: int | None) -> Part:
    if metres is None:
        return Part("distance", 0.0)
    share = max(0.0, 1 - metres / FAR_M)
    return Part("distance", share, Reason("distance", f"距现场约{metres}米", f"about {metres} m from the place"))


def _free(task: Task, person: Person) -> Part:
    if free_at(person.free_times, task.at):
        return Part("free", 1.0, Reason("free", "此时段有空", "free at this time"))
    return Part("free", 0.0, Reason("not_free", "此时段未登记空闲", "not registered as free at this time"))


def _load(helper: Helper) -> Part:
    if helper.load == 0:
        return Part("load", 1.0, Reason("idle", "手上没有在办案件", "has no task in hand"))
    zh, en = f"手上有{helper.load}件在办", f"has {helper.load} in hand"
    return Part("load", 1 / (1 + helper.load), Reason("busy", zh, en))
