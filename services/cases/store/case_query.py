"""Turning what a list is to hold into a query that an index answers."""

from datetime import datetime
from typing import Any

from cases import likeness
from cases.case import ENDED, OPEN, Case, Status
from cases.category import restricted_in
from cases.likeness import APART, Sketch
from cases.place import Place, spots_around
from cases.repeat import NEAR_M, since
from cases.showing.listing import Order, Part, Reach, Wanted
from cases.store.case_document import as_assignee, as_reporter
from chassis.outbox import Document
from chassis.paging import After, following


def query(wanted: Wanted, after: After | None) -> Document:
    """The filter; every branch of it begins with a field that has an index in the order of the list."""
    conditions = [
        _any_of("areas", wanted.areas),
        _any_of("offered_in", wanted.offered_in),
        _is_not("complained_unit_id", wanted.not_about),
        _is_part(wanted.reported, wanted.tenants),
        _is_part(wanted.assigned, wanted.tenants),
        _is_part(wanted.own, wanted.tenants),
        _reported_if_about(wanted.about_us),
        _told_more_than_an_outline(wanted.reach, wanted.tenants),
        _any_of("status", wanted.statuses),
        _is("number", wanted.number),
        _is("external_number", wanted.external_number),
        _is("category", wanted.category),
        _is("compound", wanted.compound_id),
        _is("tags", wanted.tag),
        _is("source", wanted.source),
        _overdue(wanted.overdue_at),
        _is("exclusion.state", wanted.exclusion),
        {"assignment.assignees": []} if wanted.unassigned else {},
        _ended(wanted.ended),
        {"queue": {"$exists": True}} if wanted.order is Order.PRIORITY else {},
        following(*wanted.order.value, after),
        {"tenant": {"$in": list(wanted.tenants)}},
        _is("areas", wanted.within) if wanted.areas is None else {},
    ]
    return {"$and": [condition for condition in conditions if condition]}


COUNTED = frozenset(Status) - (ENDED - {Status.CLOSED}) - {Status.REPORTED, Status.VERIFYING}
"""What has been registered and was not taken back: a report that nobody has judged yet may be no case at all."""


def like(case: Case, category: str, place: Place) -> Document:
    """What the case is compared with, were it of that category and at that place (docs/domain.md §2.2)."""
    return {
        **_around(place),
        "category": category,
        "reported_at": {"$gte": since(case.reported_at)},
        "status": {"$in": sorted(each.value for each in COUNTED)},
        "_id": {"$ne": case.id},
    }


def near(sketch: Sketch) -> Document:
    """The open cases that may be about the same thing: in its compound or around its point, or in its grid."""
    place, at = sketch.place, sketch.reported_at
    category = {} if sketch.category is None else {"category": {"$in": [sketch.category, None]}}
    which = {
        "reported_at": {"$gte": at - APART, "$lte": at + APART},
        "status": {"$in": sorted(each.value for each in OPEN)},
        "_id": {"$ne": sketch.id},
        **category,
    }
    if place.point is None and place.compound_id is None:
        return {"areas": place.grid_code, **which}
    spots = [*(spots_around(place.point, likeness.NEAR_M) if place.point else ()), place.grid_code]
    compound = [{"compound": place.compound_id, **which}] if place.compound_id else []
    return {"$or": [*compound, {"spot": {"$in": spots}, **which}]}


def _around(place: Place) -> Document:
    """In its compound, else in the squares around its point."""
    if place.compound_id is not None:
        return {"compound": place.compound_id}
    return {"spot": {"$in": spots_around(place.point, NEAR_M) if place.point else []}}


def _is(field: str, value: Any) -> Document:
    return {} if value is None else {field: value}


def _is_not(field: str, value: str | None) -> Document:
    return {} if value is None else {field: {"$ne": value}}


def _reported_if_about(us: tuple[str, tuple[str, ...]] | None) -> Document:
    """What is about the own unit is seen by who reported it alone (docs/domain.md §5)."""
    if us is None:
        return {}
    unit, ids = us
    return {"$nor": [{"complained_unit_id": unit, "reporter.id": {"$nin": list(ids)}}]}


def _told_more_than_an_outline(reach: Reach | None, tenants: tuple[str, ...]) -> Document:
    """What is sensitive is told where it is handled and to who has an own part in it; others see an outline (§5)."""
    if reach is None:
        return {}
    not_own = {"$nor": [_is_part(reach.own, tenants)]}
    unhandled = {"areas": {"$nin": list(reach.handled)}, **not_own}
    unknown = {"areas": {"$nin": [*reach.handled, *reach.verified]}, **not_own, "category": None}
    kinds = restricted_in(tenants).items()
    sensitive = [
        {**unhandled, "category_version": version, "category": {"$in": list(codes)}} for version, codes in kinds
    ]
    return {"$nor": [unknown, *sensitive]}


def _any_of(field: str, values: tuple[str, ...] | None) -> Document:
    return {} if values is None else {field: {"$in": list(values)}}


def _is_part(part: Part | None, tenants: tuple[str, ...]) -> Document:
    if part is None:
        return {}
    theirs = [*map(as_reporter, part.reporters), *map(as_assignee, part.assigned)]
    if part.unit is None:
        return {"concerned": {"$in": theirs}}
    unit = as_assignee(part.unit)
    if set(tenants) <= set(part.areas):
        return {"concerned": {"$in": [*theirs, unit]}}
    return {"$or": [{"concerned": {"$in": theirs}}, {"concerned": unit, "areas": {"$in": list(part.areas)}}]}


def _overdue(at: datetime | None) -> Document:
    return {} if at is None else {"dues.resolve_due": {"$lt": at}}


def _ended(period: tuple[datetime, datetime] | None) -> Document:
    return {} if period is None else {"ended_at": {"$gte": period[0], "$lt": period[1]}}
