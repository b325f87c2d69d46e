"""Certificates in the database: found by number, by person, and by the records that they are made of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Audited, Document
from chassis.paging import After, following
from chassis.records import COMMANDS, Kept, Outcome, Records, Writing
from members.area import areas_around
from members.certificates.certificate import ISSUED, REVOKED, SUPERSEDED, Certificate, Line, State, superseded, told

NEWEST = (("issued_at", DESCENDING), ("_id", DESCENDING))


def _why(document: Mapping[str, Any], entry_id: str) -> str | None:
    """Why the office took it back: the reason stands with the certificate."""
    revoked = any(each["id"] == entry_id and each["type"] == REVOKED for each in document["history"])
    return document["reason"] if revoked else None


AUDITED = Audited(
    {ISSUED: ("person_id",), SUPERSEDED: ("person_id",), REVOKED: ("person_id",)},
    lambda document: areas_around(document["issuer"]),
    _why,
)
"""Which certificate was issued to whom and which stands no more, and neither its code nor hours."""


class CertificateStore:
    """Reads and writes certificates; people hear of one of theirs that does not stand any more."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "certificates": [
            COMMANDS,
            IndexModel([("person_id", ASCENDING), *NEWEST], name="person"),
            IndexModel(
                [("lines.record_id", ASCENDING)],
                name="valid_of_record",
                partialFilterExpression={"state": State.VALID.value},
            ),
        ]
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("certificates", subject="certificate", published=(SUPERSEDED, REVOKED), audited=AUDITED)
        self.records: Records[Certificate] = Records(outbox, _written, _read, lambda: Refusal("certificate_not_found"))

    def superseding(self, asked: Asked, record_ids: Iterable[str], role: str) -> list[Writing]:
        """The writings after which no certificate stands that is made of one of these records."""
        ids = sorted(record_ids)
        if not ids:
            return []
        found = self.records.find({"lines.record_id": {"$in": ids}, "state": State.VALID.value})
        after = [(kept, superseded(kept.item, asked.now)) for kept in found]
        return [
            self.records.changing(asked, kept, Outcome(each, SUPERSEDED, told(each), role), along=True)
            for kept, each in after
        ]

    def page(self, person_ids: Iterable[str], after: After | None, limit: int) -> list[Kept[Certificate]]:
        """The first certificates of a person, the latest first."""
        query: Document = {"person_id": {"$in": sorted(person_ids)}, **following("issued_at", DESCENDING, after)}
        return self.records.find(query, NEWEST, limit)


def _written(found: Certificate) -> Document:
    plain = {name: value for name, value in vars(found).items() if name != "number"}
    return {
        "_id": found.number,
        "tenant": found.tenant,
        **plain,
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "state": found.state.value,
        "lines": [{**vars(each), "day": each.day.isoformat()} for each in found.lines],
    }


def _read(found: Mapping[str, Any]) -> Certificate:
    plain = {name: found[name] for name in Certificate.__dataclass_fields__ if name != "number"}
    known = {
        "first": date.fromisoformat(found["first"]),
        "last": date.fromisoformat(found["last"]),
        "state": State(found["state"]),
        "lines": tuple(Line(**{**each, "day": date.fromisoformat(each["day"])}) for each in found["lines"]),
    }
    return Certificate(found["_id"], **{**plain, **known})
