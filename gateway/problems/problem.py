"""One row of the table of refusals: its status, and the wording in Chinese and English; it decides nothing."""

from dataclasses import dataclass
from typing import NamedTuple


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


def row(status: int, title: tuple[str, str], advice: tuple[str, str]) -> Problem:
    """A row, each text as (Chinese, English)."""
    return Problem(status, Text(*title), Text(*advice))


SIGN_IN_AGAIN = ("请重新登录后再试。", "Sign in again and repeat the request.")
RELOAD = ("请刷新案件，查看当前状态和可办的操作。", "Reload the case and see what can be done with it now.")
LATER = ("请稍后用同一幂等键重试。", "Try again shortly, with the same idempotency key.")
ASK_OFFICE = ("如有需要，请联系综合治理办。", "If it is needed, ask the governance office.")
CHECK_ID = ("请核对编号。", "Check the id.")
