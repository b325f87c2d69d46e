"""Where cases are kept: each with its history, found only within the districts and areas of who asks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from cases.act import Happening
from cases.case import OPEN, Case
from cases.likeness import Sketch
from cases.moves.event import CONTACT_CORRECTED, FORGOTTEN
from cases.moves.table import EVENT_TYPES
from cases.place import Place, areas_around
from cases.repeat import Earlier
from cases.showing.listing import Order, Wanted
from cases.store import case_document
from cases.store.case_query import like, near, query
from cases.tally import counts_alike
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Addition, Audited, Creation, Document, Entry, written_together
from chassis.paging import After
from chassis.records import Writing

AUDITED = Audited(
    {
        "case.exclusion_proposed": ("reason_code",),
        "case.exclusion_approved": ("reason_code",),
        "case.exclusion_refused": ("reason_code",),
        CONTACT_CORRECTED: ("fields",),
        FORGOTTEN: (),
    },
    lambda document: areas_around(document["place"]["grid_code"]),
    case_document.said_with,
)
"""What of a case somebody has to answer for besides its own history: what is left out of rates, and what went."""

NEWEST = (("reported_at", DESCENDING), ("_id", DESCENDING))

KIND = ("category", ASCENDING)

EXCLUSION = "exclusion.state"

CASE = dict.fromkeys(case_document.FIELDS, True)
"""What is read of a document to have the case; never its history."""

COMPARED = {"number": True, "place": True}

MOST_COMPARED = 200
"""With how many cases of its kind and place one is compared at the most: so far the count is exact."""

NAMES_ONE = {"number": "number", "external_number": "external"}
"""What of a list's filters names one case at most, or one in a district, and the index that finds it."""

UNCOUNTED = "uncounted"
"""Since when a case counts for something else than the indicators have of it; absent where they have it."""

ENTRY = {f"history.{name}": True for name in ("id", "type", "at", "data", "key", "by")}


class NumberTaken(Exception):
    """Another case has this number; take another."""


class Transferred(Exception):
    """The hotline has transferred this before, under the same number."""


class Repeated(Exception):
    """The same command has opened a case before."""


@dataclass(frozen=True)
class Loaded:
    """A case, and what the same command made of it before, if it was here."""

    case: Case
    earlier: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Step:
    """What one move made of a case, and the entry that tells of it."""

    before: Case
    after: Case
    entry: Entry


def _index(name: str, *keys: tuple[str, int], **options: Any) -> IndexModel:
    return IndexModel(list(keys), name=name, **options)


def _found_by(field: str, *, unique: bool = False) -> IndexModel:
    """An index of the cases that have the field at all, newest first; a unique one needs no order."""
    keys = ((field, ASCENDING),) if unique else ((field, ASCENDING), *NEWEST)
    return _index(field, *keys, unique=unique, **_present(field))


def _present(field: str) -> dict[str, Any]:
    return {"partialFilterExpression": {field: {"$exists": True}}}


class CaseStore:
    """Reads and writes cases."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "cases": [
            # The category at their ends: what a list leaves out by it is not even read.
            _index("area", ("areas", ASCENDING), *NEWEST, KIND),
            _index("area_status", ("areas", ASCENDING), ("status", ASCENDING), *NEWEST, KIND),
            _index(
                "area_queue", ("areas", ASCENDING), ("queue", ASCENDING), ("_id", ASCENDING), KIND, **_present("queue")
            ),
            _index("compound_kind", ("compound", ASCENDING), *NEWEST, ("category", ASCENDING), **_present("compound")),
            _index("spot_kind", ("spot", ASCENDING), *NEWEST, ("category", ASCENDING), **_present("spot")),
            _index("exclusion", ("areas", ASCENDING), (EXCLUSION, ASCENDING), *NEWEST, KIND, **_present(EXCLUSION)),
            *(
                _index(by, (f"exclusion.{by}", ASCENDING), **_present(EXCLUSION))
                for by in ("proposed_by", "decided_by")
            ),
            _found_by("asset_id"),
            _found_by("concerned"),
            _found_by("offered_in"),
            _found_by("photos", unique=True),
            _index("alarm", ("alarm_at", ASCENDING), partialFilterExpression={"alarm_at": {"$exists": True}}),
            _index(
                "ended",
                ("areas", ASCENDING),
                ("ended_at", DESCENDING),
                ("_id", DESCENDING),
                partialFilterExpression={"ended_at": {"$exists": True}},
            ),
            _found_by("commands", unique=True),
            _index("number", ("number", ASCENDING), unique=True),
            _index(
                "link",
                ("reporter.link", ASCENDING),
                unique=True,
                partialFilterExpression={"reporter.link": {"$gt": ""}},
            ),
            _index(
                "external",
                ("external_number", ASCENDING),
                ("tenant", ASCENDING),
                unique=True,
                partialFilterExpression={"external_number": {"$exists": True}},
            ),
            _found_by("session_id"),
            _index("forget", ("forget_at", ASCENDING), **_present("forget_at")),
            _index("follower", ("followers.reporter_id", ASCENDING), **_present("followers.reporter_id")),
            _index("party", ("mediation.parties.person_id", ASCENDING), **_present("mediation.parties.person_id")),
        ]
    }

    def __init__(self, home: Home) -> None:
        self.outbox = home.outbox("cases", subject="case", published=EVENT_TYPES, audited=AUDITED)
        self._cases = self.outbox.collection

    def add(self, case: Case, entry: Entry) -> None:
        """Keep a new case and its event in one write.

        Raises `Repeated`, `NumberTaken`, `Transferred`, and `Refusal("unknown_photo")` for another case's photo.
        """
        document = {"_id": case.id, "commands": [entry.command], **_opened(case, entry)}
        creation = Creation(document, [entry])
        try:
            written_together([(self.outbox, creation)])
        except DuplicateKeyError as error:
            reasons = {"commands": Repeated(), "number": NumberTaken(), "external_number": Transferred()}
            raise reasons.get(_field_taken(error), Refusal("unknown_photo")) from None

    def opening(self, case: Case, entry: Entry) -> Writing:
        """The writing of a new case that comes with something else, which keeps the command."""
        return Writing(self.outbox, Creation({"_id": case.id, **_opened(case, entry)}, [entry]))

    def made_by(self, commands: Sequence[str]) -> list[Mapping[str, Any]]:
        """The entry that one of the commands made in whichever case, in a list; empty when none made any."""
        keys = {"$in": list(commands)}
        found = self._cases.find_one({"commands": keys}, {"history": {"$elemMatch": {"command": keys}}})
        return found["history"] if found else []

    def transferred(self, external_number: str, tenant: str) -> Mapping[str, Any]:
        """What the report that the hotline has transferred under this number was answered; refuses `case_not_found`."""
        which = {"external_number": external_number, "tenant": tenant}
        found = self._cases.find_one(which, {"history": {"$slice": 1}})
        if found is None:
            raise Refusal("case_not_found")
        answer: Mapping[str, Any] = found["history"][0]["answer"]
        return answer

    def known_outside(self, external_numbers: Iterable[str], tenant: str) -> dict[str, tuple[str, str]]:
        """Of the hotline's numbers those that are cases already: for each the id and the number of the case."""
        which = {"external_number": {"$in": list(external_numbers)}, "tenant": tenant}
        found = self._cases.find(which, {"external_number": True, "number": True})
        return {each["external_number"]: (each["_id"], each["number"]) for each in found}

    def with_ids(self, ids: Iterable[str], tenants: Iterable[str]) -> list[Case]:
        """The cases among `ids` that lie in one of the districts, in no order."""
        found = self._cases.find({"_id": {"$in": list(ids)}, **_within(tenants)}, CASE)
        return [case_document.read(document) for document in found]

    def about(self, unit: str, ids: Sequence[str]) -> list[Case]:
        """The cases among `ids` that are about a unit, in no order."""
        found = self._cases.find({"_id": {"$in": ids}, "complained_unit_id": unit}, CASE) if ids else ()
        return [case_document.read(document) for document in found]

    def load(self, id: str, tenants: Iterable[str] | None, commands: Sequence[str] = ()) -> Loaded:
        """The case, if it lies in one of the districts (None: in any); refuses `case_not_found`."""
        earlier = {"history": {"$elemMatch": {"command": {"$in": list(commands)}}}} if commands else {}
        found = self._one({"_id": id}, tenants, {**CASE, **earlier})
        return Loaded(case_document.read(found), found.get("history", ()))

    def with_history(self, id: str, tenants: Iterable[str] | None) -> tuple[Case, list[Happening]]:
        """The case and all that happened to it; refuses `case_not_found`."""
        found = self._one({"_id": id}, tenants, {**CASE, **ENTRY})
        return case_document.read(found), [Happening(**entry) for entry in found["history"]]

    def tracked(self, link: str) -> tuple[Case, list[Happening]]:
        """The case that the link of this digest leads to, with its history; refuses `tracked_report_not_found`."""
        found = self._cases.find_one({"reporter.link": link}, {**CASE, **ENTRY})
        if found is None:
            raise Refusal("tracked_report_not_found")
        return case_document.read(found), [Happening(**entry) for entry in found["history"]]

    def several(self, ids: Iterable[str]) -> dict[str, Case]:
        """The cases with these ids, wherever they lie, by their ids."""
        found = self._cases.find({"_id": {"$in": sorted(ids)}}, CASE)
        return {document["_id"]: case_document.read(document) for document in found}

    def after(self, id: str, limit: int) -> list[Case]:
        """The cases whose ids follow, wherever they lie, at most so many, in the order of their ids."""
        found = self._cases.find({"_id": {"$gt": id}}, CASE).sort("_id", ASCENDING).limit(limit)
        return [case_document.read(document) for document in found]

    def save(self, *steps: Step) -> None:
        """Keep the next version of a case and its event in one write; of several cases all, or none.

        Raises chassis' StaleVersion, `Refusal("unknown_photo")` for a photo that another case has, and
        `Refusal("command_id_reused")` for a command that was carried out on another case.
        """
        try:
            self.outbox.append_to_all([_addition(step) for step in steps])
        except DuplicateKeyError as error:
            reasons = {"commands": Refusal("command_id_reused")}
            raise reasons.get(_field_taken(error), Refusal("unknown_photo")) from None

    def page(self, wanted: Wanted, after: After | None, limit: int) -> list[Case]:
        """The first cases that are wanted, in the order that is wanted, after the position."""
        if wanted.impossible:
            return []
        found = self._cases.find(query(wanted, after), CASE).limit(limit)
        # A number names one case at most: asked for an order, the planner would walk all of an area for it.
        if name := next((name for field, name in NAMES_ONE.items() if getattr(wanted, field)), None):
            return [case_document.read(document) for document in found.hint(name)]
        field, way = wanted.order.value
        ordered = found.sort([(field, way), ("_id", way)])
        # Of the statuses asked for there is an index too, but without the order.
        chosen = ordered.hint("area_queue") if wanted.order is Order.PRIORITY else ordered
        # Few are excluded, and the planner does not know of how few.
        if wanted.exclusion and wanted.order is Order.NEWEST:
            chosen = ordered.hint("exclusion")
        return [case_document.read(document) for document in chosen]

    def like(self, case: Case, category: str, place: Place) -> tuple[Earlier, ...]:
        """The registered cases of that category around the place, within the window of the case, the latest first."""
        if place.compound_id is None and place.point is None:
            return ()
        # Left to itself, the planner may sort what it finds in several squares.
        index = "compound_kind" if place.compound_id else "spot_kind"
        asked = self._cases.find(like(case, category, place), COMPARED).hint(index)
        found = asked.sort(NEWEST).limit(MOST_COMPARED)
        return tuple(map(case_document.read_earlier, found))

    def around(self, sketch: Sketch) -> list[Case]:
        """Open cases that may be about the same thing as the report, in no order."""
        found = self._cases.find(near(sketch), CASE).limit(MOST_COMPARED)
        return [case_document.read(document) for document in found]

    def of_asset(self, asset_id: str, limit: int) -> list[Case]:
        """The latest cases about a fixed asset, the newest first."""
        found = self._cases.find({"asset_id": asset_id}, CASE).sort(NEWEST).limit(limit)
        return [case_document.read(document) for document in found]

    def alarmed(self, now: datetime, limit: int, besides: Sequence[str] = ()) -> list[Case]:
        """Cases that the clock has to see to `besides` these, those that wait longest first."""
        waiting = {"alarm_at": {"$lte": now}, **_besides(besides)}
        due = self._cases.find(waiting, CASE).sort("alarm_at").limit(limit)
        return [case_document.read(document) for document in due]

    def open_with(self, leavers: Sequence[str], limit: int, besides: Sequence[str] = ()) -> list[Case]:
        """Open cases that one of these people or units has, `besides` these."""
        theirs = {"$in": [case_document.as_assignee(id) for id in leavers]}
        wanted = {"concerned": theirs, "status": {"$in": sorted(OPEN)}, **_besides(besides)}
        found = self._cases.find(wanted, CASE).limit(limit)
        return [case_document.read(document) for document in found]

    def open_categories(self, tenant: str, besides: Collection[str]) -> list[str]:
        """The categories that open cases of a district have, besides these."""
        which = {"areas": tenant, "queue": {"$exists": True}, "category": {"$nin": [None, *besides]}}
        steps: list[Document] = [{"$match": which}, {"$group": {"_id": "$category"}}]
        return sorted(row["_id"] for row in self._cases.aggregate(steps, hint="area_queue"))

    def with_photo(self, photo_id: str, tenants: Iterable[str] | None = None) -> Case | None:
        """The case that the photo belongs to, in one of the districts (None: in any)."""
        found = self._cases.find_one({"photos": photo_id, **_within(tenants)}, CASE)
        return case_document.read(found) if found else None

    def _one(self, which: Document, tenants: Iterable[str] | None, fields: Mapping[str, Any]) -> Document:
        found = self._cases.find_one({**which, **_within(tenants)}, fields)
        if found is None:
            raise Refusal("case_not_found")
        return found


def _field_taken(error: DuplicateKeyError) -> str:
    """The field in which another document has the same."""
    return str(next(iter((error.details or {}).get("keyPattern", {})), ""))


def _opened(case: Case, entry: Entry) -> Document:
    """A new case, which the indicators have yet to count."""
    return {**case_document.written(case), UNCOUNTED: entry.at}


def _addition(step: Step) -> Addition:
    changed = case_document.changes(step.before, step.after)
    if not counts_alike(step.before, step.after):
        # The earliest stays: so far everything is counted.
        changed["$min"] = {UNCOUNTED: step.entry.at}
    if step.entry.command is not None:
        changed["$push"] = {"commands": step.entry.command}
    return Addition(step.before.id, step.before.version, [step.entry], changed)


def _within(tenants: Iterable[str] | None) -> Document:
    return {} if tenants is None else {"tenant": {"$in": list(tenants)}}


def _besides(ids: Sequence[str]) -> Document:
    return {"_id": {"$nin": list(ids)}} if ids else {}
