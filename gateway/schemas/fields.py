"""Field types that keep JSON as JSON: checked here for shape, handed on unchanged."""

from datetime import datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

TEXT_LIMIT = 4_000
ID_LIMIT = 100


class Strict(Schema):
    """A request: a field that is not declared is refused."""

    class Meta:
        """Options of marshmallow."""

        unknown = RAISE


class Instant(fields.String):
    """An RFC 3339 instant with offset, kept as the text that came."""

    default_error_messages = {  # noqa: RUF012 - as marshmallow declares it
        "instant": "Not an RFC 3339 instant with offset."
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise self.make_error("instant") from None
        if moment.tzinfo is None:
            raise self.make_error("instant")
        return text


def instant(**options: Any) -> Instant:
    """An instant, documented as such."""
    metadata = {"format": "date-time", **options.pop("metadata", {})}
    return Instant(validate=validate.Length(max=40), metadata=metadata, **options)


def day(**options: Any) -> fields.String:
    """A day of the calendar."""
    pattern = validate.Regexp(r"^\d{4}-\d{2}-\d{2}$", error="Not a day like 2026-04-15.")
    return fields.String(validate=pattern, metadata={"format": "date"}, **options)


def day_time(**options: Any) -> fields.String:
    """A time of day."""
    pattern = validate.Regexp(r"^\d{2}:\d{2}$", error="Not a time of day like 08:30.")
    return fields.String(validate=pattern, **options)


def text(**options: Any) -> fields.String:
    """What somebody writes: 1 to 4,000 characters."""
    return fields.String(validate=validate.Length(1, TEXT_LIMIT), **options)


def id_(**options: Any) -> fields.String:
    """An id, a code or a short name."""
    return fields.String(validate=validate.Length(1, ID_LIMIT), **options)


def one_of(*codes: str, **options: Any) -> fields.String:
    """One of these codes: documented here, checked by the service whose codes they are."""
    return fields.String(validate=validate.Length(1, ID_LIMIT), metadata={"enum": list(codes)}, **options)


def phone(**options: Any) -> fields.String:
    """A mobile phone; whether such a number is given out is asked by the service that takes it."""
    pattern = validate.Regexp(r"^1[0-9]{10}$", error="Not a mobile phone number of 11 digits.")
    metadata = {"description": "Mobile phone: 11 digits, no country code, no blanks.", "examples": ["12000000001"]}
    return fields.String(validate=pattern, metadata=metadata, **options)


def ids(most: int, **options: Any) -> fields.List[Any]:
    """A list of up to `most` different ids."""
    return fields.List(id_(), validate=[validate.Length(max=most), different], **options)


def different(values: list[Any]) -> None:
    """Refuse a list that names something twice."""
    if len(set(values)) != len(values):
        raise ValidationError("Named twice.")


def longitude(**options: Any) -> fields.Float:
    """Degrees east."""
    return fields.Float(validate=validate.Range(-180, 180), **options)


def latitude(**options: Any) -> fields.Float:
    """Degrees north."""
    return fields.Float(validate=validate.Range(-90, 90), **options)


def shown_instant(**options: Any) -> fields.String:
    """An instant in an answer: RFC 3339 with the local offset."""
    return fields.String(metadata={"format": "date-time"}, **options)
