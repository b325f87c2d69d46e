"""Tells every gateway at once what has ended; what is lost on its way a gateway asks for."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from chassis.broadcast import Send
from members.endings.ending import LOOKS_BACK, Ending

AT_ONCE = 500
"""Endings in one message."""


class Teller:
    """What this process has told lately; others tell the same, and to hear it twice does no harm."""

    def __init__(self, send: Send) -> None:
        """`send` hands a message to all who listen, and says whether it left."""
        self._send = send
        self._told: dict[Ending, datetime] = {}

    def tell(self, found: Iterable[Ending], now: datetime) -> None:
        """Tell those that are new; what did not leave is told the next time."""
        new = [each for each in found if each not in self._told]
        for some in _lots(new):
            if not self._send({"endings": [each.dump() for each in some]}):
                break
            self._told |= dict.fromkeys(some, now)
        self._forget(now)

    def _forget(self, now: datetime) -> None:
        """Of what is looked for no more nothing has to be remembered."""
        self._told = {each: at for each, at in self._told.items() if now - at <= 2 * LOOKS_BACK}


def _lots(found: Sequence[Ending]) -> Iterator[Sequence[Ending]]:
    return (found[start : start + AT_ONCE] for start in range(0, len(found), AT_ONCE))
