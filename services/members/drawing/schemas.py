"""The shapes of what maps are drawn with; of what stands in the features, `feature` says every fault at once."""

from marshmallow import INCLUDE, Schema, fields, validate

from chassis.schema import Instant
from members.drawing.redrawing import Stage
from members.schemas import GRID_CODE, SHORT

MOST_CLOSED = 200
MOST_IN_PAGE = 100


class CollectionSchema(Schema):
    """A GeoJSON FeatureCollection, with the moment `from` which its grids hold; other members are passed over."""

    class Meta:
        """Programs write members of their own."""

        unknown = INCLUDE

    type = fields.String(required=True, validate=validate.Equal("FeatureCollection"))
    opened = Instant(data_key="from", load_default=None, allow_none=True)


class NewGridsSchema(Schema):
    """The grids that a redrawing opens: a GeoJSON FeatureCollection."""

    class Meta:
        """Programs write members of their own."""

        unknown = INCLUDE

    type = fields.String(required=True, validate=validate.Equal("FeatureCollection"))


class PlanSchema(Schema):
    """Which grids close at which moment, and what opens in their place."""

    at = Instant(required=True)
    closes = fields.List(
        fields.String(validate=GRID_CODE), required=True, validate=validate.Length(min=1, max=MOST_CLOSED)
    )
    opens = fields.Nested(NewGridsSchema, required=True)


class RedrawingSchema(Schema):
    """One redrawing."""

    redrawing_id = fields.String(required=True, validate=SHORT)


class RedrawingsSchema(Schema):
    """Which page of the redrawings, the latest dates first."""

    stage = fields.Enum(Stage, by_value=True, load_default=None, allow_none=True)
    after = fields.Tuple((Instant(), fields.String(validate=SHORT)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))
