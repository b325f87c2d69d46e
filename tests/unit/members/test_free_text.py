"""What people write is passed on without phones and identity numbers (docs/domain.md §5)."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from marshmallow import Schema, fields

import members
from chassis.schema import load
from members.activities.schemas import ChangeActivitySchema
from members.calls.schemas import CallSchema
from members.schemas import WithoutIdentities, WithoutNumbers

PHONE, IDENTITY = "12000000001", "360704199001011234"

WORDS = {"text", "reason", "title", "purpose", "place", "sign_up_way", "conditions", "risks", "protection"}
"""What fields are called into which people write sentences that others read."""

ELSEWHERE = {
    "members.evaluations": "masked where it is shown: whom it is about reads it in full",
    "members.needs": "refused with a number of seven digits or more",
    "members.registry": "the reason of a reveal is for who is revealed, and travels nowhere",
    "members.rounds": "the title of a round stays with who goes round",
}
"""Folders that see to it otherwise, and how."""


def written() -> Iterator[tuple[str, fields.Field[str]]]:
    for module in pkgutil.walk_packages(members.__path__, "members."):
        folder = module.name.removesuffix(".schemas")
        if folder == module.name or folder in ELSEWHERE:
            continue
        for schema in vars(importlib.import_module(module.name)).values():
            if isinstance(schema, type) and issubclass(schema, Schema) and schema.__module__ == module.name:
                named = schema._declared_fields.items()
                yield from ((f"{schema.__module__}.{schema.__name__}.{n}", f) for n, f in named if n in WORDS)


def test_whatever_people_write_is_taken_without_numbers() -> None:
    found = dict(written())
    assert len(found) > len(WORDS)
    assert [name for name, each in found.items() if not isinstance(each, WithoutIdentities | WithoutNumbers)] == []


@pytest.mark.parametrize("name", ["title", "place"])
def test_a_line_that_is_passed_on_keeps_neither_phone_nor_identity_number(name: str) -> None:
    taken = load(ChangeActivitySchema(), {name: f"找 {PHONE}，证 {IDENTITY}"})
    assert taken == {name: "找 120****0001，证 360704********1234"}


@pytest.mark.parametrize("name", ["text", "sign_up_way", "conditions", "risks", "protection"])
def test_a_longer_text_may_say_whom_to_call(name: str) -> None:
    taken = load(ChangeActivitySchema(), {name: f"找 {PHONE}，证 {IDENTITY}"})
    assert taken == {name: f"找 {PHONE}，证 360704********1234"}


def test_a_call_names_no_phone() -> None:
    at = datetime(2026, 3, 20, 8, tzinfo=UTC).isoformat()
    taken = load(CallSchema(), {"grids": ["360704100002001"], "text": "来吧，１２０ 0000 0001", "at": at})
    assert taken["text"] == "来吧，120****0001"
