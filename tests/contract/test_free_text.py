"""Every text that somebody writes and others read is searched for phones and identity numbers (docs/domain.md §5)."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, ValidationError, fields, validate

import cases
import members
import notify
from cases.schemas import Label, MaskedText, Text
from members.schemas import WithoutIdentities, WithoutNumbers

TAKEN_MASKED = (Label, MaskedText, WithoutIdentities, WithoutNumbers)
"""Kinds of fields of which nothing but the mask is kept; of the third a phone stays, for whom to call."""

SHOWN_MASKED = {
    "cases": {"text", "record", "title"},
    "cases.open311": {"description", "address_string"},
    "members.evaluations": {"text", "reason"},
    "members.needs": {"text"},
    "notify.templates": {"reason"},
}
"""What is kept as it was written, for whoever works with it, or masked by the rule, and masked where others see it."""

SEALED = {
    *("name", "nickname", "private_note", "honorific", "login", "phone", "agent", "first_name", "last_name"),
    *("password", "current_password", "new_password", "otp", "secret", "client_secret"),
}
"""Kept sealed or known to its person alone; others are shown a mask, if anything."""

NAMES = {
    ("members", name) for name in ("name", "party_organisation", "union_body", "credit_code", "building", "platform")
}
"""What offices call places and organisations, in their own registers."""

CODES = {
    *("text_version", "number", "category", "crs", "client", "token", "refresh_token", "compound_name", "template"),
    *("skills", "certificates", "attended", "compounds", "url", "into", "instead_of", "not_of", "units_excluded"),
    *("exclude_units", "skill", "tag", "source", "status", "kind", "alarm", "near"),
    *("provider", "redirect_uri", "state", "iss"),
}
OF_CASES = {"photos", "before_photos", "agreement", "assignees", "lead", "units", "demands", "resources", "cases"} | {
    *("jurisdiction", "service_code", "numbers", "codes", "compound", "asset"),
}
"""Looked up among what there is, or shown to nobody; the second in cases alone."""

CODE_KINDS = (validate.OneOf, validate.Regexp, validate.Equal)


def free() -> Iterator[tuple[str, str, str, fields.String]]:
    """Every field of what people send in which they may write what they like: where it is, and the field."""
    for package in (cases, members, notify):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("schemas"):
                yield from _of(importlib.import_module(module.name))


def _of(module: Any) -> Iterator[tuple[str, str, str, fields.String]]:
    for name, kind in vars(module).items():
        if not (isinstance(kind, type) and issubclass(kind, Schema) and kind.__module__ == module.__name__):
            continue
        for field, found in kind._declared_fields.items():
            inner = found.inner if isinstance(found, fields.List) else found
            if isinstance(inner, fields.String) and _is_free(inner):
                yield module.__name__, name, field, inner


def _is_free(field: fields.String) -> bool:
    rules = [*field.validators]
    while any(isinstance(rule, validate.And) for rule in rules):
        rules = [one for rule in rules for one in (rule.validators if isinstance(rule, validate.And) else (rule,))]
    bounded = [rule.max for rule in rules if isinstance(rule, validate.Length) and rule.max]
    return bool(rules) and not any(isinstance(rule, CODE_KINDS) for rule in rules) and min(bounded, default=0) > 10


FREE = [
    each for each in free() if not each[2].endswith(("_id", "_ids")) and each[2] not in {"after", "id", "ids", "code"}
]


@pytest.mark.parametrize(("module", "schema", "name", "field"), FREE, ids=[".".join(each[:3]) for each in FREE])
def test_what_others_read_is_masked_when_it_is_taken_or_where_it_is_shown(
    module: str, schema: str, name: str, field: fields.String
) -> None:
    if isinstance(field, TAKEN_MASKED):
        try:
            kept = field.deserialize("电话１３８ 1234 5678 身份证999999199001010016")
        except ValidationError:
            kept = field.deserialize("999999199001010016")
        assert "1990" not in kept
        assert isinstance(field, WithoutIdentities) or "1234" not in kept
        return
    shown = {each for place, names in SHOWN_MASKED.items() if module.startswith(place) for each in names}
    codes = CODES | (OF_CASES if module.startswith("cases") else set())
    known = shown | SEALED | codes | {each for service, each in NAMES if module.startswith(service)}
    assert name in known, f"{module}.{schema}.{name} is taken as it is: mask it, or say here where it is masked"
    assert not isinstance(field, Text) or name in shown
