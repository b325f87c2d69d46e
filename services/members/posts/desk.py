"""The entrypoints of posts: assigning and ending them, and who holds which; a role follows its post in one write."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.event import Event, heard
from chassis.fault import check
from chassis.ids import new_id
from chassis.records import Kept, Outcome, Writing, again_when_stale, carried_out
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.area import tenant_of
from members.people.person import Person
from members.people.store import CORRECTED, PeopleStore
from members.permission import ITSELF, permit, role_in, scopes_for, tenants
from members.posts import post as rules
from members.posts.post import ASSIGNED, ENDED, Post, local_day
from members.posts.schemas import AssignSchema, EndSchema, GridEventSchema, HoldersSchema, PostPageSchema, leaver
from members.posts.store import PostStore
from members.territory.store import TerritoryStore

Answer = dict[str, Any]


class PostDesk(Desk):
    """Keeps who holds which post on which grid (docs/domain.md §4, 1+1+N)."""

    posts: PostStore = Store(PostStore)
    people: PeopleStore
    territory: TerritoryStore

    @rpc
    def assign_post(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Give somebody a post on a grid: `{post_id, version, at, event_id}`; a repetition gets the same.

        Refuses `invalid`, `not_permitted`, `busy_try_again`, and with everything that is wrong at once: `unknown_grid`,
        `grid_closed`, `unknown_person`, `person_left`, `post_held_already`, `role_held`, `post_ends_too_early`.
        """
        given, asked = load(AssignSchema(), body), self._asked(caller, command_id, body)
        role = role_in(asked.caller, "assign_post", given["grid_code"])
        return again_when_stale(lambda: self._assign(asked, Post(new_id(), **given), role))

    @rpc
    def end_post(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Let a post end, from which day on it is not held: the receipt.

        Refuses `invalid`, `post_not_found`, `not_permitted`, `post_ends_too_early`, `post_has_ended`, `busy_try_again`.
        """
        given, asked = load(EndSchema(), body), self._asked(caller, command_id, body)

        def end() -> Answer:
            kept = self.posts.records.load(given["post_id"], tenants(asked.caller))
            role = role_in(asked.caller, "assign_post", kept.item.grid_code)
            if answer := self.posts.records.answered(asked):
                return answer
            after = rules.ended(kept.item, given["on"])
            return carried_out(self._ending(asked, kept, after, role))[0]

        return again_when_stale(end)

    @rpc
    def post_holders(self, **asked: Any) -> Answer:
        """A page of who holds posts on a day, by id: `{items: [{person_id, unit_id, grids}], next}`.

        For who tells them, and must not tell the people of a unit what is about it (docs/domain.md §5).
        """
        given = load(HoldersSchema(), asked)
        found = self.posts.holders(given["on"], given["after"], given["limit"])
        people = dict(self.people.as_asked([person_id for person_id, _ in found]))
        units = {id: person.unit_id for id, person in people.items()}
        items = [{"person_id": id, "unit_id": units.get(id), "grids": grids} for id, grids in found]
        return {"items": items, "next": found[-1][0] if len(found) == given["limit"] else None}

    @rpc
    def posts_held(self, caller: Answer, **page: Any) -> Answer:
        """A page of posts by grid: `{items, next}`; of oneself all, of others those within the scope.

        Refuses `invalid`, `not_permitted`, and `out_of_scope` for an area outside.
        """
        who, asked = Caller.load(caller), load(PostPageSchema(), page)
        filters, limit = asked["filters"], asked["limit"]
        own = filters.get("person_id") == who.id and "area" not in filters
        if own:
            permit(who, "see_own_posts", who.id)
        scopes = None if own else scopes_for(who, "see_posts", filters.get("area"))
        found = self.posts.page(scopes, filters, asked["after"], limit + 1)
        last = found[limit - 1].item if len(found) > limit else None
        items = [kept.item for kept in found[:limit]]
        names = self._holders(items)
        today = local_day(self.clock.now())
        return {
            "items": [rules.shown(each, names.get(each.person_id), today) for each in items],
            "next": [last.grid_code, last.id] if last else None,
        }

    def end_posts_of_leaver(self, event: Event) -> None:
        """Whoever has left holds no post any more."""
        for left in leaver(event.data):
            self._end_all(event, partial(self.posts.of_person, left), local_day(event.time))

    def end_posts_of_grid(self, event: Event) -> None:
        """A grid that is closed has no posts from that day on."""
        grid = heard(GridEventSchema(), event.data)
        if grid["to"] is not None:
            self._end_all(event, lambda: self.posts.on_grid(grid["grid_code"]), local_day(grid["to"]))

    def _assign(self, asked: Asked, post: Post, role: str) -> Answer:
        person = self._holder(post.person_id, tenant_of(post.grid_code))
        if answer := self.posts.records.answered(asked):
            return answer
        others = [kept.item for kept in self.posts.of_person(post.person_id)]
        check(rules.faults(post, self.territory.grid(post.grid_code), person.item if person else None, others))
        if person is None:
            raise Refusal("unknown_person", person_id=post.person_id)
        opening = self.posts.records.opening(asked, Outcome(post, ASSIGNED, rules.told(post), role))
        after = rules.entrusted(person.item, post, asked.now)
        return self.posts.opened(asked, [opening, self._changing(asked, person, after, role)])

    def _ending(self, asked: Asked, kept: Kept[Post], after: Post, role: str, *, along: bool = False) -> list[Writing]:
        """The writings that end a post, and the role that goes with it."""
        outcome = Outcome(after, ENDED, rules.told(after), role)
        writings = [self.posts.records.changing(asked, kept, outcome, along=along)]
        person = self._holder(after.person_id, tenant_of(after.grid_code))
        if person is not None and after.until is not None:
            relieved = rules.relieved(person.item, kept.item, after.until, asked.now)
            if relieved != person.item:
                writings.append(self._changing(asked, person, relieved, role))
        return writings

    def _end_all(self, event: Event, find: Callable[[], list[Kept[Post]]], on: date) -> None:
        """End what is found, each by itself, so that it does not matter how often the event comes."""
        asked = Asked(ITSELF, event.id, digest({}), self.clock.now())
        for kept in find():
            again_when_stale(partial(self._cut, asked, kept.id, on))

    def _cut(self, asked: Asked, id: str, on: date) -> Answer:
        kept = self.posts.records.load(id, None)
        after = rules.cut(kept.item, on)
        if after is None or after == kept.item:
            return {}
        return carried_out(self._ending(asked, kept, after, "members", along=True))[0]

    def _changing(self, asked: Asked, kept: Kept[Person], after: Person, role: str) -> Writing:
        outcome = Outcome(after, CORRECTED, {"fields": ["grants", "tenures"]}, role)
        return self.people.records.changing(asked, kept, outcome, along=True)

    def _holder(self, id: str, tenant: str) -> Kept[Person] | None:
        return next(iter(self.people.records.find({"_id": id, "tenant": tenant})), None)

    def _holders(self, posts: Iterable[Post]) -> dict[str, str]:
        found = self.people.people(sorted({post.person_id for post in posts}))
        return {person.id: person.shown_name for person in found}
