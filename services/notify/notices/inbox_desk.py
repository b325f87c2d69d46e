"""The entrypoints of an inbox: what somebody has been told, and that it was read."""

from collections.abc import Iterable
from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from notify.names.store import NameStore
from notify.notices import schemas, views
from notify.notices.notice import Notice
from notify.notices.reached_store import ReachedStore
from notify.notices.store import NoticeStore
from notify.permission import inboxes
from notify.templates.store import TemplateStore
from notify.wording.wording import SHANGHAI, named

Answer = dict[str, Any]


class InboxDesk(Desk):
    """Shows people their notices."""

    reached_kept: ReachedStore = Store(ReachedStore)
    notices_kept: NoticeStore
    names_kept: NameStore
    templates_kept: TemplateStore

    @rpc
    def inbox(self, caller: Answer, after: str | None = None, limit: int = 20) -> Answer:
        """The caller's notices, newest first: `{items, next, unread}`."""
        mine = inboxes(Caller.load(caller))
        page = load(schemas.InboxSchema(), {"after": after, "limit": limit})
        found = self.notices_kept.page(mine, page["after"], page["limit"] + 1)
        shown = found[: page["limit"]]
        wording = self.templates_kept.wording()
        names = self._names(shown)
        return {
            "items": [views.notice(each, names, wording) for each in shown],
            "next": shown[-1].id if len(found) > len(shown) else None,
            "unread": self.notices_kept.unread(mine),
        }

    @rpc
    def mark_read(self, caller: Answer, command_id: str, notice_id: str) -> Answer:
        """The notice, read, so that it has reached the caller; refuses `notice_not_found` also for one of another."""
        who, now = Caller.load(caller), self.clock.now()
        load(schemas.NoticeIdSchema(), {"notice_id": notice_id})
        found = self.notices_kept.mark_read(notice_id, inboxes(who), now)
        if found is None:
            raise Refusal("notice_not_found", notice_id=notice_id)
        self.reached_kept.note([who.id], now.astimezone(SHANGHAI).date(), now)
        return views.notice(found, self._names([found]), self.templates_kept.wording())

    def _names(self, shown: Iterable[Notice]) -> dict[str, str]:
        """What is called what today in these notices."""
        codes = {code for each in shown for code in named(each.facts)}
        return self.names_kept.of(codes, self.clock.now().astimezone(SHANGHAI).date())
