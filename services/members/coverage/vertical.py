"""The checks down to the bottom (纵向到底), V1 to V8: the chain of areas, 1+1+N, party groups, who can be reached."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from math import ceil

from members.area import COMMUNITY_DIGITS, DISTRICT_DIGITS, TOWN_DIGITS
from members.coverage.counting import Count, Item, Words, item, of_all
from members.coverage.facts import Facts, GridFact, GroupFact, PostFact

CHAIN = (
    (DISTRICT_DIGITS, "district_missing"),
    (TOWN_DIGITS, "agency_missing"),
    (COMMUNITY_DIGITS, "community_missing"),
)
"""What stands above every grid, by the digits of its code."""

LEAST_WORKERS = 1
"""N of 1+1+N, which the rule does not state (§4)."""

HOUSEHOLDS_A_WORKER = 300
"""Of §4: the target of N is one community worker for so many households, or part of them."""

VACANT_DAYS = 14
MEETING_DAYS = 90
REACHED_DAYS = 30

POSTS: Mapping[str, Words] = {
    "union_leader": ("工会领导", "union leader"),
    "union_cadre": ("工会干部", "union cadre"),
    "community_worker": ("社区工作者", "community worker"),
}
"""The posts that every service grid has to fill."""

RESPONSIBLE = frozenset({"community_worker", "grid_worker"})
"""Posts of which somebody answers for what lies in the grid; a community worker has the grid worker's column (§5)."""

CAPACITIES = ("police", "medic", "in_service_member", "volunteer")
"""Who sits in every party group (§4, V7)."""


def chains(facts: Facts) -> Count:
    """V1: grids whose chain of district, agency and community is unbroken, and whose grid above is in force."""
    codes = {grid.code for grid in facts.grids}
    return of_all(len(facts.grids), (each for grid in facts.grids for each in _broken(grid, codes, facts)))


def _broken(grid: GridFact, codes: set[str], facts: Facts) -> Iterator[Item]:
    for digits, reason in CHAIN:
        if grid.code[:digits] not in facts.areas:
            yield item(grid.code, grid.name, reason)
    if grid.parent is not None and grid.parent not in codes:
        yield item(grid.code, grid.name, "parent_missing")


def union_posts(facts: Facts) -> Count:
    """V2: service grids with exactly one union leader and one union cadre; who leads several grids is noted."""
    held = _held(facts)
    failing = [each for grid in facts.service_grids for each in _not_one(grid, held)]
    leads = Counter(post.person_id for post in facts.posts if post.post == "union_leader" and post.held_on(facts.day))
    several = {person: count for person, count in sorted(leads.items()) if count > 1}
    noted = [item(person, facts.name(person), "several_grids", count=count) for person, count in several.items()]
    return of_all(len(facts.service_grids), failing, noted)


def _not_one(grid: GridFact, held: Mapping[tuple[str, str], int]) -> Iterator[Item]:
    for post in ("union_leader", "union_cadre"):
        count = held.get((grid.code, post), 0)
        if count != 1:
            yield item(grid.code, grid.name, f"{post}_twice" if count else f"{post}_missing", count=count)


def workers(facts: Facts) -> Count:
    """V3: service grids with enough community workers; what misses the target is noted."""
    held = _held(facts)
    counts = [(grid, held.get((grid.code, "community_worker"), 0)) for grid in facts.service_grids]
    failing = [
        item(grid.code, grid.name, "workers_missing", count=count, least=LEAST_WORKERS)
        for grid, count in counts
        if count < LEAST_WORKERS
    ]
    noted = [
        item(grid.code, grid.name, "below_target", count=count, target=target(grid.households))
        for grid, count in counts
        if count < target(grid.households)
    ]
    return of_all(len(counts), failing, noted)


def target(households: int) -> int:
    """How many community workers a grid of so many households should have."""
    return ceil(households / HOUSEHOLDS_A_WORKER)


def vacancies(facts: Facts) -> Count:
    """V4: posts of 1+1+N that have been vacant for more than 14 days, of all that have to be filled."""
    failing = [each for grid in facts.service_grids for each in _vacant(grid, facts)]
    return Count(len(failing), len(facts.service_grids) * len(POSTS), failing)


def _vacant(grid: GridFact, facts: Facts) -> Iterator[Item]:
    for post, (zh, en) in POSTS.items():
        since = vacant_since(grid, [each for each in facts.posts if _is(each, grid, post)], facts.day)
        if since is not None and (facts.day - since).days > VACANT_DAYS:
            days = (facts.day - since).days
            yield item(grid.code, grid.name, "vacant", post=zh, post_en=en, days=days)


def _is(each: PostFact, grid: GridFact, post: str) -> bool:
    return each.grid_code == grid.code and each.post == post


def vacant_since(grid: GridFact, posts: Iterable[PostFact], day: date) -> date | None:
    """The first day from which on nobody has held the post, up to `day`; None if somebody holds it then."""
    begun = [post for post in posts if post.since <= day]
    if any(post.held_on(day) for post in begun):
        return None
    return max([grid.since, *(post.until for post in begun if post.until is not None)])


def responsible(facts: Facts) -> Count:
    """V5: compounds and buildings with a responsible worker on one of the grids that hold them."""
    manned = {post.grid_code for post in facts.posts if post.post in RESPONSIBLE and post.held_on(facts.day)}
    watched = [grid for grid in facts.grids if grid.code in manned]
    unwatched = [site for site in facts.sites if not any(grid.holds(site.at) for grid in watched)]
    return of_all(len(facts.sites), (item(site.id, site.name, "no_grid_worker") for site in unwatched))


def meetings(facts: Facts) -> Count:
    """V6: service grids whose party group exists, has a leader and met within the last 90 days."""
    groups = {group.grid_code: group for group in facts.groups}
    failing = [each for grid in facts.service_grids for each in _idle(grid, groups.get(grid.code), facts.day)]
    return of_all(len(facts.service_grids), failing)


def _idle(grid: GridFact, group: GroupFact | None, day: date) -> Iterator[Item]:
    if group is None:
        yield item(grid.code, grid.name, "group_missing")
        return
    if group.leader is None:
        yield item(grid.code, grid.name, "leader_missing")
    if group.met is None:
        yield item(grid.code, grid.name, "never_met")
    elif (day - group.met).days > MEETING_DAYS:
        yield item(grid.code, grid.name, "not_met", days=(day - group.met).days)


def composition(facts: Facts) -> Count:
    """V7: service grids whose party group has at least one each of police, medic, in-service member and volunteer."""
    groups = {group.grid_code: group for group in facts.groups}
    failing = [each for grid in facts.service_grids for each in _lacking(grid, groups.get(grid.code))]
    return of_all(len(facts.service_grids), failing)


def _lacking(grid: GridFact, group: GroupFact | None) -> Iterator[Item]:
    if group is None:
        yield item(grid.code, grid.name, "group_missing")
        return
    for capacity in CAPACITIES:
        if capacity not in group.capacities:
            yield item(grid.code, grid.name, f"{capacity}_missing")


def reachable(facts: Facts) -> Count:
    """V8: holders of a post to whom a notice was delivered within the last 30 days."""
    holders = sorted({post.person_id for post in facts.posts if post.held_on(facts.day)})
    return of_all(len(holders), (each for id in holders for each in _unreached(id, facts)))


def _unreached(id: str, facts: Facts) -> Iterator[Item]:
    last = facts.reached.get(id)
    if last is None:
        yield item(id, facts.name(id), "never_reached")
    elif (facts.day - last).days > REACHED_DAYS:
        yield item(id, facts.name(id), "not_reached", days=(facts.day - last).days)


def _held(facts: Facts) -> Mapping[tuple[str, str], int]:
    """How many people hold which post on which grid on the day."""
    return Counter((post.grid_code, post.post) for post in facts.posts if post.held_on(facts.day))
