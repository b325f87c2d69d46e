"""One row of the table of refusals: its status, and the wording in Chinese and English; it decides nothing."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

PLACE = re.compile(r"\{(\w+)\}")
"""Where a text says what the refusal tells."""


class Text(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Problem:
    """How a refusal is answered: the status, what happened, and what to do next."""

    status: int
    title: Text
    advice: Text


def phrase(text: Text, language: str) -> str:
    """The text in the language, `zh-CN` or `en`."""
    return text.en if language == "en" else text.zh


def advised(row: Problem, language: str, details: Mapping[str, Any] = MappingProxyType({})) -> str:
    """What to do next, with what the refusal tells where the text says `{name}`.

    What it does not tell there is named as `details.name`: of several faults each has its own.
    """
    return PLACE.sub(lambda found: _told(found[1], language, details), phrase(row.advice, language))


def _told(name: str, language: str, details: Mapping[str, Any]) -> str:
    value = details.get(name)
    if value is None:
        return f"details.{name}"
    if isinstance(value, list):
        return ("、" if language == "zh-CN" else ", ").join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value)


def row(status: int, title: tuple[str, str], advice: tuple[str, str]) -> Problem:
    """A row, each text as (Chinese, English)."""
    return Problem(status, Text(*title), Text(*advice))


SIGN_IN_AGAIN = ("请重新登录后再试。", "Sign in again and repeat the request.")
RELOAD = ("请刷新案件，查看当前状态和可办的操作。", "Reload the case and see what can be done with it now.")
LATER = (
    "请稍后重试；带有幂等键的请求请沿用原来的键。",
    "Try again shortly; where it had an idempotency key, with the same one.",
)
ASK_OFFICE = ("如有需要，请联系综合治理办。", "If it is needed, ask the governance office.")
CHECK_ID = ("请核对编号。", "Check the id.")
