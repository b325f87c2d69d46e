"""What all partners are to the checker, however their events come."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.chaos.partners.wish import Wish


@dataclass(frozen=True)
class Arrival:
    """One event as it came: whether the partner took it, and whether it bore a signature that is valid."""

    event: str
    case: str
    version: int
    body: bytes
    taken: bool = True
    signed: bool = True


class Partner(ABC):
    """One subscription, and what came of it; once it is `over`, nothing more may come."""

    way = ""

    def __init__(self, name: str, who: str, wish: Wish) -> None:
        """`who` subscribes; the name tells the partner from the others."""
        self.name, self.who, self.wish = name, who, wish
        self.subscription = ""
        self.heard_after = 0
        """The last position in the log of events that is not for it."""
        self.unheard: list[tuple[datetime, datetime]] = []
        """From when to when it was disabled: what was logged meanwhile is not owed to it."""
        self.lost: list[tuple[datetime, datetime]] = []
        """From when to when was logged what it lost at its own end: sent again, that comes after what is newer."""
        self.ended = False
        self._over: int | None = None

    def asked(self) -> dict[str, Any]:
        """The request that subscribes it."""
        return {"way": self.way, **self.wish.asked()}

    @abstractmethod
    def joined(self, secret: str | None) -> None:
        """It was subscribed, and this is shown once."""

    @abstractmethod
    def start(self) -> None:
        """Begin to take what comes."""

    @abstractmethod
    def stop(self) -> None:
        """Take nothing any more."""

    @abstractmethod
    def arrivals(self) -> Sequence[Arrival]:
        """Every event of a case that came, in its order, every try by itself."""

    def over(self, *, so_far: bool = True) -> None:
        """From now on nothing may come; with `so_far` not, it may again."""
        self._over = len(self.arrivals()) if so_far else None

    def late(self) -> Iterator[str]:
        """What came after that."""
        if self._over is not None:
            yield from (arrival.event for arrival in self.arrivals()[self._over :])
