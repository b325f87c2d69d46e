"""What a notice says: templates and labels in each language; it knows codes and times, never people."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

LANGUAGES = ("zh-CN", "en")

SHANGHAI = timezone(timedelta(hours=8))
"""Asia/Shanghai, which has kept one offset since 1991; no time zone database is needed for it."""

_HERE = Path(__file__).parent
_TIMES = (
    "respond_due",
    "resolve_due",
    "accept_due",
    "rate_until",
    "expires_at",
    "held_at",
    "due_on_site",
    "object_until",
    "begins",
    "ends",
)
_LABELLED = (
    "category",
    "reason",
    "solved",
    "satisfaction",
    "disabled_reason",
    "step",
    "callback",
    "session",
    "registration_reason",
)
_PLAIN = (
    "number",
    "lines",
    "target_number",
    "reports",
    "repeat",
    "review_on",
    "office_decides",
    "asks_next",
    "unassigned",
    "subscription_id",
    "code",
    "passes_on",
    "cases",
    "needs",
    "calls",
    "score",
    "slip",
    "period",
    "activity",
    "day",
    "star",
    "hours",
    "call",
    "emergency",
)
_JOINED_BY = {"zh-CN": "、", "en": ", "}


@dataclass(frozen=True)
class Text:
    """A notice as people read it."""

    title: str
    body: str


def text(template: str, language: str, facts: Mapping[str, Any], names: Mapping[str, str]) -> Text:
    """The notice in `language` (one of LANGUAGES).

    `facts` are codes and RFC 3339 times; `names` tell what grids, compounds and units are called. Raises
    jinja2's UndefinedError when the template asks for something that is never given.
    """
    rendered = _template(language, template).render(_words(facts, names, language))
    title, _, body = rendered.partition("\n")
    return Text(title.strip(), body.strip())


def texts(template: str, facts: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The notice in every language: `{"zh-CN": {"title", "body"}, "en": {...}}`."""
    found = {language: text(template, language, facts, names) for language in LANGUAGES}
    return {language: {"title": one.title, "body": one.body} for language, one in found.items()}


def templates() -> set[str]:
    """The templates that exist in every language."""
    return set.intersection(*({path.stem for path in _folder(one).glob("*.txt")} for one in LANGUAGES))


def named(facts: Mapping[str, Any]) -> set[str]:
    """The codes in `facts` whose names a text may ask for."""
    places = {facts.get("compound_id"), facts.get("grid_code"), *facts.get("unit_ids", ())}
    return {code for code in places if code}


def _words(facts: Mapping[str, Any], names: Mapping[str, str], language: str) -> dict[str, str | None]:
    words: dict[str, str | None] = {name: _label(name, facts.get(name), language) for name in _LABELLED}
    words |= {name: _when(facts.get(name)) for name in _TIMES}
    words["place"] = _first(names, (facts.get("compound_id"), facts.get("grid_code")))
    units = [names[unit] for unit in facts.get("unit_ids", ()) if unit in names]
    words["units"] = _JOINED_BY[language].join(units) or None
    words |= {name: facts.get(name) for name in _PLAIN}
    return words


def _label(kind: str, code: Any, language: str) -> str | None:
    # A code that has no label yet is left out: the text then reads on without it.
    label = _labels()[kind].get(str(code))
    return label[language] if label else None


def _when(time: str | None) -> str | None:
    return datetime.fromisoformat(time).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if time else None


def _first(names: Mapping[str, str], codes: Iterable[str | None]) -> str | None:
    return next((names[code] for code in codes if code and code in names), None)


def _folder(language: str) -> Path:
    return _HERE / "templates" / language


@cache
def _labels() -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = json.loads((_HERE / "labels.json").read_text("utf-8"))
    return found


@cache
def _template(language: str, name: str) -> Template:
    return _environment(language).get_template(f"{name}.txt")


@cache
def _environment(language: str) -> SandboxedEnvironment:
    # Plain text for inboxes and terminals: there is no HTML here to escape for.
    loader = FileSystemLoader(_folder(language))
    return SandboxedEnvironment(loader=loader, undefined=StrictUndefined, autoescape=False)
