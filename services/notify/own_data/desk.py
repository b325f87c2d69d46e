"""The entrypoints by which people get a copy of what is kept of them, and by which it goes when they are deleted."""

from typing import Any

import structlog

from chassis.audit.view import own
from chassis.caller import Caller
from chassis.event import Event, heard
from chassis.rpc import rpc
from chassis.subscribe import subscribe
from notify.messages.store import MessageStore
from notify.notices.store import NoticeStore
from notify.own_data import views
from notify.permission import permit, role_for
from notify.preferences import views as preference_views
from notify.preferences.kinds import KINDS, Kind
from notify.preferences.preference import held
from notify.preferences.store import PreferenceStore
from notify.reading import PersonSchema
from notify.trail import TrailDesk

Answer = dict[str, Any]

log = structlog.get_logger()

COUNTED = KINDS[Kind.CALL]
"""Messages that a call counts: they tell of nobody, and how many were called stays as it was."""


class OwnDataDesk(TrailDesk):
    """Gives people what is theirs, and lets go of who was deleted (docs/domain.md §5)."""

    notices_kept: NoticeStore
    messages_kept: MessageStore
    preferences_kept: PreferenceStore

    @rpc
    def own_data(self, caller: Answer) -> Answer:
        """Everything that this service keeps of the caller, once it is in the audit trail.

        `{preferences, notices, messages, trail}`: what they chose, what they were told, how that went out, and what of
        what they did is answered for here.
        """
        who = Caller.load(caller)
        permit(who, "see_own_data")
        chosen = held(who.ids, self.preferences_kept.of(who.ids))
        copy = {
            "preferences": preference_views.chosen(chosen),
            "notices": [views.notice(each) for each in self.notices_kept.everything_of(who.ids)],
            "messages": [views.message(each) for each in self.messages_kept.everything_of(who.ids)],
            "trail": [own(row) for row in self.audit.of_who(who.ids)],
        }
        areas = [area for each in who.grants for area in self._audit_areas(each.scope)]
        self._audit(who, "own_data.copied", role_for(who, "see_own_data"), "person", who.id, areas)
        return copy

    @subscribe("members", "person.erased")
    def forget_person(self, event: Event) -> None:
        """Keep nothing of what somebody was told, and by which ways, who was deleted; what a call counts stays."""
        gone = heard(PersonSchema(), event.data)
        ids = [gone["person_id"], *gone["former_ids"]]
        counts = {
            "notices": self.notices_kept.forget(ids, COUNTED),
            "messages": self.messages_kept.forget(ids, COUNTED),
        }
        log.info("person forgotten", **counts)
