"""Activities: published, changed and called off; and the places in them (docs/domain.md §3.3, F12 and F42)."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import IDEMPOTENCY_KEY, Operations
from gateway.schemas.activities import (
    ActivityChange,
    ActivityList,
    ActivityQuery,
    ActivityReceipt,
    ActivityView,
    Cancelling,
    NewActivity,
    OwnSignupList,
    OwnSignupQuery,
    SigningUp,
    SignupList,
    SignupQuery,
    SignupReceipt,
    TaskChoice,
)

CLEAN_UP = {
    "title": "扮靓周四：清扫楼道",
    "text": "清扫楼道、擦扶手、捡垃圾、清杂物、铲小广告。",
    "grid_code": "360704100007001",
    "begins": "2026-04-02T09:00:00+08:00",
    "ends": "2026-04-02T11:00:00+08:00",
    "place": "广场社区集合点",
    "muster": {"lon": 115.0062, "lat": 25.8601},
    "capacity": 30,
    "sign_up_way": "在本页报名。",
    "conditions": "年满十四周岁，身体健康。",
    "risks": "楼梯湿滑。",
    "protection": "提供手套、口罩和意外保险。",
    "tasks": [
        {"task_id": "sweep", "name": "清扫楼道", "heads": 8, "tools": ["扫把", "簸箕"], "minutes": 60},
        {"task_id": "scrape", "name": "铲小广告", "heads": 4, "tools": ["铲刀"]},
    ],
}

routes = Operations("activities", "Activities that people sign up for, and their places in them.")


@routes.does("/activities", ActivityReceipt, status=201, takes=NewActivity(), examples=CLEAN_UP, errors=(409,))
def publish_activity(body: dict[str, Any]) -> Response:
    """Publish an activity; who publishes it organises it. Everything that is wrong is named at once.

    A venue is booked with it: where somebody has it at that time, the refusal says when it is `free` on that day.
    """
    receipt = ask().members.publish_activity(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("activities.activity", activity_id=receipt["activity_id"])})


@routes.reads("/activities", ActivityList, query=ActivityQuery)
def activities(query: dict[str, Any]) -> Response:
    """The activities of the caller's districts, the earliest first."""
    found = ask().members.activities(
        caller=identity().caller, filters=filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/activities/<activity_id>", ActivityView)
def activity(activity_id: str) -> Response:
    """One activity, with the tasks that still need people and the caller's own place."""
    return readable(ask().members.activity(caller=identity().caller, activity_id=activity_id))


@routes.operation(
    "PATCH",
    "/activities/<activity_id>",
    ActivityReceipt,
    takes=ActivityChange(),
    headers=(IDEMPOTENCY_KEY,),
    examples={"begins": "2026-04-02T09:30:00+08:00", "ends": "2026-04-02T11:30:00+08:00"},
    errors=(409,),
)
def change_activity(body: dict[str, Any], activity_id: str) -> Response:
    """Tell something anew of an activity before it begins.

    Whoever signed up is told of another time or place. With more places those who wait move up; with fewer the last who
    asked wait again; whoever is elsewhere at the new time has no place any more.
    """
    return answer(ask().members.change_activity(**command(), activity_id=activity_id, **body))


@routes.does(
    "/activities/<activity_id>/cancel",
    ActivityReceipt,
    takes=Cancelling(),
    examples={"reason": "暴雨红色预警"},
    errors=(409,),
)
def cancel_activity(body: dict[str, Any], activity_id: str) -> Response:
    """Call an activity off: whoever signed up is told, and free again."""
    return answer(ask().members.cancel_activity(**command(), activity_id=activity_id, **body))


@routes.does(
    "/activities/<activity_id>/signups",
    SignupReceipt,
    status=201,
    takes=SigningUp(),
    examples={"task_id": "sweep"},
    errors=(404, 409),
)
def sign_up(body: dict[str, Any], activity_id: str) -> Response:
    """Sign up for an activity: with a place, or on the waiting list.

    A task that is full is refused with `open_tasks`, those that still need people.
    """
    receipt = ask().members.sign_up(**command(), activity_id=activity_id, **body)
    return answer(receipt, 201, {"Location": url_for("activities.activity", activity_id=activity_id)})


@routes.reads("/activities/<activity_id>/signups", SignupList, query=SignupQuery)
def signups_of_activity(query: dict[str, Any], activity_id: str) -> Response:
    """Who signed up for an activity, the first to ask first, with masked names."""
    found = ask().members.signups_of_activity(
        caller=identity().caller,
        activity_id=activity_id,
        filters=filters(query),
        after=position(query),
        limit=query["limit"],
    )
    return page(found, continued(found, query), query)


@routes.does(
    "/activities/<activity_id>/task", SignupReceipt, takes=TaskChoice(), examples={"task_id": "scrape"}, errors=(409,)
)
def choose_task(body: dict[str, Any], activity_id: str) -> Response:
    """Take another task of an activity for which one has signed up, or none."""
    return answer(ask().members.choose_task(**command(), activity_id=activity_id, **body))


@routes.does("/activities/<activity_id>/leave", SignupReceipt, errors=(409,))
def leave_activity(activity_id: str) -> Response:
    """Cannot come after all: the place is free for who waits first."""
    return answer(ask().members.leave_activity(**command(), activity_id=activity_id))


@routes.reads("/signups", OwnSignupList, query=OwnSignupQuery)
def own_signups(query: dict[str, Any]) -> Response:
    """The caller's own sign-ups, the earliest activity first."""
    found = ask().members.own_signups(
        caller=identity().caller, filters=filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)
