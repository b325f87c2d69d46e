"""Tells every gateway at once what has come to a strand since the last time; what is lost on its way is asked for."""

from chassis.broadcast import Send
from notify.live.strand import Strand

AT_ONCE = 200
"""Updates in one message."""


class Teller:
    """How far this process has told each strand; other processes tell the same, and hearers know a repeat."""

    def __init__(self, send: Send) -> None:
        """`send` hands a message to all who listen, and says whether it left."""
        self._send = send
        self._told: dict[str, int] = {}

    def tell(self, name: str, strand: Strand) -> None:
        """Tell what is new, from the first time on; what did not leave is told the next time."""
        if name not in self._told:
            newest = strand.newest()
            self._told[name] = newest.position if newest else 0
        while updates := strand.after(self._told[name], AT_ONCE):
            if not self._send({"strand": name, "updates": [each.dump() for each in updates]}):
                return
            self._told[name] = updates[-1].position
