"""What somebody wants to be told outside the inbox, and when."""

from marshmallow import Schema, fields, validate

from gateway.schemas.fields import Strict, day_time, different, id_, one_of

KINDS = (
    "own_case",
    "task",
    "desk",
    "activity",
    "volunteering",
    "match_list",
    "registration",
    "session",
    "summons",
    "call",
    "week",
    "partner",
    "sign_in",
)
CHANNELS = ("app", "wechat", "email", "sms")
ZONE = {"description": "A name of the IANA time zone database.", "examples": ["Asia/Shanghai"]}
QUIET = {"description": "Hours of the own clock in which nothing is sent: it waits for their end. Null: none."}
DECLINED = {"description": "Channels by which nothing of a kind is sent; in the inbox it stands all the same."}
GATHERED = {"description": "Kinds of which all goes out in one message a day."}


class QuietHours(Strict):
    """From when until when; over midnight where they end before they begin, and none where both are the same."""

    begins = day_time(required=True)
    ends = day_time(required=True)


def _channels() -> fields.List[str]:
    return fields.List(one_of(*CHANNELS), validate=[validate.Length(max=len(CHANNELS)), different])


DeclinedChannels = Strict.from_dict({kind: _channels() for kind in KINDS}, name="DeclinedChannels")


class PreferencesChosen(Strict):
    """All that somebody chooses; what is left out is as if never chosen."""

    zone = id_(metadata=ZONE)
    quiet = fields.Nested(QuietHours, allow_none=True, metadata=QUIET)
    declined = fields.Nested(DeclinedChannels, metadata=DECLINED)
    gathered = fields.List(one_of(*KINDS), validate=[validate.Length(max=len(KINDS)), different], metadata=GATHERED)
    digest_at = day_time(metadata={"description": "When that message goes out, on the own clock."})


class MessageKind(Schema):
    """A kind of message; of a mandatory one nothing can be declined or gathered.

    Of the other kinds a few messages come all the same (`mandatory` in the inbox): emergencies, what became of an own
    need, and what somebody is asked to tell others by hand.
    """

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    mandatory = fields.Boolean(required=True)


class Preferences(Schema):
    """The choices that hold, and every kind that there is."""

    zone = fields.String(required=True, metadata=ZONE)
    quiet = fields.Nested(QuietHours, required=True, allow_none=True, metadata=QUIET)
    declined = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True, metadata=DECLINED)
    gathered = fields.List(fields.String(validate=validate.OneOf(KINDS)), required=True, metadata=GATHERED)
    digest_at = fields.String(required=True)
    kinds = fields.List(fields.Nested(MessageKind), required=True)
