"""Field types that keep JSON as JSON: checked here for shape, handed on unchanged."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate

from chassis.schema import instant as read
from chassis.schema import one_line

DIGITS = re.compile(r"-?[0-9]{1,18}")
DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")
CONTROLS_IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""All but the end of a line and the tab."""

TEXT_LIMIT = 4_000
ID_LIMIT = 100


class Strict(Schema):
    """A request: a field that is not declared is refused."""

    class Meta:
        """Options of marshmallow."""

        unknown = RAISE

    @pre_load
    def _cut(self, data: Any, **_: Any) -> Any:
        """Of a list that is longer than it may be, no more is looked at than shows that it is.

        Its length is checked after all that is in it, and a body has room for hundreds of thousands of faults.
        """
        if not isinstance(data, dict):
            return data
        given = ((name, most, data.get(name)) for name, most in self._most.items())
        long = {name: each[: most + 1] for name, most, each in given if isinstance(each, list) and len(each) > most}
        return data | long if long else data

    @cached_property
    def _most(self) -> Mapping[str, int]:
        """How many each list may hold, by the name under which it comes."""
        lists = ((each.data_key or name, each) for name, each in self.load_fields.items())
        lengths = ((name, _longest(each)) for name, each in lists if isinstance(each, fields.List))
        return {name: most for name, most in lengths if most is not None}


def _longest(field: fields.Field[Any]) -> int | None:
    """How many the field may hold, None where that is not said."""
    said = (each.max or each.equal for each in field.validators if isinstance(each, validate.Length))
    return min((most for most in said if most is not None), default=None)


class Instant(fields.String):
    """An RFC 3339 instant with offset, kept as the text that came."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        read(text)
        return text


class Line(fields.Nested):
    """One of many that are looked at each by itself: described here, and handed on as it came, if it is an object."""

    def _deserialize(self, value: Any, *_: Any, **_more: Any) -> Any:
        if not isinstance(value, dict):
            raise self.make_error("type", input=value, type=type(value).__name__)
        return value


class Truth(fields.Boolean):
    """`true` or `false` in JSON, and no word or number that could mean it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise self.make_error("invalid", input=value)


class QueryTruth(fields.Boolean):
    """`true` or `false` in a query."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if value in {"true", "false"}:
            return bool(value == "true")
        raise self.make_error("invalid", input=value)


class QueryInteger(fields.Integer):
    """A whole number in a query: ASCII digits alone."""

    def _validated(self, value: Any) -> int:
        if isinstance(value, str) and not DIGITS.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Number(fields.Float):
    """A number in JSON, and no text that looks like one."""

    def _validated(self, value: Any) -> float:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class QueryNumber(fields.Float):
    """A number in a query: ASCII digits, perhaps with a point among them."""

    def _validated(self, value: Any) -> float:
        if isinstance(value, str) and not DECIMAL.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


def instant(**options: Any) -> Instant:
    """An instant, documented as such."""
    metadata = {"format": "date-time", **options.pop("metadata", {})}
    return Instant(validate=validate.Length(max=40), metadata=metadata, **options)


def day(**options: Any) -> fields.String:
    """A day of the calendar."""
    pattern = validate.Regexp(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", error="Not a day like 2026-04-15.")
    metadata = {"format": "date", **options.pop("metadata", {})}
    return fields.String(validate=[one_line, pattern], metadata=metadata, **options)


def day_time(**options: Any) -> fields.String:
    """A time of day."""
    pattern = validate.Regexp(r"^[0-9]{2}:[0-9]{2}$", error="Not a time of day like 08:30.")
    return fields.String(validate=[one_line, pattern], **options)


def text(**options: Any) -> fields.String:
    """What somebody writes: 1 to 4,000 characters, in lines."""
    return fields.String(validate=[validate.Length(1, TEXT_LIMIT), lines], **options)


def reason(**options: Any) -> fields.String:
    """Why somebody wants to see what is personal; that there is one is asked by the service that shows it."""
    metadata = {"description": "Needed where the caller has no own part in it: `reason_missing` without, or of blanks."}
    return fields.String(
        allow_none=True, validate=[validate.Length(max=TEXT_LIMIT), lines], metadata=metadata, **options
    )


def word(most: int, **options: Any) -> fields.String:
    """A text of one line: 1 to `most` characters."""
    return fields.String(validate=[validate.Length(1, most), one_line], **options)


def lines(text: str) -> None:
    """Refuse control characters but ends of lines and tabs."""
    if CONTROLS_IN_TEXT.search(text):
        raise ValidationError("Of control characters only line breaks and tabs are allowed.")


def id_(**options: Any) -> fields.String:
    """An id, a code or a short name."""
    return word(ID_LIMIT, **options)


def one_of(*codes: str, **options: Any) -> fields.String:
    """One of these codes: documented here, checked by the service whose codes they are."""
    return word(ID_LIMIT, metadata={"enum": list(codes)}, **options)


def phone(**options: Any) -> fields.String:
    """A mobile phone; whether such a number is given out is asked by the service that takes it."""
    pattern = validate.Regexp(r"^1[0-9]{10}$", error="Not a mobile phone number of 11 digits.")
    metadata = {"description": "Mobile phone: 11 digits, no country code, no blanks.", "examples": ["12000000001"]}
    return fields.String(validate=[one_line, pattern], metadata=metadata, **options)


def ids(most: int, **options: Any) -> fields.List[Any]:
    """A list of up to `most` different ids."""
    return fields.List(id_(), validate=[validate.Length(max=most), different], **options)


def different(values: list[Any]) -> None:
    """Refuse a list that names something twice."""
    if len(set(values)) != len(values):
        raise ValidationError("Named twice.")


def longitude(kind: type[fields.Float] = Number, **options: Any) -> fields.Float:
    """Degrees east."""
    return kind(validate=validate.Range(-180, 180), **options)


def latitude(kind: type[fields.Float] = Number, **options: Any) -> fields.Float:
    """Degrees north."""
    return kind(validate=validate.Range(-90, 90), **options)


def datum() -> fields.String:
    """What a point was measured in; the services convert it."""
    return id_(metadata={"description": "Datum of the point: WGS84 (unless given), CGCS2000, GCJ02 or BD09."})


def shown_instant(**options: Any) -> fields.String:
    """An instant in an answer: RFC 3339 with the local offset."""
    return fields.String(metadata={"format": "date-time"}, **options)
