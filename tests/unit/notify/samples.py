"""Samples of events as notify hears them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from chassis.event import Event, encoded

SAMPLES = Path(__file__).parents[2] / "contract" / "events"


def sample(path: Path, **changes: Any) -> Event:
    """The event of a sample, with changes in what it says."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    data = {**found["data"], **changes}
    return Event(
        id=found["id"],
        type=found["type"],
        source=found["source"],
        subject=found["subject"],
        sequence=found["sequence"],
        time=datetime.fromisoformat(found["time"]),
        correlation_id=None,
        data=data,
        body=encoded(data),
        key=found["key"],
    )
