"""What every desk of the service has: the clock, and a command as it is recognised when it comes again."""

from collections.abc import Mapping
from typing import Any

from chassis.caller import Caller
from chassis.clock import Clock
from chassis.command import Asked, digest


class Desk:
    """A group of entrypoints, which the service's class inherits."""

    clock: Clock

    def _asked(self, caller: Mapping[str, Any], command_id: str, content: Mapping[str, Any]) -> Asked:
        """The command of `caller` (as dumped) with JSON-safe `content`, now."""
        return Asked(Caller.load(caller), command_id, digest(content), self.clock.now())
