"""The entrypoints of stars: accepting one, being on the public list and leaving it, and the list (F49)."""

from collections.abc import Callable
from typing import Any

from chassis.caller import Caller
from chassis.command import Asked
from chassis.desk import Desk
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.people.store import PeopleStore
from members.permission import permit, role_of, tenants
from members.stars import star as rules
from members.stars.schemas import AgreeSchema, StarSchema, StarsSchema
from members.stars.star import ACCEPTED, CONSENT_CHANGED, Book
from members.stars.store import BookStore

Answer = dict[str, Any]


class StarDesk(Desk):
    """Lets people accept their star and say whether others may see it; nobody else says it for them."""

    books_kept: BookStore = Store(BookStore)
    people: PeopleStore

    @rpc
    def accept_star(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Accept the star that is offered: the receipt. Refuses `no_hours` and `star_not_offered`."""
        given, asked = load(StarSchema(), body), self._asked(caller, command_id, body)
        return self._own(asked, ACCEPTED, lambda book: rules.accepted(book, given["star"]))

    @rpc
    def show_star(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Agree to be on the public list: the receipt. Refuses `no_hours` and `already_public`."""
        given, asked = load(AgreeSchema(), body), self._asked(caller, command_id, body)
        return self._own(asked, CONSENT_CHANGED, lambda book: rules.agreed(book, given["text_version"], asked.now))

    @rpc
    def hide_star(self, caller: Answer, command_id: str) -> Answer:
        """Leave the public list at once: the receipt. Refuses `no_hours` and `not_public`."""
        asked = self._asked(caller, command_id, {"hide": True})
        return self._own(asked, CONSENT_CHANGED, lambda book: rules.withdrawn(book, asked.now))

    @rpc
    def stars(self, caller: Answer, **page: Any) -> Answer:
        """A page of those of an area who agreed to be seen, the highest star first: `{items, next}`.

        Refuses `not_permitted` outside the caller's districts.
        """
        who, given = Caller.load(caller), load(StarsSchema(), page)
        permit(who, "see_stars", given["area"])
        limit = given["limit"]
        found = self.books_kept.public(given["area"], given["after"], limit + 1)
        books = [kept.item for kept in found[:limit]]
        people = {each.id: each for each in self.people.people([book.person_id for book in books])}
        items = [
            {"name_masked": person.shown_name, "star": book.star, "area": book.area}
            for book in books
            if (person := people.get(book.person_id)) and person.active and person.merged_into is None
        ]
        return {"items": items, "next": [str(books[-1].star), books[-1].person_id] if len(found) > limit else None}

    def _own(self, asked: Asked, type: str, change: Callable[[Book], Book]) -> Answer:
        permit(asked.caller, "keep_own_star", asked.caller.id)
        role = role_of(asked.caller, "keep_own_star", asked.caller.id)

        def decide(book: Book) -> Outcome[Book]:
            after = change(book)
            return Outcome(after, type, {}, role, answer={"star": after.star, "public": after.public})

        return self.books_kept.records.change(asked, asked.caller.id, tenants(asked.caller), decide)
