"""What makes access tokens void before their time: a session that is over, something that somebody may no longer."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

LOOKS_BACK = timedelta(minutes=1)
"""What ended so long ago is looked for at each round: it may have been written a while after the time that it bears."""


@dataclass(frozen=True)
class Ending:
    """The session `id` is over; or, with `narrowed`, a person whom something was taken from so many times in all.

    A program has one session, of the id of its key. There is nobody's name in it, and no reason.
    """

    id: str
    narrowed: int | None = None

    def dump(self) -> dict[str, Any]:
        """The JSON-safe form: `{"id", "narrowed"}`."""
        return {"id": self.id, "narrowed": self.narrowed}
