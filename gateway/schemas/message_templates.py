"""Templates of messages."""

from marshmallow import Schema, fields, validate

from gateway.schemas.fields import TEXT_LIMIT, Strict, shown_instant, word
from gateway.schemas.paging import next_cursor

REASON_LIMIT = 500
MOST_VERSIONS = 1_000_000


def source() -> fields.String:
    """A text as it is written."""
    return fields.String(validate=validate.Length(1, TEXT_LIMIT))


class Variants(Strict):
    """The texts of a template in one language: `plain`, and texts of their own for single channels."""

    plain = fields.String(
        required=True,
        validate=validate.Length(1, TEXT_LIMIT),
        metadata={"description": "For every channel that has none of its own, and for the inbox. Line 1 is the title."},
    )
    app = source()
    wechat = source()
    email = source()
    sms = source()


class Draft(Strict):
    """All texts of a template, by language."""

    zh = fields.Nested(Variants, required=True, data_key="zh-CN", attribute="zh-CN")
    en = fields.Nested(Variants, required=True)


class Preview(Strict):
    """A draft; without one the texts in force are shown."""

    texts = fields.Nested(Draft)


def version_number(**more: object) -> fields.Integer:
    """The number of a version."""
    return fields.Integer(strict=True, validate=validate.Range(0, MOST_VERSIONS), **more)  # type: ignore[arg-type]


class NewVersion(Strict):
    """What a template is to say from now on: either `texts`, or those of an earlier version again."""

    based_on = version_number(
        required=True, metadata={"description": "The version that was looked at; if it is not in force any more, 409."}
    )
    reason = word(REASON_LIMIT, required=True)
    texts = fields.Nested(Draft)
    reverts_to = version_number(metadata={"description": "0 is the built-in version, in that of later releases too."})


class Variable(Schema):
    """What a text may ask for."""

    name = fields.String(required=True)
    form = fields.String(
        required=True,
        metadata={
            "description": "How it is told: `label`, `time`, `count` (a number with its thing), `number`, `name`, "
            "`plain`, `text`, or `flag`, which is to be asked and not said. All but flags may be empty."
        },
    )
    needed = fields.Boolean(required=True, metadata={"description": "The text has to say it."})


class TemplateOutline(Schema):
    """A template with its variables and the version in force; 0 is the built-in one."""

    template = fields.String(required=True)
    kind = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "As in preferences; null: no notice, but a code or digest."},
    )
    version = fields.Integer(required=True)
    variables = fields.List(fields.Nested(Variable), required=True)


class TemplateOutlines(Schema):
    """Every template."""

    items = fields.List(fields.Nested(TemplateOutline), required=True)
    next = next_cursor()


class TemplateVersion(Schema):
    """One version: its texts by language and channel, and who wrote it, when and why."""

    template = fields.String(required=True)
    version = fields.Integer(required=True)
    texts = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.String()), required=True
    )
    by = fields.String(required=True, allow_none=True, metadata={"description": "null: it came with the program."})
    at = shown_instant(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    reverts_to = fields.Integer(required=True, allow_none=True)


class TemplateVersions(Schema):
    """A page of versions, newest first; the last is the built-in one."""

    items = fields.List(fields.Nested(TemplateVersion), required=True)
    next = next_cursor()


class TemplateFault(Schema):
    """Why a text cannot be used."""

    pointer = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    details = fields.Dict()


class Template(TemplateVersion):
    """A template as it stands."""

    kind = fields.String(required=True, allow_none=True)
    variables = fields.List(fields.Nested(Variable), required=True)
    faults = fields.List(
        fields.Nested(TemplateFault),
        required=True,
        metadata={
            "description": "Why this version cannot be used any more, after an upgrade; the built-in one goes out."
        },
    )


class Sample(Schema):
    """A message as it would read."""

    language = fields.String(required=True)
    channel = fields.String(required=True, metadata={"description": "`plain` is the inbox."})
    sample = fields.String(
        required=True, metadata={"description": "`full`: everything is known; `least`: only what always is."}
    )
    title = fields.String(required=True)
    body = fields.String(required=True)
    length = fields.Integer(required=True, metadata={"description": "In characters, with the title."})
    most = fields.Integer(required=True, allow_none=True, metadata={"description": "What the channel takes."})


class Samples(Schema):
    """The messages that come of the texts."""

    items = fields.List(fields.Nested(Sample), required=True)
