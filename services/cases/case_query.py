"""Turning what a list is to hold into a query that an index answers."""

from datetime import datetime
from typing import Any

from cases.listing import Wanted
from chassis.outbox import Document

AFTER = tuple[datetime, str]
"""Where a list goes on: after the case that was reported then, with that id."""


def query(wanted: Wanted, after: AFTER | None) -> Document:
    """The filter; every branch of it begins with a field that has an index in the order of the list."""
    conditions = [
        _any_of("areas", wanted.areas),
        _any_of("offered_in", wanted.offered_in),
        _is("reporters", wanted.reporter),
        _any_of("assigned", wanted.assigned),
        _own(wanted.own),
        _any_of("status", wanted.statuses),
        _is("category", wanted.category),
        _is("compound", wanted.compound_id),
        _is("tags", wanted.tag),
        _is("source", wanted.source),
        _overdue(wanted.overdue_at),
        _following(after),
        {"tenant": {"$in": list(wanted.tenants)}},
        _is("areas", wanted.within) if wanted.areas is None else {},
    ]
    return {"$and": [condition for condition in conditions if condition]}


def _is(field: str, value: Any) -> Document:
    return {} if value is None else {field: value}


def _any_of(field: str, values: tuple[str, ...] | None) -> Document:
    return {} if values is None else {field: {"$in": list(values)}}


def _own(ids: tuple[str, ...] | None) -> Document:
    """Reported by the first of the ids, or assigned to one of them."""
    return {} if ids is None else {"$or": [{"reporters": ids[0]}, {"assigned": {"$in": list(ids)}}]}


def _overdue(at: datetime | None) -> Document:
    return {} if at is None else {"dues.resolve_due": {"$lt": at}}


def _following(after: AFTER | None) -> Document:
    if after is None:
        return {}
    at, id = after
    return {"reported_at": {"$lte": at}, "$or": [{"reported_at": {"$lt": at}}, {"_id": {"$lt": id}}]}
