"""What owners do with their subscriptions: load, decide, store; each command may be repeated under its id."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.caller import CLOCK, Caller
from chassis.clock import Clock
from chassis.command import digest, earlier_answer
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.instant import written
from chassis.outbox import Entry, StaleVersion
from notify.names.store import NameStore
from notify.partner_queues.store import AccountStore
from notify.partners import views
from notify.partners.asking import Faults, at_each
from notify.partners.delivery import Delivery
from notify.partners.delivery_store import DeliveryStore
from notify.partners.post_room import PostRoom
from notify.partners.queue_keeping import QueueKeeping
from notify.partners.subscription import DELIVERED, State, Subscription, Way, next_state
from notify.partners.subscription_store import Beside, SubscriptionStore
from notify.permission import held, overseen, participant, permit, place, reads, units, within
from notify.real_time import real_now
from notify.webhooks.channel import Unwelcome
from notify.webhooks.target import UNWELCOME
from notify.webhooks.webhook import SECRET_BYTES, secret
from notify.wording.catalogue import PRIVATE, codes
from notify.wording.words import DISTRICT_DIGITS

PAST = {
    "pause": "paused",
    "resume": "resumed",
    "remove": "removed",
    "change": "changed",
    "rotate_secret": "secret_rotated",
    "end_old_secret": "old_secret_ended",
    "test": "test_asked",
}

Answer = dict[str, Any]


@dataclass(frozen=True)
class Means:
    """What commands on subscriptions need."""

    subscriptions: SubscriptionStore
    deliveries: DeliveryStore
    accounts: AccountStore
    names: NameStore
    clock: Clock
    room: PostRoom


class Subscribing:
    """The commands and questions of one caller."""

    def __init__(self, means: Means, caller: Mapping[str, Any]) -> None:
        self._names = means.names
        self._subscriptions = means.subscriptions
        self._deliveries = means.deliveries
        self._clock = means.clock
        self._room = means.room
        self.queues = QueueKeeping(means.accounts, means.room.sealer, means.room.queues)
        self.caller = self._caller = Caller.load(caller)

    def open(self, command_id: str, asked: Mapping[str, Any], faults: Faults | None = None) -> Answer:
        """A new subscription with its secret, shown here only, and active once a test event is taken; a feed at once.

        `faults` are what could not be read. Refuses all that is wrong, of several things as `invalid`: `out_of_scope`,
        `unknown_grid`, `unknown_category`, `unknown_unit`, `url_refused`, `way_not_offered`; `command_id_reused`.
        """
        faults = faults or Faults()
        prefix = faults.of("grid_prefix", lambda: self.place(asked["grid_prefix"])) or ""
        content = digest({**asked, "grid_prefix": prefix})
        if not faults and (known := self._made(command_id, content)):
            return known
        faults.of("categories", lambda: self.check_categories(at_each(asked["categories"]), prefix))
        faults.of("participant_id", lambda: self.check_participant(asked["participant_id"]))
        faults.of("way", lambda: self._check_offered(asked["way"]))
        if asked["url"]:
            faults.of("url", lambda: self.check(asked["url"]))
        faults.check()
        new = self._new(asked, prefix)
        answer = _receipt(new, "subscribe", 1, self._clock.now())
        entry = self._entry("subscription.opened", new, command_id, content, answer, views.asked_for(new))
        try:
            created = self._subscriptions.create(new, entry, real_now(), self.queues.opening(new))
        except StaleVersion:  # another subscription of this partner at this moment
            return self.open(command_id, asked)
        return self.with_secret(new, answer) if created else self.open(command_id, asked)

    def carried(
        self,
        id: str,
        command_id: str,
        act: str,
        asked: Mapping[str, Any],
        change: Callable[[Subscription], Subscription],
        beside: Callable[[Subscription], Beside | None] = lambda _: None,
    ) -> tuple[Subscription, Answer]:
        """The subscription after `change`, which is kept with the command, and what the command answers.

        With it is written what `beside` gives for the subscription with its new version.

        Refuses `subscription_not_found`, `command_id_reused`, and what `change` refuses.
        """
        found = self.changeable(id)
        content = digest({**asked, "act": act, "subscription_id": id})
        if known := earlier_answer(self._subscriptions.history(id), command_id, content):
            return found, dict(known)
        new = change(found)
        answer = _receipt(new, act, found.version + 1, self._clock.now())
        told = {"fields": sorted(asked)} if act == "change" else asked
        entry = self._entry(f"subscription.{PAST[act]}", found, command_id, content, answer, told)
        try:
            self._subscriptions.amend(found, new, entry, real_now(), beside(replace(new, version=found.version + 1)))
        except StaleVersion:
            return self.carried(id, command_id, act, asked, change, beside)
        return new, answer

    def move(self, id: str, command_id: str, act: str) -> Answer:
        """Pause, resume or remove; who speaks for another unit by now may not.

        Refuses `subscription_not_found`, `subscription_state`, `out_of_scope`, `command_id_reused`, and to resume what
        nobody may have any more: `subscription_without_holder`.
        """
        permit(self._caller, "change_subscription")
        content = digest({"act": act, "subscription_id": id})
        found = self._seen(id)  # also one that this very command has removed
        if known := earlier_answer(self._subscriptions.history(id), command_id, content):
            return dict(known)
        if found.state is State.REMOVED:
            raise Refusal("subscription_not_found", subscription_id=id)
        state = self._state(found, act)
        scopes = self._scopes(found) if act == "resume" else found.scopes
        reads(self._caller, found.unit, found.grid_prefix)
        answer = _receipt(found, act, found.version + 1, self._clock.now()) | {"state": state.value}
        entry = self._entry(f"subscription.{PAST[act]}", found, command_id, content, answer)
        try:
            self._subscriptions.move(
                replace(found, scopes=scopes), entry, state, real_now(), self._beside(found, state)
            )
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

    def changeable(self, id: str) -> Subscription:
        """The subscription, if the caller may change it; who speaks for another unit by now may not.

        Refuses `not_permitted`, `subscription_not_found`, `out_of_scope`.
        """
        permit(self._caller, "change_subscription")
        return self.readable(id)

    def readable(self, id: str) -> Subscription:
        """The subscription, if the caller may see what it gets.

        Refuses `not_permitted`, `subscription_not_found`, `out_of_scope`.
        """
        found = self.one(id)
        reads(self._caller, found.unit, found.grid_prefix)
        return found

    def all(self) -> list[Subscription]:
        """Those that the caller may see, newest first."""
        permit(self._caller, "see_subscription")
        return self._subscriptions.visible_to(self._caller.ids, units(self._caller), overseen(self._caller))

    def replay(self, id: str, delivery_id: str, noted: Callable[[Subscription], None]) -> Delivery:
        """Make one delivery due again, whatever became of it, once that is `noted`; refuses `delivery_not_found`."""
        subscription = self.changeable(id)
        if self._deliveries.replayable(id, delivery_id):
            noted(subscription)
        found = self._deliveries.replay(id, delivery_id, real_now())
        if found is None:
            raise Refusal("delivery_not_found", delivery_id=delivery_id)
        return found

    def _state(self, found: Subscription, act: str) -> State:
        state = next_state(found.state, act)
        return State.ACTIVE if state is State.PENDING and found.way not in DELIVERED else state  # nothing to be tested

    def _scopes(self, found: Subscription) -> tuple[str, ...] | None:
        """In which scopes it is held, the caller's among them: whoever has just got the role resumes at once."""
        own = held(self._caller, found.unit, found.owner_id)
        scopes = None if found.scopes is None else tuple(sorted({*found.scopes, *own}))
        if scopes is not None and not within(found.grid_prefix, scopes):
            raise Refusal("subscription_without_holder", subscription_id=found.id)
        return scopes

    def _beside(self, found: Subscription, state: State) -> Beside | None:
        if state is State.PENDING:
            return self.queues.beginning(found, found.version + 1)
        return self.queues.moving(found) if state is State.REMOVED else None

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
        return self.with_secret(made, dict(known or {}))

    def place(self, grid_prefix: str | None) -> str:
        """The place of a subscription (see `permission.place`), of which something has to be there."""
        found = place(self._caller, grid_prefix)
        asked_for = grid_prefix is not None and grid_prefix not in self._scopes_of_caller()
        if asked_for and not self._names.any_within(found):
            errors = [{"pointer": "/grid_prefix", "detail": "No grid lies in it."}]
            raise Refusal("unknown_grid", grid_code=found, errors=errors)
        return found

    def _scopes_of_caller(self) -> set[str]:
        return {grant.scope for grant in self._caller.grants}

    def _check_offered(self, way: str) -> None:
        if way == Way.AMQP and not self.queues.offered:
            raise Refusal("way_not_offered", way=way)

    def check_categories(self, prefixes: Mapping[str, str], grid_prefix: str) -> None:
        """Refuse `unknown_category`, with each that begins no code of the catalogue, nor one of the district's own.

        `prefixes` are those that were given, by where they stand.
        """
        known, own = codes("category", "en") - {PRIVATE}, f"category/{grid_prefix[:DISTRICT_DIGITS]}/"
        unknown = {
            place: each
            for place, each in prefixes.items()
            if not any(code.startswith(each) for code in known) and not self._names.any_within(own + each)
        }
        if unknown:
            errors = [{"pointer": place, "detail": "No category of the catalogue."} for place in unknown]
            raise Refusal("unknown_category", category=next(iter(unknown.values())), errors=errors)

    def check_participant(self, unit: str | None) -> None:
        """Refuse `out_of_scope` for a unit that is not for the caller, `unknown_unit` for one that there is not."""
        if participant(self._caller, unit) and unit not in units(self._caller) and not self._names.of([str(unit)]):
            raise Refusal("unknown_unit", unit_id=unit)

    def check(self, url: str) -> None:
        """Refuse `url_refused` with the reason if nothing may be posted there."""
        try:
            self._room.channel.check(url)
        except Unwelcome as error:
            raise Refusal("url_refused", reason=str(error), errors=[_at_url(str(error))]) from None

    def sealed_secret(self) -> str:
        """A new secret, sealed."""
        return self._room.sealer.close(secret(secrets.token_bytes(SECRET_BYTES)))

    def with_secret(self, made: Subscription, answer: Answer) -> Answer:
        """The answer with the secret that its command has made; without it if there is none, or a newer one by now."""
        if made.way is Way.AMQP:
            return {**answer, "secret": self.queues.password(made, answer["version"])}
        shown = made.secrets and answer["version"] == made.secret_version
        return {**answer, "secret": self._room.sealer.open(made.secrets[0]) if shown else None}

    def _new(self, asked: Mapping[str, Any], prefix: str) -> Subscription:
        webhook = asked["way"] == Way.WEBHOOK
        unit = next(iter(units(self._caller)), None)
        return Subscription(
            id=new_id(),
            version=1,
            owner_id=self._caller.id,
            owner_role=self.role(),
            unit=unit,
            scopes=tuple(sorted(held(self._caller, unit, self._caller.id))),
            url=asked["url"] or "",
            types=tuple(dict.fromkeys(asked["types"])),
            grid_prefix=prefix,
            state=State.PENDING if asked["way"] in DELIVERED else State.ACTIVE,
            secrets=(self.sealed_secret(),) if webhook else (),
            created_at=self._clock.now(),
            way=Way(asked["way"]),
            categories=tuple(dict.fromkeys(asked["categories"])),
            participant=asked["participant_id"],
        )

    def _entry(
        self,
        type_: str,
        found: Subscription,
        command: str,
        content: str,
        answer: Answer,
        told: Mapping[str, Any] | None = None,
    ) -> Entry:
        """What the history says of a command: what it answered, and what is `told` of it in the audit trail."""
        by = {"id": self._caller.id, "role": self.role()}
        data = {**answer, **(told or {})}
        return Entry(new_id(), type_, self._clock.now(), data, found.grid_prefix, by, command, content, answer)

    def role(self) -> str:
        """In which role the caller does something with a subscription."""
        if self._caller.id == CLOCK:
            return CLOCK
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
