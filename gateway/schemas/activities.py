"""Activities and who signs up for them: how they are announced, asked for and shown."""

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open, Point
from gateway.schemas.cases import Location
from gateway.schemas.fields import Strict, day, id_, ids, instant, one_of, shown_instant, word
from gateway.schemas.fields import text as prose
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.staffing import AREA, Receipt, shown_day

KINDS = ("activity", "service_day")
STANDINGS = ("published", "cancelled", "over")
STATES = ("in", "waiting", "left")
REASONS = ("by_person", "activity_cancelled", "overlaps", "person_left")
WHY = {"description": f"Why somebody left: {', '.join(REASONS)}; null for who has not."}
MOST_TASKS, MOST_TOOLS, MOST_COMPOUNDS, MOST_SKILLS = 50, 30, 100, 30
MOST_PEOPLE, MOST_HEADS = 100_000, 10_000
DAY_MINUTES, OLDEST = 24 * 60, 120


def number(most: int, what: str, **options: Any) -> fields.Integer:
    """A whole number of either sign; what it must not be is told by the service, with a code of its own."""
    limits = validate.Range(-most, most)
    return fields.Integer(strict=True, validate=limits, metadata={"description": what}, **options)


class Task(Strict):
    """One task of the board: how many heads it takes, with which tools, and about how many minutes."""

    task_id = id_(required=True)
    name = word(100, required=True)
    heads = number(MOST_HEADS, "How many people it takes, at least 1.", required=True)
    tools = fields.List(word(100), validate=validate.Length(max=MOST_TOOLS))
    minutes = fields.Integer(strict=True, allow_none=True, validate=validate.Range(5, DAY_MINUTES))


class ActivityChange(Strict):
    """What is told anew of an activity; signing up that ends with its beginning does so still when it is moved."""

    title = word(100)
    text = prose(metadata={"description": "What is done."})
    begins = instant(metadata={"description": "At a mark of five minutes."})
    ends = instant(metadata={"description": "On the same local day."})
    breaks = number(DAY_MINUTES, "Minutes of it that are breaks.")
    place = word(200, metadata={"description": "Where people meet, in words."})
    muster = fields.Nested(Location, metadata={"description": "Where people meet, within the grid."})
    venue_id = id_(allow_none=True)
    compounds = ids(MOST_COMPOUNDS)
    capacity = number(MOST_PEOPLE, "How many can come, at least 1; null for as many as come.", allow_none=True)
    sign_up_until = instant(metadata={"description": "Nobody signs up from then on; its beginning unless given."})
    sign_up_way = prose(metadata={"description": "How people sign up."})
    conditions = prose(metadata={"description": "Who can take part."})
    risks = prose()
    protection = prose(metadata={"description": "What is done for the safety of those who come."})
    skills = ids(MOST_SKILLS, metadata={"description": "Without which nobody signs up."})
    youngest = number(OLDEST, "Years from which on people sign up: 14, or more.")
    tasks = fields.List(fields.Nested(Task), validate=validate.Length(max=MOST_TASKS))


class NewActivity(ActivityChange):
    """An activity, with everything that GB/T 40143 §6.1 wants announced."""

    title = word(100, required=True)
    text = prose(required=True, metadata={"description": "What is done."})
    grid_code = id_(required=True)
    begins = instant(required=True, metadata={"description": "At a mark of five minutes."})
    ends = instant(required=True, metadata={"description": "On the same local day."})
    place = word(200, required=True, metadata={"description": "Where people meet, in words."})
    muster = fields.Nested(Location, required=True, metadata={"description": "Where people meet, within the grid."})
    capacity = number(
        MOST_PEOPLE, "How many can come, at least 1; null for as many as come.", required=True, allow_none=True
    )
    sign_up_way = prose(required=True, metadata={"description": "How people sign up."})
    conditions = prose(required=True, metadata={"description": "Who can take part."})
    risks = prose(required=True)
    protection = prose(required=True, metadata={"description": "What is done for the safety of those who come."})


class Cancelling(Strict):
    """Why it does not take place, for everybody to read."""

    reason = word(200, required=True)


class ActivityQuery(PageQuery):
    """Which activities: of an area, of a kind, of a series, from a local day to another, both included."""

    area = id_(metadata=AREA)
    kind = one_of(*KINDS)
    series_id = id_()
    first_day = day()
    last_day = day()


class ActivityReceipt(Receipt):
    """The activity that was published, changed or called off."""

    activity_id = fields.String(required=True)


class TaskShown(Open):
    """One task of the board."""

    task_id = fields.String(required=True)
    name = fields.String(required=True)
    heads = fields.Integer(required=True)
    tools = fields.List(fields.String(), required=True)
    minutes = fields.Integer(required=True, allow_none=True)


class OpenTask(Open):
    """A task that still needs people, and how many."""

    task_id = fields.String(required=True)
    name = fields.String(required=True)
    tools = fields.List(fields.String(), required=True)
    minutes = fields.Integer(required=True, allow_none=True)
    needed = fields.Integer(required=True)


class OwnPlace(Open):
    """The caller's own sign-up."""

    signup_id = fields.String(required=True)
    state = one_of(*STATES, required=True)
    task_id = fields.String(required=True, allow_none=True)
    asked_at = shown_instant(required=True)
    waiting_before = fields.Integer(
        required=True, allow_none=True, metadata={"description": "How many wait before; null for who does not wait."}
    )


class ActivityLine(Open):
    """An activity as it is announced."""

    activity_id = fields.String(required=True)
    version = fields.Integer(required=True)
    kind = one_of(*KINDS, required=True)
    state = one_of(*STANDINGS, required=True)
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why it was called off."})
    title = fields.String(required=True)
    text = fields.String(required=True)
    grid_code = fields.String(required=True)
    organiser_id = fields.String(required=True)
    day = shown_day(required=True)
    begins = shown_instant(required=True)
    ends = shown_instant(required=True)
    breaks = fields.Integer(required=True)
    place = fields.String(required=True)
    muster = fields.Nested(Point, required=True)
    venue_id = fields.String(required=True, allow_none=True)
    compounds = fields.List(fields.String(), required=True)
    capacity = fields.Integer(required=True, allow_none=True)
    sign_up_until = shown_instant(required=True)
    sign_up_way = fields.String(required=True)
    conditions = fields.String(required=True)
    risks = fields.String(required=True)
    protection = fields.String(required=True)
    skills = fields.List(fields.String(), required=True)
    youngest = fields.Integer(required=True)
    series_id = fields.String(required=True, allow_none=True)
    tasks = fields.List(fields.Nested(TaskShown), required=True)


class ActivityView(ActivityLine):
    """One activity, with how far it is taken."""

    signed_up = fields.Integer(required=True, metadata={"description": "How many have places."})
    waiting = fields.Integer(required=True, metadata={"description": "How many wait for one."})
    open_tasks = fields.List(
        fields.Nested(OpenTask), required=True, metadata={"description": "Those that lack the most first."}
    )
    own = fields.Nested(OwnPlace, required=True, allow_none=True)


class ActivityList(Schema):
    """A page of activities, the earliest first."""

    items = fields.List(fields.Nested(ActivityLine), required=True)
    next = next_cursor()


class SigningUp(Strict):
    """For which task, if any; the day of birth is asked for where an activity is not for everybody, and not kept."""

    task_id = id_(allow_none=True)
    born = day(allow_none=True)


class TaskChoice(Strict):
    """Which task; null for none."""

    task_id = id_(required=True, allow_none=True)


class SignupReceipt(Receipt):
    """The sign-up: `in` with a place, or `waiting`; who waits moves up by themselves, and hears of it."""

    signup_id = fields.String(required=True)
    activity_id = fields.String(required=True)
    state = one_of(*STATES, required=True)
    task_id = fields.String(required=True, allow_none=True)


class SignupQuery(PageQuery):
    """Which sign-ups: those who have places or wait, unless others are asked for."""

    state = one_of(*STATES)


class OwnSignupQuery(SignupQuery):
    """Which of the own: also from a local day to another, both included."""

    first_day = day()
    last_day = day()


class SignupLine(Open):
    """Somebody's sign-up, for who organises the activity."""

    signup_id = fields.String(required=True)
    person_id = fields.String(required=True)
    name_masked = fields.String(required=True, allow_none=True)
    state = one_of(*STATES, required=True)
    reason = fields.String(required=True, allow_none=True, metadata=WHY)
    task_id = fields.String(required=True, allow_none=True)
    asked_at = shown_instant(required=True)
    by_roster = fields.Boolean(required=True, metadata={"description": "Whether a roster booked them."})


class OwnSignup(Open):
    """One of the caller's own sign-ups."""

    signup_id = fields.String(required=True)
    activity_id = fields.String(required=True)
    title = fields.String(required=True)
    begins = shown_instant(required=True)
    ends = shown_instant(required=True)
    place = fields.String(required=True)
    state = one_of(*STATES, required=True)
    reason = fields.String(required=True, allow_none=True, metadata=WHY)
    task_id = fields.String(required=True, allow_none=True)


class SignupList(Schema):
    """A page of sign-ups, the first to ask first."""

    items = fields.List(fields.Nested(SignupLine), required=True)
    next = next_cursor()


class OwnSignupList(Schema):
    """A page of the own, the earliest activity first."""

    items = fields.List(fields.Nested(OwnSignup), required=True)
    next = next_cursor()
