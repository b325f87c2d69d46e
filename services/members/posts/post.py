"""Posts on grids: each held by one person from a local day, included, until another, excluded (docs/domain.md §4)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from chassis.errors import Refusal
from chassis.fault import Fault
from members.area import SCOPE_LENGTHS
from members.people.person import LOCAL, Person
from members.people.tenure import Tenure, without
from members.territory.grid import Grid

ASSIGNED, ENDED = "post.assigned", "post.ended"

POSTS = ("union_leader", "union_cadre", "community_worker", "grid_worker")
"""1+1+N and the grid workers; each is also the role that its holder has on the grid."""


@dataclass(frozen=True)
class Post:
    """One post of one person on one grid; without `until` it has no end yet."""

    id: str
    grid_code: str
    person_id: str
    post: str
    since: date
    until: date | None = None

    @property
    def tenure(self) -> Tenure:
        """The role that goes with it, from midnight to midnight on the wall clock."""
        return Tenure(self.post, self.grid_code, midnight(self.since), midnight(self.until) if self.until else None)

    def meets(self, other: "Post") -> bool:
        """Whether it is the same post of the same person on a day of both."""
        same = (self.grid_code, self.person_id, self.post) == (other.grid_code, other.person_id, other.post)
        begins_before = other.until is None or self.since < other.until
        return same and begins_before and (self.until is None or other.since < self.until)


def midnight(day: date) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time(), LOCAL)


def local_day(at: datetime) -> date:
    """The local day of an instant."""
    return at.astimezone(LOCAL).date()


def faults(post: Post, grid: Grid | None, person: Person | None, others: Iterable[Post]) -> list[Fault]:
    """Everything that is wrong with an assignment, field by field; `others` are the posts that the person has."""
    return [*_dates(post), *_on(post, grid), *_of(post, person), *_twice(post, person, others)]


def _dates(post: Post) -> Iterator[Fault]:
    if post.until is not None and post.until <= post.since:
        yield Fault("/until", "post_ends_too_early")


def _on(post: Post, grid: Grid | None) -> Iterator[Fault]:
    if grid is None:
        yield Fault("/grid_code", "unknown_grid", {"grid_codes": [post.grid_code]})
        return
    ends = midnight(post.until) if post.until else None
    outlives = grid.closed is not None and (ends is None or ends > grid.closed)
    if outlives or not grid.open_at(midnight(post.since)):
        yield Fault("/grid_code", "grid_closed", {"grid_codes": [post.grid_code]})


def _of(post: Post, person: Person | None) -> Iterator[Fault]:
    if person is None:
        yield Fault("/person_id", "unknown_person", {"person_id": post.person_id})
    elif not person.active:
        yield Fault("/person_id", "person_left", {"person_id": post.person_id})


def _twice(post: Post, person: Person | None, others: Iterable[Post]) -> Iterator[Fault]:
    if any(post.meets(other) for other in others):
        yield Fault("/post", "post_held_already")
    elif person is not None and any(post.tenure.meets(each) for each in person.tenures):
        yield Fault("/post", "role_held")


def ended(post: Post, on: date) -> Post:
    """The post when it is not held on that day any more; refuses `post_ends_too_early` and `post_has_ended`."""
    if on < post.since:
        raise Refusal("post_ends_too_early")
    if post.until is not None and post.until <= on:
        raise Refusal("post_has_ended")
    return replace(post, until=on)


def cut(post: Post, on: date) -> Post | None:
    """The post ended on that day at the latest; None if it has ended by then. One that is to come is never held."""
    if post.until is not None and post.until <= on:
        return None
    return replace(post, until=max(on, post.since))


def entrusted(person: Person, post: Post, now: datetime) -> Person:
    """The person with the role of the post, which stands from its first day on."""
    return replace(person, tenures=(*person.tenures, post.tenure)).turned(now)


def relieved(person: Person, post: Post, until: date, now: datetime) -> Person:
    """The person whose role ends with the post, which was to last longer; that of a later post is kept.

    Who has left, or gave the role up before, has it no more anyway.
    """
    left = without(person.tenures, post.tenure, midnight(until))
    return person if left == person.tenures else replace(person, tenures=left).turned(now)


def joined(post: Post, others: Iterable[Post]) -> dict[str, Post]:
    """By their ids the post, and those of `others` that it met: one is held for as long as all of them, they never."""
    met = [each for each in others if each.meets(post)]
    ends = [each.until for each in (post, *met)]
    until = None if None in ends else max(each for each in ends if each)
    whole = replace(post, since=min(each.since for each in (post, *met)), until=until)
    return {each.id: replace(each, until=each.since) for each in met} | {post.id: whole}


def areas(code: str) -> list[str]:
    """The codes of everything that the grid lies in, and its own: what lists of an area are read by."""
    return [code[:digits] for digits in SCOPE_LENGTHS if digits <= len(code)]


def shown(post: Post, name: str | None, today: date) -> dict[str, Any]:
    """The post with the masked name of who holds it."""
    return {
        "post_id": post.id,
        "grid_code": post.grid_code,
        "post": post.post,
        "person_id": post.person_id,
        "name_masked": name,
        "since": post.since.isoformat(),
        "until": post.until.isoformat() if post.until else None,
        "current": post.since <= today and (post.until is None or today < post.until),
    }


def told(post: Post) -> Mapping[str, Any]:
    """What the history keeps of a change."""
    return {
        "grid_code": post.grid_code,
        "post": post.post,
        "person_id": post.person_id,
        "since": post.since.isoformat(),
        "until": post.until.isoformat() if post.until else None,
    }
