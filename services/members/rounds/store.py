"""Where rounds, their doors and the private notes of visits are kept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import BulkWriteError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Creation, Document, Entry
from chassis.paging import following
from chassis.records import COMMANDS, Answer, Kept, Records, Writing
from members.area import COMMUNITY_DIGITS, DISTRICT_DIGITS, GRID_DIGITS, TOWN_DIGITS, tenant_of
from members.rounds.round import Address, Result, Round, Tally, Visit, tally

DIGITS = (DISTRICT_DIGITS, TOWN_DIGITS, COMMUNITY_DIGITS, GRID_DIGITS)
NEWEST = (("opened_at", DESCENDING), ("_id", DESCENDING))
DUPLICATE = 11000
ROUND = ("title", "area", "listed", "opened_at", "opened_by", "closed_at")
ADDRESS = ("round_id", "number", "grid_code", "building", "door", "compound_id")


class RoundStore:
    """Reads and writes rounds and their doors; nobody outside hears of them."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "rounds": [COMMANDS, IndexModel([("areas", ASCENDING), *NEWEST], name="area")],
        "round_addresses": [
            COMMANDS,
            IndexModel([("round_id", ASCENDING), ("number", ASCENDING)], name="number"),
            IndexModel([("round_id", ASCENDING), ("standing", ASCENDING), ("number", ASCENDING)], name="standing"),
        ],
        "visit_notes": [IndexModel([("forget_at", ASCENDING)], name="forget", expireAfterSeconds=0)],
    }

    def __init__(self, home: Home) -> None:
        rounds = home.outbox("rounds", subject="round", published=())
        self.records: Records[Round] = Records(rounds, _from_round, _round, lambda: Refusal("round_not_found"))
        addresses = home.outbox("round_addresses", subject="address", published=())
        self.addresses: Records[Address] = Records(
            addresses, _from_address, _address, lambda: Refusal("address_not_found")
        )
        self._notes = home.outbox("visit_notes", subject="visit_note", published=())

    def list_doors(self, doors: Iterable[Address]) -> None:
        """Keep the doors of a round that is about to be opened; those that are kept already stay. Until the round
        itself is written nobody sees them, and a repetition of its command writes the same ones.
        """
        outbox = self.addresses.outbox
        try:
            outbox.collection.insert_many([outbox.sealed(_from_address(each), []) for each in doors], ordered=False)
        except BulkWriteError as error:
            if any(each["code"] != DUPLICATE for each in error.details["writeErrors"]):
                raise

    def add(self, round_: Round, doors: Iterable[Address]) -> None:
        """Keep a round with its doors, unless it is kept already, without any event."""
        if not self.records.find({"_id": round_.id}):
            self.list_doors(doors)
            self.records.outbox.create(_from_round(round_), [])

    def write(self, asked: Asked, writings: Sequence[Writing]) -> Answer:
        """Write a visit and all that goes with it, or nothing: what the first answers, or answered before.

        Refuses `command_id_reused`; raises chassis' StaleVersion.
        """
        return self.addresses.carry_out(asked, writings)

    def page(self, areas: Sequence[str], after: tuple[datetime, str] | None, limit: int) -> list[Kept[Round]]:
        """The rounds in these areas, the newest first, after the position."""
        query = {"areas": {"$in": list(areas)}, **following("opened_at", DESCENDING, after)}
        return self.records.find(query, NEWEST, limit)

    def doors(self, round_id: str, standing: str | None, after: int, limit: int) -> list[Kept[Address]]:
        """The doors of a round after that number, all or those that stand so."""
        chosen = {"standing": standing} if standing else {}
        query = {"round_id": round_id, **chosen, "number": {"$gt": after}}
        return self.addresses.find(query, [("number", ASCENDING)], limit)

    def tally(self, round_: Round, at: datetime) -> Tally:
        """How the doors of a round stood at an instant."""
        past = {"$filter": {"input": "$visits", "cond": {"$lte": ["$$this.at", at]}}}
        stages: list[Document] = [
            {"$match": {"round_id": round_.id}},
            {"$project": {"results": {"$map": {"input": past, "in": "$$this.result"}}}},
            {"$sortByCount": "$results"},
        ]
        rows = self.addresses.outbox.collection.aggregate(stages)
        return tally(round_, [([Result(each) for each in row["_id"]], row["count"]) for row in rows])

    def tallies(self, area: str, at: datetime, most: int = 50) -> list[Tally]:
        """What H7 counts of an area at an instant: the rounds that ran then, the latest first; if none did, the last.

        Which doors fail is asked of `doors`, by their standing.
        """
        begun = {"areas": area, "opened_at": {"$lte": at}}
        running = self.records.find({**begun, "closed_at": {"$not": {"$lte": at}}}, NEWEST, most)
        found = running or self.records.find(begun, NEWEST, 1)
        return [self.tally(kept.item, at) for kept in found]

    def noting(self, visit_id: str, sealed: str, now: datetime, forget_at: datetime) -> Writing:
        """The writing of a visit's private note, which the database forgets at an instant of real time."""
        document = {"_id": visit_id, "text": sealed, "forget_at": forget_at}
        return Writing(self._notes, Creation(document, [Entry(new_id(), "visit.noted", now, {})]))

    def note(self, visit_id: str) -> str | None:
        """The private note of a visit, sealed; None where there is none any more."""
        found = self._notes.collection.find_one({"_id": visit_id}, {"text": True})
        return str(found["text"]) if found else None


def _from_round(round_: Round) -> Document:
    fields = {name: getattr(round_, name) for name in ROUND}
    areas = [round_.area[:digits] for digits in DIGITS if digits <= len(round_.area)]
    return {"_id": round_.id, "tenant": tenant_of(round_.area), "areas": areas, **fields}


def _round(found: Mapping[str, Any]) -> Round:
    return Round(id=found["_id"], **{name: found[name] for name in ROUND})


def _from_address(address: Address) -> Document:
    return {
        "_id": address.id,
        "tenant": tenant_of(address.grid_code),
        **{name: getattr(address, name) for name in ADDRESS},
        "visits": [{**vars(visit), "result": visit.result.value} for visit in address.visits],
        "standing": address.standing.value,
    }


def _address(found: Mapping[str, Any]) -> Address:
    visits = tuple(Visit(**{**visit, "result": Result(visit["result"])}) for visit in found["visits"])
    return Address(id=found["_id"], visits=visits, **{name: found[name] for name in ADDRESS})
