"""Refusals: the one kind of error that a caller can cause, with a stable code; knows nothing of HTTP or AMQP."""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """The request was understood and is refused; nothing was changed.

    `code` is stable and snake_case. `details` is JSON-safe and tells what the text of the error needs;
    `details["errors"]`, where present, is a list of `{"pointer": <JSON pointer>, "detail": <text>}`.
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details: dict[str, Any] = details

    def __str__(self) -> str:
        return f"{self.code} {self.details}" if self.details else self.code

    def dump(self) -> dict[str, Any]:
        """The form in which a refusal travels: `{"code", "details"}`."""
        return {"code": self.code, "details": self.details}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> "Refusal":
        """The refusal that `dump` described."""
        return cls(str(data["code"]), **dict(data.get("details") or {}))


class Busy(Refusal):
    """Others were faster again and again; nothing was changed, and whoever tries again later may get through."""

    def __init__(self) -> None:
        super().__init__("busy_try_again")
