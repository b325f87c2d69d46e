"""What is written in one line holds nothing that nobody sees: a name would read as another one where it is shown."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from marshmallow import Schema, ValidationError, fields

import cases
import gateway.schemas
import members
import notify

LINE_BREAK = "路灯\n管理所"
UNSEEN = [*"\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u2060\ufeff", *map(chr, range(0x202A, 0x202F))]
UNSEEN += map(chr, range(0x2066, 0x206A))
UNSEEN += "\u034f\u115f\u1160\u2065\u2800\u3164\uffa0\ufff0"
UNSEEN += "\u180b\u180e\u200c\u200d\ufe00\ufe0e\ufe0f\U000e0067\U000e0100\U000e01ef"
IN_EMOJI = "👩\u200d🚒 ❤\ufe0f 1\ufe0f\u20e3 👍🏽 👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 🏃🏽\u200d♂\ufe0f ☎\ufe0e 🇨🇳"
TAGGED = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
IN_WORDS = "می\u200cروم ක්\u200dෂ ᠨ\u180eᠠ ᠬ\u180bᠠ"
JOINED = f"{IN_EMOJI} {TAGGED} {IN_WORDS}"
ASTRAY = (
    "👩\u200d",
    "👩\ufe0f\ufe0f",
    "👩\u200d\u200d👩",
    "1\ufe0f",
    "می\u200c",
    "ᠨ\u180e",
    "🏴\U000e0067\U000e007f",
    "\u200d👩",
)


def reasons(field: fields.String, text: str) -> list[str]:
    try:
        field.deserialize(text)
    except ValidationError as error:
        return [str(each) for each in error.messages]
    return []


def of_one_line() -> Iterator[tuple[str, fields.String]]:
    """Every field of what people send, or services are sent, in which no line may break."""
    for package in (gateway.schemas, cases, members, notify):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "schemas" in module.name:
                yield from _of(module.name)


def _of(module: str) -> Iterator[tuple[str, fields.String]]:
    for kind in vars(importlib.import_module(module)).values():
        if isinstance(kind, type) and issubclass(kind, Schema) and kind.__module__ == module:
            for name, found in kind._declared_fields.items():
                field = found.inner if isinstance(found, fields.List) else found
                if isinstance(field, fields.String) and "Control characters are not allowed." in reasons(
                    field, LINE_BREAK
                ):
                    yield f"{module}.{kind.__name__}.{name}", field


ONE_LINE = dict(of_one_line())


def test_names_of_units_people_posts_and_the_like_are_of_one_line() -> None:
    names = {
        "gateway.schemas.areas.NewArea.name",
        "members.areas.schemas.OpenAreaSchema.name",
        "members.organisations.schemas.NewUnitSchema.name",
        "gateway.schemas.units.NewUnit.name",
        "members.registry.schemas.NewcomerSchema.name",
        "members.territory.schemas.NewCompoundSchema.name",
        "cases.open311.schemas.FilingSchema.first_name",
    }
    assert names <= ONE_LINE.keys()


@pytest.mark.parametrize("field", ONE_LINE.values(), ids=ONE_LINE)
def test_what_nobody_sees_is_refused_in_a_line_and_what_joins_is_not(field: fields.String) -> None:
    for each in UNSEEN:
        assert any("nobody sees" in reason for reason in reasons(field, f"路灯{each}管理所")), ascii(each)
    for each in ASTRAY:
        assert any("nobody sees" in reason for reason in reasons(field, f"路灯{each}管")), ascii(each)
    assert not any("nobody sees" in reason for reason in reasons(field, JOINED))
