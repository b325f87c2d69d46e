"""One row of the table of refusals: its status, and the wording in Chinese and English; it decides nothing."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType
from typing import Any, NamedTuple

RETRY_AFTER = "retry_after"
"""After how many seconds to try again, as a refusal tells it."""

PLACE = re.compile(r"\{(\w+)\}")
"""Where a text says what the refusal tells."""


class Text(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str


UNITS = ((3600, Text(" {} 小时", "{} h")), (60, Text(" {} 分钟", "{} min")), (1, Text(" {} 秒", "{} s")))
"""In what a length of time is said, by how many seconds it has."""

LEAST = 2
"""From how many of a unit on a length is said in it."""

MOMENT = Text("片刻", "a moment")


@dataclass(frozen=True)
class Problem:
    """How a refusal is answered: the status, what happened, and what to do next.

    `to_program` is what a program is told instead, which works by a key and signs in nowhere.
    """

    status: int
    title: Text
    advice: Text
    to_program: "Problem | None" = None


def phrase(text: Text, language: str) -> str:
    """The text in the language, `zh-CN` or `en`."""
    return text.en if language == "en" else text.zh


def advised(row: Problem, language: str, details: Mapping[str, Any] = MappingProxyType({})) -> str:
    """What to do next, with what the refusal tells where the text says `{name}`.

    What it does not tell there is named as `details.name`: of several faults each has its own. `{retry_after}` is
    said as a length of time.
    """
    return PLACE.sub(lambda found: _told(found[1], language, details), phrase(row.advice, language))


def _told(name: str, language: str, details: Mapping[str, Any]) -> str:
    value = details.get(name)
    if name == RETRY_AFTER:
        return length(value, language)
    if value is None:
        return f"details.{name}"
    if isinstance(value, list):
        return ("、" if language == "zh-CN" else ", ").join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value)


def length(seconds: Any, language: str) -> str:
    """How long that is, rounded up: seconds to two minutes, minutes to two hours, hours above; of None a moment."""
    if seconds is None:
        return phrase(MOMENT, language)
    of_one, unit = next((n, unit) for n, unit in UNITS if seconds >= LEAST * n or n == 1)
    return phrase(unit, language).format(max(1, ceil(seconds / of_one)))


Texts = tuple[str, str]
"""A text as (Chinese, English)."""


def row(status: int, title: Texts, advice: Texts, *, to_program: tuple[Texts, Texts] | None = None) -> Problem:
    """A row, with the title and the advice that programs get instead, where they get others."""
    return Problem(status, Text(*title), Text(*advice), row(status, *to_program) if to_program else None)


SIGN_IN_AGAIN = ("请重新登录后再试。", "Sign in again and repeat the request.")
RELOAD = ("请刷新案件，查看当前状态和可办的操作。", "Reload the case and see what can be done with it now.")
LATER = (
    "请稍后重试；带有幂等键的请求请沿用原来的键。",
    "Try again shortly; where it had an idempotency key, with the same one.",
)
WAIT = ("请在{retry_after}后再试。", "Try again in {retry_after}.")
ASK_OFFICE = ("如有需要，请联系综合治理办。", "If it is needed, ask the governance office.")
CHECK_ID = ("请核对编号。", "Check the id.")
