"""Calendars as files that programs subscribe to: of an area for everybody, of one's own sign-ups by a secret link."""

from typing import Any

from flask import Response

from gateway.calendar_file import MEDIA_TYPE, calendar_file
from gateway.facade import ask, services
from gateway.operations import Operations
from gateway.schemas.calendars import AreaCalendarQuery

CACHED = "max-age=300"
FILE = {"200": {"description": "The calendar.", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}}

routes = Operations("calendar_feeds", "Calendars of activities, as files that programs subscribe to.")


@routes.operation(
    "GET",
    "/activities.ics",
    None,
    query=AreaCalendarQuery,
    responses=FILE,
    public=True,
    errors=(422, 503, 504),
)
def area_calendar(query: dict[str, Any]) -> Response:
    """What is announced in an area, from 30 days ago until in a year, at most 1,000 entries, without signing in.

    What is called off stays, as cancelled; each change has a higher SEQUENCE under the same UID.
    """
    found = ask().members.area_calendar(area=query["area"])
    return _file(f"{found['name'] or query['area']}活动", found, f"public, {CACHED}")


@routes.operation("GET", "/calendars/<token>.ics", None, responses=FILE, public=True, errors=(404, 503, 504))
def own_calendar(token: str) -> Response:
    """What somebody signed up for, by their secret link alone: waiting ones are tentative, those left cancelled."""
    return _file("我的活动报名", ask().members.own_calendar(token=token), f"private, {CACHED}")


def _file(name: str, found: dict[str, Any], cached: str) -> Response:
    content: bytes = services().apart(calendar_file, name, found)
    return Response(content, 200, {"Cache-Control": cached}, content_type=MEDIA_TYPE)
