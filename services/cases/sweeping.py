"""Going over cases lot by lot: one that cannot be seen to now holds up nobody behind it."""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import structlog

from cases.case import Case
from chassis.rpc import DeadlineExceeded, RemoteFault, Unreachable

log = structlog.get_logger()

TROUBLES = 3
"""How often members may keep one sweep waiting; after that it is not asked again before the next."""

MOST_LEFT = 1_000
"""How many cases one sweep leaves behind at most while it looks for those that can be seen to."""


class NotAsked:
    """Members, once it has kept a sweep waiting: whatever would need it waits for the next sweep."""

    def candidates(self, **_: Any) -> NoReturn:
        """Raises Unreachable."""
        raise Unreachable("members is not asked again in this sweep")

    assignees = candidates


def go_over(members: Any, find: Callable[[Sequence[str]], list[Case]], see: Callable[[Any, Case], None]) -> None:
    """Have `see` see to what `find` finds besides the cases that are named to it.

    It goes on to the next lot only where members has kept some of this one waiting.
    """
    left: list[str] = []
    asked, waits = members, 0
    while len(left) < MOST_LEFT and (found := find(left)):
        before = len(left)
        for case in found:
            try:
                see(asked, case)
            except (DeadlineExceeded, RemoteFault, Unreachable) as trouble:
                left.append(case.id)
                if asked is members:
                    log.warning("nobody told who is next", case_id=case.id, error=type(trouble).__name__)
                    waits += not isinstance(trouble, RemoteFault)  # which answers at once, for this case alone
                    asked = NotAsked() if waits >= TROUBLES else members
        if len(left) == before:
            return
