"""The shape of what a compound's page is asked for with."""

from marshmallow import Schema, fields

from cases.heard import Heard
from cases.schemas import ID
from chassis.schema import Day


class CompoundSchema(Schema):
    """Which compound."""

    compound_id = fields.String(required=True, validate=ID)


class ServiceDayHeardSchema(Heard):
    """Which compounds have their turn on a service day."""

    rotation_id = fields.String(required=True, validate=ID)
    day = Day(required=True)
    compound_ids = fields.List(fields.String(validate=ID), required=True)
