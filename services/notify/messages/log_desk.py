"""The entrypoints of the log of messages: what became of each, and sending once more what has failed for good."""

from typing import Any

from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.privacy import masked_text
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from notify.area import areas_around_all
from notify.bell import Bell
from notify.messages import schemas, views
from notify.messages.log_store import MessageLog
from notify.messages.message import Message, State
from notify.messages.resending import MOST_AT_ONCE, Resending
from notify.messages.schemas import known_as
from notify.messages.search import Search, View, view
from notify.permission import message_scopes, role_for
from notify.real_time import real_now
from notify.trail import TrailDesk

Answer = dict[str, Any]


class MessageLogDesk(TrailDesk):
    """Shows offices what became of messages in their scope."""

    message_log: MessageLog = Store(MessageLog)
    outside: Bell
    members: Any

    @rpc
    def messages(self, caller: Answer, **body: Any) -> Answer:
        """A page of what was sent to people outside, newest first, with each try: `{items, next}`.

        Refuses `invalid` and `not_permitted`.
        """
        seen = _view(caller, "see_messages")
        given = load(schemas.MessagesSchema(), body)
        after, limit = given.pop("after"), given.pop("limit")
        found = self.message_log.page(self._wanted(given), seen, after, limit + 1)
        shown = found[:limit]
        items = [views.message(each) for each in shown]
        return {"items": items, "next": [items[-1]["made_at"], shown[-1].id] if len(found) > limit else None}

    @rpc
    def message(self, caller: Answer, message_id: str) -> Answer:
        """One message; refuses `message_not_found`."""
        return views.message(self._one(_view(caller, "see_messages"), message_id))

    @rpc
    def resend_message(self, caller: Answer, command_id: str, message_id: str) -> Answer:
        """Send a message once more that has failed for good: how it stands.

        What its person chose holds as for any other. Refuses `message_not_found` and `message_not_failed`.
        """
        seen = _view(caller, "resend_messages")
        asked = Asked(Caller.load(caller), command_id, "", self.clock.now())
        one = self._one(seen, message_id)
        if one.state is State.FAILED:
            self._answer_for_one(asked, one)
        if not self.message_log.resend([one.id], asked.key, asked.now, real_now()):
            found = self._one(seen, message_id)
            if not {*asked.keys} & {*found.resent_by}:
                raise Refusal("message_not_failed", state=found.state.value)
        self.outside.ring()
        return views.message(self._one(seen, message_id))

    @rpc
    def resend_failed(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Send once more what fits and has failed for good, the oldest first, at most 1,000: how far it has come.

        Refuses `invalid`, `not_permitted` and `command_id_reused`.
        """
        seen, who = _view(caller, "resend_messages"), Caller.load(caller)
        wanted = self._wanted(load(schemas.ResendSchema(), body))
        asked = Asked(who, command_id, digest(body), self.clock.now())
        ids = self.message_log.failed(wanted, seen, MOST_AT_ONCE + 1)
        first, left = tuple(ids[:MOST_AT_ONCE]), len(ids) > MOST_AT_ONCE
        # Kept before anything is sent: a repetition goes on with the same messages, and adds none.
        kept = self.message_log.keep(Resending(asked.key, who.id, asked.now, first, left, asked.digest), real_now())
        self._answer_for(who, kept, seen, body)
        self.message_log.resend(kept.ids, kept.id, asked.now, real_now())
        self.outside.ring()
        return self._progress(kept)

    @rpc
    def resending(self, caller: Answer, resending_id: str) -> Answer:
        """How far something has come that the caller asked to be sent once more; refuses `resending_not_found`."""
        _view(caller, "resend_messages")
        load(schemas.ResendingIdSchema(), {"resending_id": resending_id})
        found = self.message_log.resending(resending_id)
        if found is None or not Caller.load(caller).is_(found.person_id):
            raise Refusal("resending_not_found")
        return self._progress(found)

    def _answer_for_one(self, asked: Asked, one: Message) -> None:
        """Enter in the audit trail that a message is sent once more, once however often the command comes."""
        role, areas = role_for(asked.caller, "resend_messages"), areas_around_all([one.place] if one.place else [])
        key = f"resent:{asked.key}"
        self._audit(asked.caller, "messages.resent", role, "message", one.id, areas, key=key, details={"messages": 1})

    def _answer_for(self, who: Caller, kept: Resending, seen: View, wanted: Answer) -> None:
        """Enter in the audit trail what is sent once more, once however often the command comes."""
        areas = areas_around_all([*seen.places, *seen.open_places])
        # Somebody may look for a phone in the place of an id: the trail keeps none.
        told: Answer = {name: masked_text(str(value)) for name, value in wanted.items()}
        told |= {"messages": len(kept.ids), "left": kept.left}
        role = role_for(who, "resend_messages")
        self._audit(who, "messages.resent", role, "resending", kept.id, areas, key=f"resent:{kept.id}", details=told)

    def _wanted(self, given: Answer) -> Search:
        """What is looked for: of a person what was sent under any id of theirs."""
        person_id = given.pop("person_id", None)
        return Search(**given, person_ids=known_as(self.members.known_as(person_id=person_id)) if person_id else ())

    def _one(self, seen: View, message_id: str) -> Message:
        load(schemas.MessageIdSchema(), {"message_id": message_id})
        found = self.message_log.one(message_id, seen)
        if found is None:
            raise Refusal("message_not_found")
        return found

    def _progress(self, found: Resending) -> Answer:
        return views.resending(found, self.message_log.states(found.ids))


def _view(caller: Answer, act: str) -> View:
    return view(*message_scopes(Caller.load(caller), act))
