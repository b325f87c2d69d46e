"""The shapes of what people sign up and leave with, and of the events that make places free."""

from marshmallow import EXCLUDE, Schema, fields, validate

from chassis.schema import Day, Instant
from members.posts.schemas import MOST_IN_PAGE
from members.schemas import SHORT
from members.signups.signup import State


class SignUpSchema(Schema):
    """A task if there is one, and when the person was born where the activity asks for an age; it is not kept."""

    task_id = fields.String(allow_none=True, load_default=None, validate=SHORT)
    born = Day(allow_none=True, load_default=None)


class TaskChoiceSchema(Schema):
    """Which task, null for none."""

    task_id = fields.String(required=True, allow_none=True, validate=SHORT)


class SignupFiltersSchema(Schema):
    """Which sign-ups a list holds: those in a state; those who left are in it when they are asked for."""

    state = fields.String(validate=validate.OneOf([state.value for state in State]))


class SignupPageSchema(Schema):
    """Which page of a list: `after` is the `next` of the page before."""

    filters = fields.Nested(SignupFiltersSchema, load_default=dict)
    after = fields.Tuple((Instant(), fields.String(validate=SHORT)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class OwnFiltersSchema(SignupFiltersSchema):
    """Which of the own: those in a state, from a local day on, until one."""

    first_day = Day()
    last_day = Day()


class OwnPageSchema(SignupPageSchema):
    """Which page of the own."""

    filters = fields.Nested(OwnFiltersSchema, load_default=dict)


class OfActivitySchema(Schema):
    """What is needed of an event about an activity or about somebody's sign-up for one."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    activity_id = fields.String(required=True)
    signup_id = fields.String(load_default="")
