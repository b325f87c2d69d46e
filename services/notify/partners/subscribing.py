"""What owners do with their subscriptions: load, decide, store; each command may be repeated under its id."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chassis.caller import Caller
from chassis.clock import Clock
from chassis.command import digest, earlier_answer
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.instant import written
from chassis.outbox import Entry, StaleVersion
from notify.partners.delivery import Delivery
from notify.partners.delivery_store import DeliveryStore
from notify.partners.post_room import PostRoom
from notify.partners.subscription import State, Subscription, next_state
from notify.partners.subscription_store import SubscriptionStore
from notify.permission import overseen, permit, place, units
from notify.real_time import real_now
from notify.webhooks.channel import Unwelcome
from notify.webhooks.target import UNWELCOME
from notify.webhooks.webhook import SECRET_BYTES, secret

PAST = {"pause": "paused", "resume": "resumed", "remove": "removed"}

Answer = dict[str, Any]


class Subscribing:
    """The commands and questions of one caller."""

    def __init__(
        self,
        subscriptions: SubscriptionStore,
        deliveries: DeliveryStore,
        clock: Clock,
        room: PostRoom,
        caller: Mapping[str, Any],
    ) -> None:
        self._subscriptions = subscriptions
        self._deliveries = deliveries
        self._clock = clock
        self._room = room
        self._caller = Caller.load(caller)

    def open(self, command_id: str, asked: Mapping[str, Any]) -> Answer:
        """A new subscription with its secret, shown here only; it becomes active once its test event is taken."""
        prefix = place(self._caller, asked["grid_prefix"])
        content = digest({**asked, "grid_prefix": prefix})
        if known := self._made(command_id, content):
            return known
        self._check(asked["url"])
        new = self._new(asked, prefix)
        answer = _receipt(new, "subscribe", 1, self._clock.now())
        entry = self._entry("subscription.opened", new, command_id, content, answer)
        if not self._subscriptions.create(new, entry, real_now()):
            return self._made(command_id, content) or answer
        return self._with_secret(new, answer)

    def move(self, id: str, command_id: str, act: str) -> Answer:
        """Pause, resume or remove; refuses `subscription_not_found`, `subscription_state`, `command_id_reused`."""
        permit(self._caller, "change_subscription")
        content = digest({"act": act, "subscription_id": id})
        found = self._seen(id)  # also one that this very command has removed
        if known := earlier_answer(self._subscriptions.history(id), command_id, content):
            return dict(known)
        if found.state is State.REMOVED:
            raise Refusal("subscription_not_found", subscription_id=id)
        state = next_state(found.state, act)
        answer = _receipt(found, act, found.version + 1, self._clock.now()) | {"state": state.value}
        entry = self._entry(f"subscription.{PAST[act]}", found, command_id, content, answer)
        try:
            self._subscriptions.move(found, entry, state, real_now())
        except StaleVersion:
            return self.move(id, command_id, act)
        if state is State.REMOVED:
            self._deliveries.drop(id)
        return answer

    def one(self, id: str) -> Subscription:
        """The subscription, if the caller may see it; else it is not to be found."""
        permit(self._caller, "see_subscription")
        found = self._seen(id)
        if found.state is State.REMOVED:
            raise Refusal("subscription_not_found", subscription_id=id)
        return found

    def all(self) -> list[Subscription]:
        """Those that the caller may see, newest first."""
        permit(self._caller, "see_subscription")
        return self._subscriptions.visible_to(self._caller.ids, units(self._caller), overseen(self._caller))

    def replay(self, id: str, delivery_id: str) -> Delivery:
        """Make one delivery due again, whatever became of it; refuses `delivery_not_found`."""
        permit(self._caller, "change_subscription")
        self.one(id)
        found = self._deliveries.replay(id, delivery_id, real_now())
        if found is None:
            raise Refusal("delivery_not_found", delivery_id=delivery_id)
        return found

    def _seen(self, id: str) -> Subscription:
        found = self._subscriptions.load(id)
        if found is None or not _may_see(self._caller, found):
            raise Refusal("subscription_not_found", subscription_id=id)
        return found

    def _made(self, command_id: str, content: str) -> Answer | None:
        made = self._subscriptions.made_by(self._caller.ids, command_id)
        if made is None:
            return None
        known = earlier_answer(self._subscriptions.history(made.id), command_id, content)
        return self._with_secret(made, dict(known or {}))

    def _check(self, url: str) -> None:
        try:
            self._room.channel.check(url)
        except Unwelcome as error:
            raise Refusal("url_refused", reason=str(error), errors=[_at_url(str(error))]) from None

    def _new(self, asked: Mapping[str, Any], prefix: str) -> Subscription:
        random = secret(secrets.token_bytes(SECRET_BYTES))
        return Subscription(
            id=new_id(),
            version=1,
            owner_id=self._caller.id,
            owner_role=self._role(),
            unit=next(iter(units(self._caller)), None),
            url=asked["url"],
            types=tuple(dict.fromkeys(asked["types"])),
            grid_prefix=prefix,
            state=State.PENDING,
            secrets=(self._room.sealer.seal(random),),
            created_at=self._clock.now(),
        )

    def _with_secret(self, made: Subscription, answer: Answer) -> Answer:
        return {**answer, "secret": self._room.sealer.open(made.secrets[0])}

    def _entry(self, type_: str, found: Subscription, command: str, content: str, answer: Answer) -> Entry:
        by = {"id": self._caller.id, "role": self._role()}
        return Entry(new_id(), type_, self._clock.now(), answer, found.grid_prefix, by, command, content, answer)

    def _role(self) -> str:
        return "unit_contact" if units(self._caller) else "district_admin"


def _receipt(found: Subscription, act: str, version: int, at: datetime) -> Answer:
    return {
        "subscription_id": found.id,
        "act": act,
        "version": version,
        "state": found.state.value,
        "at": written(at),
    }


def _at_url(reason: str) -> dict[str, str]:
    return {"pointer": "/url", "detail": UNWELCOME[reason]}


def _may_see(caller: Caller, subscription: Subscription) -> bool:
    # One's own, one's unit's, or in a place that one oversees.
    own = caller.is_(subscription.owner_id) or subscription.unit in units(caller)
    return own or any(subscription.grid_prefix.startswith(scope) for scope in overseen(caller))
