"""Every sentence that a field or a validator can say, in marshmallow's tables or ours, has both languages."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema, fields

import cases
import gateway.acts
import gateway.schemas
import members
import notify
from gateway.faults import worded
from members.accounts.schemas import CodeSchema, PhoneChangeSchema
from members.people.address import ADDRESSES
from notify.templates.draft import faults
from notify.webhooks.target import UNWELCOME

ROOT = Path(__file__).parents[3]

SERVICES = (cases, members, notify)
"""Whose schemas say what is wrong with a field, in words that reach the caller."""

HAN = re.compile(r"[\u4e00-\u9fff]")


def modules() -> list[Any]:
    own = [each.name for each in pkgutil.iter_modules(gateway.schemas.__path__, "gateway.schemas.")]
    inside = [pkgutil.walk_packages(service.__path__, f"{service.__name__}.") for service in SERVICES]
    readers = [each.name for found in inside for each in found if each.name.endswith("schemas")]
    assert len(readers) > 10
    return [importlib.import_module(name) for name in (*own, *readers)]


def schemas() -> Iterator[type[Schema]]:
    for module in modules():
        yield from (each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Schema))
    yield from (type(act.takes) for act in gateway.acts.ACTS)


def parts(field: fields.Field[Any]) -> Iterator[fields.Field[Any]]:
    yield field
    inner = [getattr(field, name, None) for name in ("inner", "key_field", "value_field")]
    for each in (*inner, *getattr(field, "tuple_fields", ())):
        if each is not None:
            yield from parts(each)


def used() -> list[fields.Field[Any]]:
    declared = [field for schema in schemas() for field in schema._declared_fields.values()]
    return [part for field in declared for part in parts(field)]


def filled(sentence: str) -> str:
    """The sentence with something in each of its places."""
    return re.sub(r"\{\w+\}", "1", sentence)


def of_fields() -> set[str]:
    """What fields say of what they load: `format` is said of what is shown."""
    kinds = [(field, {"obj_type": getattr(field, "OBJ_TYPE", ""), "awareness": "naive"}) for field in used()]
    return {
        filled(re.sub(r"\{(obj_type|awareness)\}", lambda found: kind[found[1]], text))  # noqa: B023 - used at once
        for field, kind in kinds
        for key, text in ((key, str(text)) for key, text in field.error_messages.items())
        if key != "format"
    }


def of_validators() -> set[str]:
    texts = {"Invalid value."}
    for validator in {each for field in used() for each in field.validators}:
        names = [name for name in dir(validator) if name.startswith(("message_", "default_message", "error"))]
        texts |= {text for text in (getattr(validator, name) for name in names) if text and text.endswith(".")}
    return {filled(text) for text in texts}


def of_schemas() -> set[str]:
    return {
        filled(text)
        for schema in schemas()
        for text in (schema._default_error_messages | schema.error_messages).values()
    }


def details(fault: ast.Dict) -> Iterator[str]:
    for key, text in zip(fault.keys, fault.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == "detail" and isinstance(text, ast.Constant):
            yield str(text.value)


def raised() -> Iterator[str]:
    """Sentences that our own code says: the constants in every `ValidationError(…)`, and as a fault's `detail`.

    What is wrong with settings is said to operators alone.
    """
    found = (path for name in ("gateway", "services") for path in (ROOT / name).rglob("*.py"))
    for path in (path for path in found if path.name != "settings.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "ValidationError":
                yield from (text.value for text in call.args[:1] if isinstance(text, ast.Constant))  # type: ignore[misc]
            if isinstance(call, ast.Dict):
                yield from details(call)


def refused_urls() -> set[str]:
    """The codes with which notify refuses the URL of a webhook, where they are raised."""
    calls = (
        call
        for path in (ROOT / "services/notify").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"BadUrl", "Unwelcome"}
    )
    return {str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)}


OF_TABLES = {*UNWELCOME.values(), *(form.fault for form in ADDRESSES.values())}
"""Sentences that stand in tables of ours."""

FILLED = {"The subscription is for 360704.", "The subscription is for 01, 03."}
"""Sentences that are put together where they are said."""

SENTENCES = sorted(of_fields() | of_validators() | of_schemas() | set(raised()) | OF_TABLES | FILLED)


def test_the_tables_are_walked() -> None:
    assert {"Number too large.", "Not a valid boolean.", "Unknown field.", "Named twice."} <= set(SENTENCES)


@pytest.mark.parametrize("schema", [CodeSchema(), PhoneChangeSchema(demo=True)])
def test_of_a_code_that_is_too_short_it_is_said_how_long_it_is(schema: Schema) -> None:
    [sentence] = schema.validate({"code": "1"})["code"]
    assert (sentence, worded(sentence, "zh-CN")) == ("Not 6 digits.", "应为 6 位数字。")


def test_every_reason_for_which_a_url_is_refused_has_its_sentence() -> None:
    assert set(UNWELCOME) == refused_urls()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_has_both_languages(sentence: str) -> None:
    assert worded(sentence, "en") == sentence
    assert HAN.search(worded(sentence, "zh-CN")), sentence


@pytest.mark.parametrize(
    "broken",
    [
        "{{ number",
        "{{ number }",
        "{{ }}",
        "{% %}",
        "{% if %}",
        "{% if number %}",
        "{% iff %}",
        "{% endif %}",
        "{{ (number }}",
        "{{ number? }}",
        "{{ number b }}",
        "{{ 'a }}",
        "{{",
        "{# a",
        "{% raw %}a",
        "{{ number. }}",
        "{{ '\\ud8' }}",
        "{{ '\\x' }}",
        "{{ '\\N{nothing}' }}",
        "{{ number(*a, b) }}",
        "{% set 'a' = 2 %}",
        "{{ a is b is c }}",
        "{% block a-b %}",
        "{% macro a(b='1', c) %}{% endmacro %}",
        "{% from a import _b %}",
        "{% call a %}",
        "{% block a required %}b{% endblock %}",
    ],
)
def test_why_a_template_cannot_be_read_has_both_languages(broken: str) -> None:
    [fault] = faults("registered", {"en": {"plain": f"Title\n{broken}"}})
    assert fault.code == "template_syntax"
    assert HAN.search(worded(fault.more["said"], "zh-CN")), fault.more


def test_a_code_has_one_row_of_the_table_of_refusals() -> None:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "gateway/problems").glob("*.py")):
        for table in (
            each for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(each, ast.Dict)
        ):
            for key, value in zip(table.keys, table.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(value, ast.Call):
                    found.setdefault(str(key.value), []).append(path.name)
    assert len(found) > 300
    assert {code: names for code, names in found.items() if len(names) > 1} == {}
