"""An intake session as one caller may see it; what is personal is masked here, on the server."""

from collections.abc import Collection
from typing import Any

from cases.intake_sessions.intake_session import HOSTS, Attendee, IntakeSession
from cases.permission import within
from chassis.caller import Caller
from chassis.instant import written
from chassis.secret import Opening, shown_secret

Shown = dict[str, Any]


def outline(session: IntakeSession, version: int, hidden: Collection[str] = ()) -> Shown:
    """One line of a list; items that are `hidden` are not counted, else the number would tell of them."""
    return {
        "session_id": session.id,
        "version": version,
        "kind": session.kind.value,
        "area": session.area,
        "compound_id": session.compound_id,
        "host_id": session.host_id,
        "held_at": written(session.held_at),
        "opened_at": written(session.opened_at),
        "source": session.source,
        "attendance": session.attendance,
        "left_contact": len(session.attendees),
        "item_count": sum(item.id not in hidden for item in session.items),
        "stage": session.stage.value,
    }


def shown(session: IntakeSession, version: int, caller: Caller, hidden: Collection[str] = ()) -> Shown:
    """The session; those who left a contact are shown, masked, to those who may hold sessions there."""
    near = caller.is_(session.host_id) or within(caller, HOSTS, session.area)
    return {
        **outline(session, version, hidden),
        "attendees": [_masked(each) for each in session.attendees] if near else [],
    }


def contact(attendee: Attendee, opening: Opening) -> Shown:
    """How to reach somebody who left a phone, in full."""
    name, phone = shown_secret(attendee.name, opening), shown_secret(attendee.phone, opening)
    return {"name": name, "phone": phone, "callback": attendee.callback}


def _masked(attendee: Attendee) -> Shown:
    return {
        "person_id": attendee.person_id,
        "name": shown_secret(attendee.name, None),
        "phone": shown_secret(attendee.phone, None),
        "callback": attendee.callback,
    }
