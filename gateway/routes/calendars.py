"""Links to calendars of one's own sign-ups."""

from flask import Response

from gateway.answers import address_of, answer, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import Operations
from gateway.schemas.calendars import CalendarList, CalendarReceipt, NewCalendar

routes = Operations("calendars", "Calendars of activities to subscribe to.")


@routes.does("/calendars", NewCalendar, status=201, located=False, errors=(404, 409))
def open_calendar() -> Response:
    """Make a secret link to one's own sign-ups, for a program that keeps calendars; at most ten at a time."""
    receipt = ask().members.open_calendar(**command())
    url = address_of("calendar_feeds.own_calendar", token=receipt["token"])
    return answer({**receipt, "url": url}, 201)


@routes.reads("/calendars", CalendarList)
def calendars() -> Response:
    """One's own links, revoked ones too, without their secrets."""
    return readable(ask().members.calendars(caller=identity().caller))


@routes.does("/calendars/<calendar_id>/revoke", CalendarReceipt, errors=(404, 409))
def revoke_calendar(calendar_id: str) -> Response:
    """Let a link lead nowhere any more."""
    return answer(ask().members.revoke_calendar(**command(), calendar_id=calendar_id))
