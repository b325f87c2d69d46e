"""Typing a session in: every item is looked at, and then all of them are kept with the session, or none."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.assignment import PERSON
from cases.case import Case, Source
from cases.casework import Casework
from cases.category import in_force
from cases.intake_sessions.intake_session import (
    HELD,
    Attendee,
    Form,
    IntakeSession,
    Item,
    Kind,
    check_host,
    check_time,
    placed,
    told,
)
from cases.intake_sessions.schemas import ItemSchema
from cases.intake_sessions.store import IntakeSessionStore
from cases.match_lists.asking import Demands
from cases.match_lists.demand import Source as DemandSource
from cases.moves.source import OPEN_TO
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.records import Answer, Outcome, Writing, again_when_stale
from chassis.schema import load

Fields = Mapping[str, Any]

FIELD_OF: Mapping[str, str] = {
    "category_missing": "category",
    "unknown_category": "category",
    "unknown_compound": "compound_id",
    "compound_ambiguous": "compound_name",
    "unknown_grid": "grid_code",
    "grid_mismatch": "grid_code",
    "outside_all_grids": "location",
    "unknown_crs": "location",
    "unknown_unit": "complained_unit_id",
    "unknown_person": "asker",
    "external_number_not_expected": "external_number",
    "external_number_twice": "external_number",
    "demand_until_past": "until",
    "demand_until_too_far": "until",
    "place_missing": "location",
    "outside_session_area": "grid_code",
}
"""Which field of an item a refusal is about; of any other the whole item is."""


@dataclass(frozen=True)
class Looked:
    """An item that can be kept: what it becomes, how it is written, and the case if it becomes one."""

    item: Item
    writing: Writing | None = None
    case: Case | None = None


class IntakeSessions:
    """What is done to keep a session with all that came up."""

    def __init__(self, store: IntakeSessionStore, casework: Casework, demands: Demands) -> None:
        self._store, self._casework, self._demands = store, casework, demands

    def open(self, asked: Asked, fields: Fields) -> tuple[Answer, list[Looked]]:
        """Keep the session and everything that came up: `{session_id, version, at, event_id, items}`, and the items.

        A repetition gets the same answer, and no items. Refuses `not_permitted`, `out_of_scope`,
        `session_not_held_yet`, `session_too_long_ago`, `unknown_compound`, `unknown_person`, and `items_refused` with
        every fault of every item.
        """
        kept: list[Looked] = []

        def once() -> Answer:
            kept.clear()
            if answer := self._store.sessions.answered(asked):
                return answer
            writings, looked = self.drawn_up(asked, fields)
            answer = self._store.write(asked, writings)
            kept.extend(looked)
            return answer

        return again_when_stale(once), kept

    def drawn_up(self, asked: Asked, fields: Fields) -> tuple[list[Writing], list[Looked]]:
        """How the session and everything that came up would be written, and the items; refuses as `open` does."""
        session, looked, role = self.look(asked, fields)
        return [_opening(self._store, asked, session, role), *_writings(looked)], looked

    def look(self, asked: Asked, fields: Fields) -> tuple[IntakeSession, list[Looked], str]:
        """The session as it would be kept, its items, and the role of the host; refuses as `open` does."""
        role = check_host(fields["area"], asked.caller)
        check_time(fields["held_at"], asked.now)
        self._check_compound(fields)
        attendees = tuple(Attendee.said(each) for each in fields["attendees"])
        self._check_people(attendees, fields["area"])
        id = self._casework.make_id()
        looked = self._items(asked, {**fields, "id": id})
        session = IntakeSession(
            id=id,
            kind=Kind(fields["kind"]),
            area=fields["area"],
            compound_id=fields.get("compound_id"),
            host_id=asked.caller.id,
            held_at=fields["held_at"],
            opened_at=asked.now,
            source=fields["source"],
            attendance=max(fields["attendance"], len(attendees)),
            attendees=attendees,
            items=tuple(each.item for each in looked),
        )
        return session, looked, role

    def _items(self, asked: Asked, session: Fields) -> list[Looked]:
        numbers = Counter(_number(each) for each in session["items"])
        known = self._known(asked, session, numbers)
        schema, looked = ItemSchema(), list[Looked]()
        faults: list[dict[str, Any]] = []
        for n, raw in enumerate(session["items"]):
            try:
                _check_once(_number(raw), numbers)
                looked.append(self._item(asked, load(schema, raw), session, known))
            except Refusal as refused:
                faults += faults_of(n, refused)
        if faults:
            raise Refusal("items_refused", errors=faults)
        return looked

    def _known(self, asked: Asked, session: Fields, numbers: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Of the hotline's numbers those that are cases already: nobody else is told that there is such a case."""
        if session["source"] != Source.HOTLINE or not asked.caller.roles & set(OPEN_TO[Source.HOTLINE]):
            return {}
        return self._casework.cases.known_outside(filter(None, numbers), session["area"][:6])

    def _item(
        self, asked: Asked, item: dict[str, Any], session: Fields, known: Mapping[str, tuple[str, str]]
    ) -> Looked:
        if before := known.get(_number(item)):
            return Looked(Item(Form.CASE, *before, known=True))
        fields = self._named(asked, item, session)
        if item["form"] == Form.NEED:
            _check_inside(self._casework.place(fields, asked.now).grid_code, session)
            [writing] = self._demands.openings(asked, [_need(item, fields, session)], along=True)
            return Looked(Item(Form.NEED, writing.change.id), writing)
        case, writing = self._casework.drafted(asked, _report(item, fields, session))
        _check_inside(case.place.grid_code, session)
        return Looked(Item(Form.CASE, case.id, case.number), writing, case)

    def _named(self, asked: Asked, item: Fields, session: Fields) -> dict[str, Any]:
        """What a case and a need have in common, names made codes; refuses `place_missing`."""
        name = item.get("compound_name")
        place = {"compound_id": self._compound_called(name, session["area"])} if name else placed(item, session)
        if not place:
            raise Refusal("place_missing")
        common = {key: item[key] for key in ("text", "tags") if key in item}
        if "category" in item:
            common["category"] = in_force(asked.now, session["area"][:6]).called(item["category"]).code
        return {**common, **place}

    def _compound_called(self, name: str, area: str) -> str:
        found = self._casework.places.compounds_called(name, area)
        if not found:
            raise Refusal("unknown_compound", name=name)
        if len(found) > 1:
            raise Refusal("compound_ambiguous", name=name, compound_ids=sorted(each.id for each in found))
        return found[0].id

    def _check_compound(self, fields: Fields) -> None:
        """Refuses `unknown_compound`: a session is held where it says, in its own area."""
        id = fields.get("compound_id")
        found = self._casework.places.compound(id) if id else None
        if id and (found is None or not found.grid_code.startswith(fields["area"])):
            raise Refusal("unknown_compound", compound_id=id)

    def _check_people(self, attendees: Sequence[Attendee], area: str) -> None:
        """Refuses `unknown_person`: whoever is to hear of it is an active person of the district."""
        ids = sorted({each.person_id for each in attendees if each.person_id})
        if not ids:
            return
        try:
            rows = self._casework.members.assignees(ids=ids, tenant=area[:6])
        except Refusal as refused:
            raise Refusal("unknown_person", person_ids=refused.details.get("ids", ids)) from None
        known = {row["id"] for row in rows if row["kind"] == PERSON and row["active"]}
        if missing := [id for id in ids if id not in known]:
            raise Refusal("unknown_person", person_ids=missing)


def _check_inside(grid_code: str, session: Fields) -> None:
    """Refuses `outside_session_area`: whoever sees the session sees what came of it."""
    if not grid_code.startswith(session["area"]):
        raise Refusal("outside_session_area", grid_code=grid_code, area=session["area"])


def _number(item: Fields) -> str:
    return str(item.get("external_number") or "")


def _check_once(number: str, numbers: Mapping[str, int]) -> None:
    """Refuses `external_number_twice`: a sheet that names one transfer in two lines is wrong in one of them."""
    if number and numbers[number] > 1:
        raise Refusal("external_number_twice", external_number=number)


def faults_of(n: int, refused: Refusal) -> list[dict[str, Any]]:
    """The faults of an item: by the fields that are not well-formed, or by the field that the rule is about."""
    if refused.code == "invalid":
        return [{**fault, "pointer": f"/items/{n}{fault['pointer']}"} for fault in refused.details["errors"]]
    field = FIELD_OF.get(refused.code)
    pointer = f"/items/{n}/{field}" if field else f"/items/{n}"
    return [{"pointer": pointer, "code": refused.code, "detail": refused.code, "details": dict(refused.details)}]


def _opening(store: IntakeSessionStore, asked: Asked, session: IntakeSession, role: str) -> Writing:
    answer = {"items": [{**vars(item), "form": item.form.value} for item in session.items]}
    return store.sessions.opening(asked, Outcome(session, HELD, told(session), role, session.area, answer))


def _writings(looked: Sequence[Looked]) -> list[Writing]:
    return [each.writing for each in looked if each.writing is not None]


def _report(item: Fields, common: Fields, session: Fields) -> dict[str, Any]:
    """The item as the fields of a report; who asked is who reported."""
    own = {name: item[name] for name in ("complained_unit_id", "external_number") if name in item}
    asker = {"on_behalf_of": item["asker"]} if "asker" in item else {}
    return {**common, **own, **asker, "source": session["source"], "session_id": session["id"]}


def _need(item: Fields, common: Fields, session: Fields) -> dict[str, Any]:
    """The item as the fields of a demand."""
    own = {name: item[name] for name in ("skills", "until") if name in item}
    asker = {"asker": _asker(item["asker"])} if "asker" in item else {}
    return {**common, **own, **asker, "source": DemandSource.SESSION.value, "source_id": session["id"]}


def _asker(asker: Fields) -> dict[str, Any]:
    return {"nickname" if name == "name" else name: value for name, value in asker.items()}
