"""Who suits what: a demand and a resource by skills, place, availability and load, with reasons in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cases.deadline import LOCAL
from cases.match_lists.demand import Demand
from cases.match_lists.resource import Resource
from cases.match_lists.resource import Status as ResourceStatus
from cases.place import AREA_DIGITS

WEIGHTS: Mapping[str, float] = {"skill": 40.0, "place": 30.0, "available": 15.0, "load": 15.0}
"""What each part adds at most, 100 in all: our decision (docs/domain.md §2.1)."""

NEARNESS: Mapping[int, tuple[float, str, str, str]] = {
    15: (1.0, "same_grid", "服务于本网格", "serves this very grid"),
    12: (0.6, "same_community", "服务于本社区", "serves the community"),
    9: (0.3, "same_town", "服务于本镇街", "serves the town"),
    6: (0.2, "same_district", "服务于全区", "serves the whole district"),
}
"""The closer a resource's area is drawn around the demand, the better: share of the weight, code and words."""

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Reason:
    """One sentence for or against a match: a stable code, and the text in Chinese and English."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Match:
    """How well a resource suits a demand: `score` of 100, with the reasons."""

    demand: Demand
    resource: Resource
    score: float
    reasons: tuple[Reason, ...]


Part = tuple[str, float, Reason]
"""A share (0 to 1) of a weight, and its sentence."""


def resources_for(demand: Demand, offered: Iterable[Resource], now: datetime, limit: int) -> list[Match]:
    """The best resources for the demand, best first; of equals the longest idle, then by id."""
    found = [assess(demand, each, now) for each in offered if suits(demand, each, now)]
    return sorted(found, key=lambda each: (-each.score, each.resource.idle_since or NEVER, each.resource.id))[:limit]


def demands_for(resource: Resource, open_ones: Iterable[Demand], now: datetime, limit: int) -> list[Match]:
    """The demands that the resource suits best, best first; of equals the one that waits longest, then by id."""
    found = [assess(each, resource, now) for each in open_ones if suits(each, resource, now)]
    return sorted(found, key=lambda each: (-each.score, each.demand.opened_at, each.demand.id))[:limit]


def suits(demand: Demand, resource: Resource, now: datetime) -> bool:
    """Whether there is something left of it, it serves the place, can do what is asked, and in time."""
    today = now.astimezone(LOCAL).date()
    return (
        resource.status is ResourceStatus.OFFERED
        and resource.serves_one_of((demand.place.grid_code,))
        and (not _asks_for_something(demand, resource) or _skill_share(demand, resource) > 0)
        and (resource.until is None or resource.until >= today.isoformat())
        and (resource.since is None or resource.since <= demand.until)
    )


def assess(demand: Demand, resource: Resource, now: datetime) -> Match:
    """The match that a suitable pair makes."""
    parts = (_skill(demand, resource), _place(demand, resource), _available(resource, now), _load(resource))
    score = round(sum(WEIGHTS[name] * share for name, share, _ in parts), 1)
    return Match(demand, resource, score, tuple(reason for _, _, reason in parts))


def _asks_for_something(demand: Demand, resource: Resource) -> bool:
    """Where neither side names a skill or a category that the other could have, words have to decide."""
    return bool(demand.wanted_skills or resource.categories)


def _skill_share(demand: Demand, resource: Resource) -> float:
    """The share of the wanted skills that it has; a resource for just this kind of demand has them all."""
    if demand.category in resource.categories:
        return 1.0
    wanted = set(demand.wanted_skills)
    return len(wanted & set(resource.skills)) / len(wanted) if wanted else 0.0


def _skill(demand: Demand, resource: Resource) -> Part:
    share = _skill_share(demand, resource)
    if demand.category in resource.categories:
        kind = demand.kind
        return "skill", share, Reason("same_category", f"专门提供：{kind.zh}", f"offered for just this: {kind.en}")
    shared = sorted(set(demand.wanted_skills) & set(resource.skills))
    if shared:
        return "skill", share, Reason("skill", f"具备所需技能：{'、'.join(shared)}", f"has {', '.join(shared)}")
    return "skill", share, Reason("no_skill_named", "双方均未写明技能，请看文字", "no skill is named: read the words")


def _place(demand: Demand, resource: Resource) -> Part:
    grid = demand.place.grid_code
    digits = max((len(area) for area in resource.serves if grid.startswith(area)), default=AREA_DIGITS[0])
    share, code, zh, en = NEARNESS[digits]
    return "place", share, Reason(code, zh, en)


def _available(resource: Resource, now: datetime) -> Part:
    if resource.available_on(now.astimezone(LOCAL).date()):
        return "available", 1.0, Reason("available", "现在可用", "available now")
    return "available", 0.5, Reason("available_later", f"{resource.since}起可用", f"available from {resource.since}")


def _load(resource: Resource) -> Part:
    if resource.load == 0:
        return "load", 1.0, Reason("idle", "没有在办项目", "no project has it")
    zh, en = f"{resource.load}个项目在用", f"{resource.load} in use by projects"
    return "load", 1 / (1 + resource.load), Reason("busy", zh, en)
