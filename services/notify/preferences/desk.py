"""The entrypoints of preferences: what somebody chooses, also by the link in a message."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Protocol

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.event import Event, heard
from chassis.rpc import rpc
from chassis.schema import load
from chassis.sealing import Sealer
from chassis.store import Store
from chassis.subscribe import subscribe
from notify.bell import Bell
from notify.channels.port import DECLINABLE
from notify.permission import permit
from notify.preferences import schemas, views
from notify.preferences.judging import QUIET
from notify.preferences.kinds import MANDATORY, Kind
from notify.preferences.preference import Preference, held
from notify.preferences.store import PreferenceStore
from notify.preferences.unsubscribing import Link, opened
from notify.reading import PersonSchema

Answer = dict[str, Any]


class Waiting(Protocol):
    """What of the messages concerns choices: those that wait because of one."""

    def release(self, person_ids: Collection[str], why: str, due: datetime) -> None:
        """Have what waits for these people because of `why` looked at once more, no later than `due`."""
        ...


class PreferenceDesk(Desk):
    """Keeps what people want to be told outside their inbox (docs/domain.md §2.2)."""

    waiting: Waiting
    outside: Bell
    preferences_kept: PreferenceStore = Store(PreferenceStore)
    sealer: Sealer
    members: Any

    @rpc
    def preferences(self, caller: Answer) -> Answer:
        """The caller's choices, or what holds without any."""
        who = Caller.load(caller)
        permit(who, "see_preferences")
        return views.preference(held(who.ids, self.preferences_kept.of(who.ids)))

    @rpc
    def choose(self, caller: Answer, **body: Any) -> Answer:
        """The caller's choices as they are from now on; what is left out is as if never chosen.

        Refuses `invalid`, and `mandatory_kind` of what nobody can decline (`kinds.MANDATORY`).
        """
        who = Caller.load(caller)
        permit(who, "choose_preferences")
        given = load(schemas.PreferencesSchema(), body)
        declined = {Kind(kind): frozenset(channels) for kind, channels in given.pop("declined", {}).items() if channels}
        gathered = frozenset(Kind(kind) for kind in given.pop("gathered", ()))
        _check_may_decline({*declined, *gathered})
        chosen = Preference(who.id, declined=declined, gathered=gathered, **given)
        self.preferences_kept.keep(chosen)
        # Looked at again: what waited for quiet hours that are no more goes out, and the rest waits on.
        self.waiting.release(who.ids, QUIET, self.clock.now())
        self.outside.ring()
        return views.preference(chosen)

    @rpc
    def linked(self, token: str) -> Answer:
        """Of which kinds of message a link stops more: `{kinds}`; refuses as `unsubscribe` does."""
        return {"kinds": [kind.value for kind in self._linked(token).kinds]}

    @rpc
    def unsubscribe(self, token: str) -> Answer:
        """Send no more messages of the link's kinds to its person; in the inbox they stand all the same.

        Of who has left nothing is kept, and they are sent nothing. Refuses `link_not_found`, and `mandatory_kind` as
        `choose` does.
        """
        link = self._linked(token)
        # A link outlives a merge: declined is where the person's choices are looked up today.
        for ids in map(schemas.known_as, self.members.contacts(ids=[link.person_id])):
            chosen = held(ids, self.preferences_kept.of(ids))
            self.preferences_kept.decline(chosen.person_id, link.kinds, DECLINABLE)
        return {"kinds": [kind.value for kind in link.kinds]}

    @subscribe("members", "person.left")
    def forget_preferences(self, event: Event) -> None:
        """Keep nothing of what somebody chose who has left."""
        left = heard(PersonSchema(), event.data)
        self.preferences_kept.forget([left["person_id"], *left["former_ids"]])

    def _linked(self, token: str) -> Link:
        link = opened(load(schemas.LinkSchema(), {"token": token})["token"], self.sealer)
        _check_may_decline(link.kinds)
        return link


def _check_may_decline(kinds: Collection[Kind]) -> None:
    if sent := MANDATORY.intersection(kinds):
        raise Refusal("mandatory_kind", kind=min(sent).value)
