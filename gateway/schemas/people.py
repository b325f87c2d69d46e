"""The signed-in person."""

from collections.abc import Mapping

from marshmallow import INCLUDE, Schema, fields, validate

from gateway.schemas.fields import Strict, day_time, ids, one_of, word

MOST_SPANS = 50
MOST_SKILLS = 100


class Span(Strict):
    """A weekly span of free time on the local clock; Monday is 0."""

    weekday = fields.Integer(required=True, strict=True, validate=validate.Range(0, 6))
    start = day_time(required=True)
    end = day_time(required=True)


ADDRESSES: Mapping[str, str] = {
    "email": "E-mail.",
    "ntfy": "Topic of ntfy.",
    "bark": "Device key of Bark.",
    "wecom": "Key of a robot of WeCom.",
    "dingtalk": "Token of a robot of DingTalk.",
    "feishu": "Token of a robot of Feishu.",
}
LONGEST_ADDRESS = 254

Addresses = Strict.from_dict(
    {
        kind: word(LONGEST_ADDRESS, allow_none=True, metadata={"description": f"{said} Null takes it away."})
        for kind, said in ADDRESSES.items()
    },
    name="Addresses",
)


class ProfileChange(Strict):
    """What a person may change of the own profile; what is not named stays."""

    name = word(100)
    honorific = word(10)
    language = one_of("zh-CN", "en")
    skills = ids(MOST_SKILLS)
    declined = ids(MOST_SKILLS, metadata={"description": "Channels by which not to be told."})
    free_times = fields.List(fields.Nested(Span), validate=validate.Length(max=MOST_SPANS))
    addresses = fields.Nested(
        Addresses, metadata={"description": "Where to be told besides the phone; a kind that is not named stays."}
    )


class ProfileChanged(Schema):
    """Whose profile it is, and its version."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    person_id = fields.String(required=True)
    version = fields.Integer(required=True)


class Left(ProfileChanged):
    """Who has left, and the version of what is kept of them."""


class Copy(Schema):
    """Everything that is kept of the caller, unmasked."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    person_id = fields.String(required=True)
    earlier_ids = fields.List(fields.String(), required=True)
    name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    addresses = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    logins = fields.List(fields.String(), required=True)
    sign_ins = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "Devices that are signed in, as `GET /v1/sessions` has them."},
    )
    second_factor = fields.Dict(
        required=True,
        metadata={"description": "Whether there is one, since when, and how many recovery codes are left."},
    )
    linked_identities = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "With which issuers, and since when; who they are there is not kept readable."},
    )
    roles = fields.List(fields.Dict(), required=True)
    tags = fields.List(fields.Dict(), required=True)
    consent = fields.Dict(required=True, allow_none=True)
    phone_told = fields.List(
        fields.Dict(), required=True, metadata={"description": "When an office was told the phone, and why."}
    )
    posts = fields.List(fields.Dict(), required=True)
    seats = fields.List(
        fields.Dict(), required=True, metadata={"description": "In party groups, with the meetings attended."}
    )
    registrations = fields.List(fields.Dict(), required=True)
    service_points = fields.List(fields.Dict(), required=True)
    service_records = fields.List(fields.Dict(), required=True)
    hours = fields.List(fields.Dict(), required=True, metadata={"description": "The rows of the own ledger."})
    stars = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "What the ledger comes to, and every consent to be seen."},
    )
    certificates = fields.List(fields.Dict(), required=True, metadata={"description": "Of hours, with their codes."})
    patrols = fields.List(
        fields.Dict(), required=True, metadata={"description": "With the track or the cells that are left of it."}
    )
    findings = fields.List(fields.Dict(), required=True, metadata={"description": "Cases reported on patrol."})
    tracks_shown = fields.List(
        fields.Dict(), required=True, metadata={"description": "When an office was shown a track, and why."}
    )
    call_replies = fields.List(
        fields.Dict(), required=True, metadata={"description": "Whether they come, of each call that they answered."}
    )
    needs = fields.List(fields.Dict(), required=True, metadata={"description": "What they said that they need."})
    evaluations = fields.List(
        fields.Dict(), required=True, metadata={"description": "Those that were shown; drafts are the community's own."}
    )
    attendance = fields.List(
        fields.Dict(), required=True, metadata={"description": "When they came to activities and went."}
    )
    station_uses = fields.List(
        fields.Dict(), required=True, metadata={"description": "In which quarters they agreed to be counted."}
    )
    calendars = fields.List(fields.Dict(), required=True, metadata={"description": "Links to their sign-ups."})
    feedback = fields.List(fields.Dict(), required=True, metadata={"description": "What they said of activities."})
    signups = fields.List(
        fields.Dict(), required=True, metadata={"description": "For activities, those given back among them."}
    )
    census = fields.List(fields.Dict(), required=True, metadata={"description": "As a new-employment worker."})
    cases = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "Those that they reported, follow or are a party of, with the contact that was left."},
    )
    handled = fields.List(
        fields.Dict(), required=True, metadata={"description": "Outlines of the cases that were given to them."}
    )
    demands = fields.List(fields.Dict(), required=True, metadata={"description": "What they asked for."})
    resources = fields.List(fields.Dict(), required=True, metadata={"description": "What they offer."})
    sessions = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "Where they were heard, with what they left there."},
    )
    contacts_told = fields.List(
        fields.Dict(), required=True, metadata={"description": "When somebody was told a contact of theirs, and why."}
    )
    preferences = fields.Dict(required=True, metadata={"description": "What they want to be told outside their inbox."})
    notices = fields.List(fields.Dict(), required=True, metadata={"description": "What they were told, in codes."})
    messages = fields.List(
        fields.Dict(), required=True, metadata={"description": "By which ways that went out to them, with each try."}
    )
    sessions_held = fields.List(
        fields.Dict(), required=True, metadata={"description": "Intake sessions that they held."}
    )
    summons = fields.List(
        fields.Dict(), required=True, metadata={"description": "Which they called or answered, with their own acts."}
    )
    projects = fields.List(
        fields.Dict(), required=True, metadata={"description": "Which they planned or moved, with their own acts."}
    )
    surveys = fields.List(
        fields.Dict(), required=True, metadata={"description": "Which they kept, with their own acts; never an answer."}
    )
    exclusions = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "From the rates, which they proposed or decided, with their own words."},
    )
    trail = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "Rows of the audit trail about what they did: what they were shown, and why."},
    )


class RoleHeld(Schema):
    """A role within a scope, the prefix of grid codes."""

    role = fields.String(required=True)
    scope = fields.String(required=True)


class Certificate(Schema):
    """A licence and the last day on which it is valid."""

    kind = fields.String(required=True)
    valid_until = fields.String(required=True, metadata={"format": "date"})


class Profile(Schema):
    """The signed-in person; name, phone and addresses are masked here too."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    person_id = fields.String(required=True)
    name = fields.String(required=True)
    phone = fields.String(allow_none=True)
    addresses = fields.Dict(keys=fields.String(), values=fields.String())
    language = fields.String(required=True)
    roles = fields.List(fields.Nested(RoleHeld), required=True)
    unit = fields.Dict(allow_none=True)
    home = fields.Dict(allow_none=True)
    skills = fields.List(fields.String())
    certificates = fields.List(fields.Nested(Certificate))
    free_times = fields.List(fields.Dict())
    tags = fields.List(fields.String())
    declined = fields.List(fields.String())
    active = fields.Boolean()
