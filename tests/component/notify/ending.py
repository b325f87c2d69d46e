"""A process that ends while it tells people page by page."""

from typing import Any

import pytest


def ends_at_the_second_page(monkeypatch: pytest.MonkeyPatch, of: object, step: str) -> None:
    """The second time that the step is taken, the process ends: once pages are stored (`add`), else before."""
    whole, times = getattr(of, step), iter(range(1_000))

    def ends(*given: Any, **named: Any) -> Any:
        if next(times) == 1:
            if step == "add":
                whole(*given, **named)
            raise KeyboardInterrupt
        return whole(*given, **named)

    monkeypatch.setattr(of, step, ends)
