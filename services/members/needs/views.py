"""Needs as they are shown."""

from collections.abc import Iterable
from typing import Any

from chassis.instant import written
from members.needs.need import Need, Progress


def needs(found: Iterable[tuple[Need, Progress]]) -> list[dict[str, Any]]:
    """What was stated, and what became of it."""
    return [
        {
            "need_id": need.id,
            "category": need.category,
            "text": need.text,
            "stated_at": written(need.stated_at),
            "progress": progress.value,
        }
        for need, progress in found
    ]
