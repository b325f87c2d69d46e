"""The entrypoints of messages: what is due to people outside, one-time codes, and a word to a former phone."""

from collections.abc import Sequence
from typing import Any

import structlog

from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.rpc import rpc
from chassis.schema import load
from chassis.sealing import Sealer
from chassis.store import Store
from notify.bell import on_bell
from notify.calls.store import CallsInHand
from notify.channels.port import CODE, PHONE, PHONE_CHANGED, Channel, Parcel
from notify.events.store import EventLog
from notify.messages import schemas
from notify.messages.message import Message, Outcome
from notify.messages.messenger import Around, Kept, Messenger
from notify.messages.sending import AtOnce, Sending, tried
from notify.messages.store import MessageStore
from notify.names.store import NameStore
from notify.notices.notice import BULK, PROMPT
from notify.notices.reached_store import ReachedStore
from notify.notices.store import NoticeStore
from notify.preferences.desk import Waiting
from notify.preferences.kinds import KIND_OF
from notify.preferences.store import PreferenceStore
from notify.preferences.unsubscribing import Link, token
from notify.templates.store import TemplateStore

log = structlog.get_logger()

Answer = dict[str, Any]

GATHER_SECONDS = 0.2
"""Nobody waits for a text message so closely; a round costs the same for one notice and for fifty."""


class MessageDesk(Desk):
    """Takes notices out of the inbox to people's phones."""

    messages_kept: MessageStore = Store(MessageStore)
    waiting: Waiting = Store(MessageStore)
    notices_kept: NoticeStore
    reached_kept: ReachedStore
    names_kept: NameStore
    events_kept: EventLog
    preferences_kept: PreferenceStore
    templates_kept: TemplateStore
    calls_in_hand: CallsInHand
    members: Any
    channels: Sequence[Channel]
    at_once: AtOnce
    sealer: Sealer
    public_url: str

    @on_bell("outside", seconds=2.0, gather=GATHER_SECONDS)
    def send_outside(self) -> None:
        """Send what is due to people; where there is no channel, the inbox is all there is."""
        messenger = self._messenger()
        messenger.hand_on(PROMPT)
        messenger.send_due(PROMPT)
        messenger.send_digests()

    @on_bell("bulk", seconds=2.0, gather=GATHER_SECONDS)
    def send_in_bulk(self) -> None:
        """Send what goes to many at once, beside the rest."""
        messenger = self._messenger()
        messenger.hand_on(BULK)
        messenger.send_due(BULK)

    @rpc
    def send_code(self, phone: str, code: str, expires_at: str) -> Answer:
        """Send a one-time code; it is kept nowhere here. Refuses `no_channel` where there is no way to send it."""
        load(schemas.CodeSchema(), {"phone": phone, "code": code, "expires_at": expires_at})
        return self._send_to(phone, CODE, "zh-CN", {"code": code, "expires_at": expires_at})

    @rpc
    def send_phone_changed(self, phone: str, changed_at: str, language: str) -> Answer:
        """Tell who has a phone that messages of the account go to another one; kept and refused as by `send_code`."""
        load(schemas.PhoneChangedSchema(), {"phone": phone, "changed_at": changed_at, "language": language})
        return self._send_to(phone, PHONE_CHANGED, language, {"changed_at": changed_at})

    def _send_to(self, phone: str, template: str, language: str, facts: Answer) -> Answer:
        wording = self.templates_kept.wording()
        for channel in self.channels:
            words = wording.text(template, language, facts, {}, channel.kind)
            parcel = Parcel(new_id(), phone, template, language, words.title, words.body, facts)
            if channel.address == PHONE and _taken(channel, parcel):
                return {"sent": True}
        raise Refusal("no_channel")

    def _messenger(self) -> Messenger:
        kept = Kept(
            self.notices_kept,
            self.messages_kept,
            self.reached_kept,
            self.names_kept,
            self.events_kept,
            self.preferences_kept,
            self.templates_kept,
            self.calls_in_hand,
        )
        sending = Sending(self.channels, self.clock, self._link, self.at_once)
        return Messenger(kept, Around(self.members, self.channels, self.clock, sending))

    def _link(self, messages: Sequence[Message], person_id: str) -> str | None:
        """Where the reader of what holds these stops more of their kinds; nowhere where nobody can decline any."""
        kinds = sorted({KIND_OF[each.template] for each in messages if not each.mandatory})
        if not kinds or not self.public_url:
            return None
        link = Link(person_id, tuple(kinds))
        return f"{self.public_url}/v1/unsubscribe/{token(link, self.sealer)}"


def _taken(channel: Channel, parcel: Parcel) -> bool:
    outcome, answer = tried(channel, lambda: parcel)
    if outcome is not Outcome.SENT:
        log.warning("not sent", template=parcel.template, channel=channel.name, reason=answer)
        return False
    log.info("sent", template=parcel.template, channel=channel.name)
    return True
