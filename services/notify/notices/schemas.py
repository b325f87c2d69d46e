"""The shapes of what readers of an inbox send, and of the staff of a grid as members tells it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from chassis.event import heard
from notify.notices.audience import Audience
from notify.reading import Partial

ID = validate.Length(min=1, max=300)


class InboxSchema(Schema):
    """A page of the inbox; `after` is the `next` of the page before."""

    after = fields.String(load_default=None, allow_none=True, validate=ID)
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))


class NoticeIdSchema(Schema):
    """One notice."""

    notice_id = fields.String(required=True, validate=ID)


class ResponsibleSchema(Partial):
    """The staff of a grid, as members says."""

    grid_workers = fields.List(fields.String(), load_default=list)
    community_workers = fields.List(fields.String(), load_default=list)
    dispatchers = fields.List(fields.String(), load_default=list)
    agency = fields.List(fields.String(), load_default=list)
    office = fields.List(fields.String(), load_default=list)
    inspectors = fields.List(fields.String(), load_default=list)


_RESPONSIBLE = ResponsibleSchema()


def staff_of(grid_code: str, facts: Mapping[str, Any]) -> dict[str, str]:
    """What members is asked for the staff of a grid who may hear of a case: not the people of whom it complains."""
    about = facts.get("complained_unit_id")
    return {"grid_code": grid_code, **({"not_of": about} if about else {})}


def audience(responsible: Mapping[str, Any]) -> Audience:
    """The staff around a case; where a post is not filled, whoever is nearest to it (docs/domain.md §2.2, §5)."""
    found = heard(_RESPONSIBLE, responsible)
    agency = found["agency"] or found["dispatchers"]
    return Audience(
        grid_workers=tuple(found["grid_workers"] or found["community_workers"]),
        community_workers=tuple(found["community_workers"] or found["grid_workers"]),
        dispatchers=tuple(found["dispatchers"]),
        agency=tuple(agency),
        office=tuple(found["office"] or agency),
        inspectors=tuple(found["inspectors"] or found["dispatchers"]),
    )
