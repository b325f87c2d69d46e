"""Rosters in the database, and the people and their days that they are drawn up from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.records import COMMANDS, Records
from members.people.documents import read
from members.people.person import Person
from members.people.store import FACTS
from members.rosters.record import Roster
from members.rosters.roster import Pool
from members.signups.signup import State

MOST_IN_POOLS = 20_000
"""People of both pools who are looked at for one roster, several times those of a district (docs/domain.md §8.2)."""


class RosterStore:
    """Keeps rosters; reads who is in the pools, and what each of them has in hand."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "rosters": [COMMANDS, IndexModel([("activity_id", ASCENDING)], name="activity")]
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("rosters", subject="roster", published=())
        self.records: Records[Roster] = Records(outbox, _written, _read, lambda: Refusal("roster_not_found"))
        self._people = home.collection("people")
        self._signups = home.collection("signups")

    def pools(self, area: str, skills: Collection[str]) -> list[Person]:
        """The people of both pools who live, work or are registered in an area, with these skills.

        Refuses `area_too_wide` for more than can be looked at: to leave some out would be neither in turn nor in
        proportion.
        """
        query: Document = {
            "areas": area,
            "grants.role": {"$in": [pool.value for pool in Pool]},
            "active": True,
            **({"skills": {"$all": sorted(skills)}} if skills else {}),
        }
        found = [read(each) for each in self._people.find(query, FACTS).limit(MOST_IN_POOLS + 1)]
        if len(found) > MOST_IN_POOLS:
            raise Refusal("area_too_wide", most=MOST_IN_POOLS)
        return found

    def last_begun(self, person_ids: Iterable[str]) -> dict[str, datetime]:
        """When what each of them has had a place in begins last."""
        stages: list[Document] = [
            {"$match": {"person_id": {"$in": sorted(person_ids)}, "state": State.IN.value}},
            {"$group": {"_id": "$person_id", "last": {"$max": "$begins"}}},
        ]
        return {found["_id"]: found["last"] for found in self._signups.aggregate(stages)}

    def marks(self, person_ids: Iterable[str], first: int, until: int) -> dict[str, frozenset[int]]:
        """The marks of five minutes from the one to the other, excluded, that each of them is taken."""
        among = {"$elemMatch": {"$gte": first, "$lt": until}}
        query = {"person_id": {"$in": sorted(person_ids)}, "busy": among}
        found: dict[str, frozenset[int]] = {}
        for row in self._signups.find(query, {"person_id": True, "busy": True}):
            here = frozenset(mark for mark in row["busy"] if first <= mark < until)
            found[row["person_id"]] = found.get(row["person_id"], frozenset()) | here
        return found

    def signed_up(self, activity_id: str) -> set[str]:
        """Who has a place in the activity, or waits for one."""
        live = {"$in": [State.IN.value, State.WAITING.value]}
        return {row["person_id"] for row in self._signups.find({"activity_id": activity_id, "state": live})}


def _written(roster: Roster) -> Document:
    plain = {name: value for name, value in vars(roster).items() if name != "id"}
    order = {pool: list(ids) for pool, ids in roster.order.items()}
    return {"_id": roster.id, "tenant": roster.tenant, **plain, "order": order}


def _read(found: Mapping[str, Any]) -> Roster:
    plain = {name: found[name] for name in Roster.__dataclass_fields__ if name != "id"}
    return Roster(found["_id"], **{**plain, "order": {pool: tuple(ids) for pool, ids in found["order"].items()}})
