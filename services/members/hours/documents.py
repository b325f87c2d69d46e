"""Service records and rows of the ledger written as documents and read back."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from chassis.outbox import Document
from members.area import SCOPE_LENGTHS, tenant_of
from members.hours.credit import Interval
from members.hours.ledger import Row
from members.hours.record import Kind, Record, State


def record_written(record: Record) -> Document:
    """The document of a record, with the areas that it lies in and the days that it touches."""
    plain = {name: value for name, value in vars(record).items() if name != "id"}
    return {
        "_id": record.id,
        "tenant": record.tenant,
        **plain,
        "kind": record.kind.value,
        "state": record.state.value,
        "object": list(record.object),
        "stints": [list(each) for each in record.stints],
        "areas": [record.grid_code[:digits] for digits in SCOPE_LENGTHS if digits <= len(record.grid_code)],
        "day": record.day.isoformat(),
        "days": sorted(each.isoformat() for each in record.days),
    }


def record_read(found: Mapping[str, Any]) -> Record:
    """The record that the document describes."""
    plain = {name: found[name] for name in Record.__dataclass_fields__ if name != "id"}
    known = {
        "kind": Kind(found["kind"]),
        "state": State(found["state"]),
        "object": tuple(found["object"]),
        "stints": _stints(found["stints"]),
    }
    return Record(found["_id"], **{**plain, **known})


def row_written(row: Row) -> Document:
    """The document of a row."""
    plain = {name: value for name, value in vars(row).items() if name != "id"}
    return {"_id": row.id, "tenant": tenant_of(row.grid_code), **plain, "day": row.day.isoformat()}


def row_read(found: Mapping[str, Any]) -> Row:
    """The row that the document describes."""
    plain = {name: found[name] for name in Row.__dataclass_fields__ if name != "id"}
    return Row(found["_id"], **{**plain, "day": date.fromisoformat(found["day"])})


def _stints(found: Iterable[Any]) -> tuple[Interval, ...]:
    return tuple((begins, ends) for begins, ends in found)
