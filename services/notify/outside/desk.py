"""The entrypoints of the way outside: notices that are due, and one-time codes."""

from typing import Any

import structlog

from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.rpc import rpc
from chassis.schema import load
from notify.bell import on_bell
from notify.names.store import NameStore
from notify.notices.reached_store import ReachedStore
from notify.notices.store import NoticeStore
from notify.outside import schemas
from notify.outside.console import Console
from notify.outside.messenger import Kept, Messenger
from notify.wording.wording import text

log = structlog.get_logger()

Answer = dict[str, Any]

GATHER_SECONDS = 0.2
"""Nobody waits for a text message so closely; a round costs the same for one notice and for fifty."""


class OutsideDesk(Desk):
    """Takes notices out of the inbox to people's phones."""

    notices_kept: NoticeStore
    reached_kept: ReachedStore
    names_kept: NameStore
    members: Any
    console: Console | None

    @on_bell("outside", seconds=2.0, gather=GATHER_SECONDS)
    def send_outside(self) -> None:
        """Take notices that are due to people outside; where there is no channel, the inbox is all there is."""
        kept = Kept(self.notices_kept, self.reached_kept, self.names_kept)
        Messenger(kept, self.members, self.console, self.clock).send_due()

    @rpc
    def send_code(self, phone: str, code: str, expires_at: str) -> Answer:
        """Send a one-time code; it is kept nowhere here. Refuses `no_channel` where there is no way to send it."""
        load(schemas.CodeSchema(), {"phone": phone, "code": code, "expires_at": expires_at})
        if self.console is None:
            raise Refusal("no_channel")
        words = text("one_time_code", "zh-CN", {"code": code, "expires_at": expires_at}, {})
        self.console.send(phone, kind="code", code=code, expires_at=expires_at, title=words.title, body=words.body)
        log.info("code sent")
        return {"sent": True}
