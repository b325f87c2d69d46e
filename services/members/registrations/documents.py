"""A registration written as a document and read back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from chassis.outbox import Document
from members.registrations.registration import DAYS, HOLDING, Kind, Registration, Status

LISTS = ("posts", "resources")


def written(found: Registration) -> Document:
    """The document; `holding` and `waiting` are there for the indexes that allow one of each to a subject."""
    plain = {name: value for name, value in vars(found).items() if name not in {"id", *DAYS, *LISTS}}
    return {
        "_id": found.id,
        "tenant": found.tenant,
        **plain,
        "kind": found.kind.value,
        "status": found.status.value,
        "subject": found.subject,
        "holding": found.status in HOLDING,
        "waiting": found.status is Status.SUBMITTED,
        **{name: _day(getattr(found, name)) for name in DAYS},
        **{name: list(getattr(found, name)) for name in LISTS},
    }


def read(found: Mapping[str, Any]) -> Registration:
    """The registration that the document describes."""
    names = Registration.__dataclass_fields__
    plain = {name: found[name] for name in names if name not in {"id", "kind", "status", *DAYS, *LISTS}}
    days = {name: date.fromisoformat(found[name]) if found[name] else None for name in DAYS}
    lists = {name: tuple(found[name]) for name in LISTS}
    kind, status = Kind(found["kind"]), Status(found["status"])
    return Registration(id=found["_id"], kind=kind, status=status, **{**plain, **days, **lists})


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
