"""How an intake session is written in the database and read back; it asks nothing of the database."""

from collections.abc import Mapping
from typing import Any

from cases.intake_sessions.intake_session import Attendee, Form, IntakeSession, Item, Kind, Stage
from cases.place import AREA_DIGITS, tenant_of
from cases.term import TERMS
from chassis.privacy import masked_name, masked_phone
from chassis.secret import Secret
from chassis.term import over_at

Document = dict[str, Any]


def written(session: IntakeSession) -> Document:
    """The session as a document; it is `followed` until its attendees have been told of its end."""
    gone = session.forgotten_at
    over = {"forgotten_at": gone} if gone else {"forget_at": over_at(session.held_at, TERMS["sessions"])}
    return over | {
        "_id": session.id,
        "tenant": tenant_of(session.area),
        "areas": [session.area[:digits] for digits in AREA_DIGITS if digits <= len(session.area)],
        "kind": session.kind.value,
        "area": session.area,
        "compound_id": session.compound_id,
        "host_id": session.host_id,
        "held_at": session.held_at,
        "opened_at": session.opened_at,
        "source": session.source,
        "attendance": session.attendance,
        "attendees": [vars(each) for each in session.attendees],
        "items": [{**vars(item), "form": item.form.value} for item in session.items],
        "stage": session.stage.value,
        "followed": session.stage is not Stage.DONE,
    }


def read(found: Mapping[str, Any]) -> IntakeSession:
    """The session in a document."""
    return IntakeSession(
        id=found["_id"],
        kind=Kind(found["kind"]),
        area=found["area"],
        compound_id=found["compound_id"],
        host_id=found["host_id"],
        held_at=found["held_at"],
        opened_at=found["opened_at"],
        source=found["source"],
        attendance=found["attendance"],
        attendees=tuple(map(_attendee, found["attendees"])),
        items=tuple(Item(**{**each, "form": Form(each["form"])}) for each in found["items"]),
        stage=Stage(found["stage"]),
        forgotten_at=found.get("forgotten_at"),
    )


def _attendee(row: Mapping[str, Any]) -> Attendee:
    name, phone = Secret.kept(row["name"], masked_name), Secret.kept(row["phone"], masked_phone)
    return Attendee(**{**row, "name": name, "phone": phone})
