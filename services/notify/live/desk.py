"""The entrypoints of what happens: telling it to the gateways, and what was missed of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.rpc import rpc
from chassis.schema import load
from notify.bell import on_bell
from notify.events.store import EventLog
from notify.live.schemas import CASES, INBOX, MissedSchema, UpdatesSchema
from notify.live.strand import START, CaseStrand, InboxStrand, Strand, resumed
from notify.live.telling import Teller
from notify.live.update import Update, inbox_marks
from notify.live.watch import clauses as read
from notify.live.watch import hears
from notify.notices.store import NoticeStore
from notify.permission import inboxes

Answer = dict[str, Any]

PAGE = 500
"""Updates in one answer; so many are looked at for it."""


class LiveDesk(Desk):
    """Tells what happens while it happens; the gateways hand it to whoever is looking."""

    events_kept: EventLog
    notices_kept: NoticeStore
    teller: Teller

    @on_bell("live", seconds=2.0)
    def tell_live(self) -> None:
        """Tell the gateways what is new."""
        for name, strand in self._strands().items():
            self.teller.tell(name, strand)

    @rpc
    def updates(self, strand: str, after: str | None = None) -> Answer:
        """Everything after a cursor, for a gateway: `{updates, position, cursor, more}`.

        `cursor` is the one to go on with. Without one there is no update, and it is where the strand ends. Refuses what
        `resumed` refuses.
        """
        asked = load(UpdatesSchema(), {"strand": strand, "after": after})
        return self._page(asked, lambda _: True)

    @rpc
    def missed(self, strand: str, clauses: Sequence[Mapping[str, Any]], after: str | None = None) -> Answer:
        """The same for somebody with this watch."""
        asked = load(MissedSchema(), {"strand": strand, "clauses": list(clauses), "after": after})
        watch = read(asked["clauses"])
        return self._page(asked, lambda update: hears(watch, update.marks))

    @rpc
    def watch_inbox(self, caller: Answer) -> Answer:
        """What the caller may hear of the inboxes that are theirs: `{clauses}`; refuses `not_permitted`."""
        mine = inboxes(Caller.load(caller))
        return {"clauses": [{"key": mark, "none": []} for mark in inbox_marks(mine)]}

    def _page(self, asked: Mapping[str, Any], heard: Callable[[Update], bool]) -> Answer:
        """So many are looked at, and those heard are told."""
        strand = self._strands()[asked["strand"]]
        if asked["after"] is None:
            return {"updates": [], **_place(strand.newest()), "more": False}
        position = resumed(strand, asked["after"])
        found = strand.after(position, PAGE)
        place = _place(found[-1]) if found else {"position": position, "cursor": asked["after"]}
        return {"updates": [each.dump() for each in found if heard(each)], **place, "more": len(found) == PAGE}

    def _strands(self) -> dict[str, Strand]:
        return {CASES: CaseStrand(self.events_kept), INBOX: InboxStrand(self.notices_kept)}


def _place(last: Update | None) -> Answer:
    return {"position": last.position, "cursor": last.cursor} if last else {"position": 0, "cursor": START}
