"""Door-knock rounds: how they are opened, walked and shown."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, id_, instant, one_of, shown_instant, text, word
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.workers import AREA, MOST_NEEDS, NeedShown

RESULTS = ("visited", "no_answer", "refused")
STANDINGS = ("untouched", "no_answer_once", "no_answer_twice", "refused", "visited")
MOST_ADDRESSES = 5_000
MOST_DOORS = 9_999


class NewAddress(Strict):
    """A door: its compound, or its grid where it is in none."""

    compound_id = id_()
    grid_code = id_()
    building = word(50, required=True, metadata={"description": "Down to the building, without a flat: 3号楼."})
    door = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, MOST_DOORS),
        metadata={"description": "The running number of the door in the building; not the number of the flat."},
    )


class NewRound(Strict):
    """A round, with all its doors."""

    title = word(100, required=True)
    addresses = fields.List(
        fields.Nested(NewAddress), required=True, validate=validate.Length(min=1, max=MOST_ADDRESSES)
    )


class VisitNeed(Strict):
    """What somebody needs."""

    category = id_(required=True, metadata={"examples": ["0804"]})
    text = word(500, required=True)


class NewVisit(Strict):
    """What came of a knock at a door."""

    outcome = one_of(*RESULTS, required=True)
    at = instant(metadata={"description": "When it was; now unless named, as for what was written down offline."})
    needs = fields.List(fields.Nested(VisitNeed), validate=validate.Length(max=MOST_NEEDS))
    private_note = text(metadata={"description": "What is sensitive; for those who visit alone, kept for a year."})


class RoundQuery(PageQuery):
    """The rounds of which area."""

    area = id_(metadata=AREA)


class AddressQuery(PageQuery):
    """Which doors: all, or those that stand so."""

    standing = one_of(*STANDINGS)


class RoundExportQuery(Strict):
    """In which format, and which doors: all, or those that stand so."""

    format = fields.String(load_default="xlsx", validate=validate.OneOf(["xlsx", "csv"]))
    standing = one_of(*STANDINGS)


class RoundReceipt(Open):
    """What a command did: the same again for the same command."""

    round_id = fields.String(required=True)
    version = fields.Integer(required=True)
    area = fields.String(required=True)
    listed = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


class VisitReceipt(Open):
    """What was written down, and how the door stands now."""

    address_id = fields.String(required=True)
    version = fields.Integer(required=True)
    visit_id = fields.String(required=True)
    standing = fields.String(required=True, metadata={"enum": list(STANDINGS)})
    needs = fields.List(fields.String(), required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


class RoundLine(Open):
    """A round."""

    round_id = fields.String(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    area = fields.String(required=True)
    listed = fields.Integer(required=True)
    opened_at = shown_instant(required=True)
    closed_at = shown_instant(required=True, allow_none=True)


class RoundList(Schema):
    """A page of rounds, the newest first."""

    items = fields.List(fields.Nested(RoundLine), required=True)
    next = next_cursor()


class RoundView(RoundLine):
    """A round, and how its doors stand."""

    coverage = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Visited of a hundred listed, two decimals; who refused was not visited."},
    )
    untouched = fields.Integer(required=True)
    no_answer_once = fields.Integer(required=True, metadata={"description": "To be tried a second time."})
    no_answer_twice = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    visited = fields.Integer(required=True)


class VisitShown(Open):
    """One knock at a door."""

    visit_id = fields.String(required=True)
    outcome = fields.String(required=True, metadata={"enum": list(RESULTS)})
    at = shown_instant(required=True)
    by = fields.String(required=True)
    needs = fields.List(fields.Nested(NeedShown), required=True)


class AddressView(Open):
    """A door of a round."""

    address_id = fields.String(required=True)
    number = fields.Integer(required=True)
    grid_code = fields.String(required=True)
    compound_id = fields.String(required=True, allow_none=True)
    building = fields.String(required=True)
    door = fields.Integer(required=True)
    standing = fields.String(required=True, metadata={"enum": list(STANDINGS)})
    visits = fields.List(fields.Nested(VisitShown), required=True)


class AddressList(Schema):
    """A page of doors, in the order of the list."""

    items = fields.List(fields.Nested(AddressView), required=True)
    names = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "What the compounds and grids on this page are called."},
    )
    next = next_cursor()


class NoteView(Schema):
    """What is sensitive of a visit."""

    text = fields.String(required=True)


class FormField(Schema):
    """A field of a visit, and what it is for."""

    field = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class FormView(Schema):
    """The fields of a visit; nothing else is asked at the door."""

    items = fields.List(fields.Nested(FormField), required=True)
