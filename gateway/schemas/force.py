"""The force of an area and the identities that people show: what is asked and answered."""

from marshmallow import Schema, fields

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, day, id_, shown_instant, word
from gateway.schemas.registry import TAG

AREA = {"description": "A grid code of 15 digits, or its first 2 (province), 4, 6 (district), 9 or 12."}
SMALL = {"description": "Null where fewer than `fewest_told` have it or lack it, or where it would tell of others."}
DISTINCT = {"description": "Everybody once; who is known by a special identity alone only where they can be told."}


class ForceQuery(Strict):
    """Which area, and as of the end of which day."""

    area = id_(required=True, metadata=AREA)
    as_of = day()


class ForcePair(Schema):
    """How many people have both capacities; with a special identity as `tags` are told."""

    first = fields.String(required=True)
    second = fields.String(required=True)
    people = fields.Integer(required=True)


class ForceSums(Open):
    """How many people there are to call on."""

    area = fields.String(required=True)
    distinct = fields.Integer(required=True, metadata=DISTINCT)
    roles = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    tags = fields.Dict(keys=fields.String(), values=fields.Integer(allow_none=True), required=True, metadata=SMALL)
    pairs = fields.List(fields.Nested(ForcePair), required=True)
    fewest_told = fields.Integer(required=True)


class Force(ForceSums):
    """The force of an area; of an area of several districts the sums of each too."""

    at = shown_instant(required=True)
    units = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    districts = fields.List(fields.Nested(ForceSums), required=True)


class IdentityHidden(Strict):
    """Which identity."""

    kind = id_(required=True, metadata=TAG)


class IdentityShown(IdentityHidden):
    """Which identity, and to which version of the text its person agrees."""

    text_version = word(100, required=True)


class IdentityAct(Open):
    """A consent and its end."""

    kind = fields.String(required=True)
    text_version = fields.String(required=True)
    consented_at = shown_instant(required=True)
    revoked_at = shown_instant(required=True, allow_none=True)


class Identities(Schema):
    """Every consent that the caller gave."""

    items = fields.List(fields.Nested(IdentityAct), required=True)
