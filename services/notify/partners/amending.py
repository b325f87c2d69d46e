"""What owners change of their subscriptions: filters, address and secret, and trying them out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chassis.errors import Refusal
from notify.partners.asking import Faults, at_each
from notify.partners.subscribing import Subscribing
from notify.partners.subscription import DELIVERED, TESTED, TRIED, Subscription, Way, in_force, next_state
from notify.partners.subscription_store import Beside
from notify.permission import place, units
from notify.real_time import real_now

Answer = dict[str, Any]


class Amending:
    """The commands of one caller on subscriptions that there are."""

    def __init__(self, subscribing: Subscribing) -> None:
        self._subscribing = subscribing

    def change(self, id: str, command_id: str, asked: Mapping[str, Any], unread: Faults | None = None) -> Answer:
        """Other filters from now on, or another address, which is verified before anything is posted there.

        `unread` are what could not be read. Refuses all that is wrong, of several things as `invalid`: as `open`, and
        `subscription_state` and `way_unsuited`.
        """

        def beside(new: Subscription) -> Beside | None:
            return self._subscribing.queues.moving(new) if new.unfit else None

        def change(found: Subscription) -> Subscription:
            new = self._changed(found, asked, unread or Faults())
            # What lies in a queue came under the filters of before.
            return replace(new, unfit=found.unfit or (found.way is Way.AMQP and new.interest != found.interest))

        return self._subscribing.carried(id, command_id, "change", asked, change, beside)[1]

    def rotate(self, id: str, command_id: str, overlap_hours: int) -> Answer:
        """A new secret, shown here only; the old one signs beside it for so long. Refuses `old_secret_in_force`.

        Of a queue it is the password, and the old one ends at once.
        """

        def beside(new: Subscription) -> Beside | None:
            return self._subscribing.queues.replacing(new) if new.way is Way.AMQP else None

        def change(found: Subscription) -> Subscription:
            if found.way is Way.AMQP:
                return found
            _need_webhook(found, "rotate_secret")
            now = real_now()
            if len(in_force(found, now)) > 1:
                raise Refusal("old_secret_in_force")
            return replace(
                found,
                secrets=(self._subscribing.sealed_secret(), *found.secrets[: 1 if overlap_hours else 0]),
                retiring_at=now + timedelta(hours=overlap_hours) if overlap_hours else None,
                secret_version=found.version + 1,
            )

        asked = {"overlap_hours": overlap_hours}
        found, answer = self._subscribing.carried(id, command_id, "rotate_secret", asked, change, beside)
        return self._subscribing.with_secret(found, answer)

    def end_old(self, id: str, command_id: str) -> Answer:
        """The old secret signs nothing any more."""

        def change(found: Subscription) -> Subscription:
            _need_webhook(found, "end_old_secret")
            return replace(found, secrets=found.secrets[:1], retiring_at=None)

        return self._subscribing.carried(id, command_id, "end_old_secret", {}, change)[1]

    def test(self, id: str, command_id: str) -> Answer:
        """A test event is posted; what came of it is the subscription's `last`. Refuses `subscription_state`."""

        def change(found: Subscription) -> Subscription:
            if found.way not in DELIVERED:
                raise Refusal("way_unsuited", act="test", way=found.way.value)
            if found.state not in {*TESTED, *TRIED}:
                raise Refusal("subscription_state", act="test", status=found.state.value)
            return replace(found, test_asked_at=real_now())

        return self._subscribing.carried(id, command_id, "test", {}, change)[1]

    def _changed(self, found: Subscription, asked: Mapping[str, Any], faults: Faults) -> Subscription:
        new = replace(
            found,
            types=tuple(dict.fromkeys(asked.get("types", found.types))),
            grid_prefix=asked.get("grid_prefix", found.grid_prefix),
            categories=tuple(dict.fromkeys(asked.get("categories", found.categories))),
            participant=asked.get("participant_id", found.participant),
        )
        url = asked.get("url", found.url)
        faults.of("grid_prefix", lambda: self._check_place(found, new.grid_prefix))
        if new.categories != found.categories:
            faults.of(
                "categories", lambda: self._subscribing.check_categories(at_each(new.categories), new.grid_prefix)
            )
        if new.participant != found.participant:
            faults.of("participant_id", lambda: self._subscribing.check_participant(new.participant))
        if url != found.url:
            faults.of("url", lambda: self._check_url(found, url))
        faults.check()
        if url == found.url:
            return new
        return replace(new, url=url, state=next_state(found.state, "redirect"), failing_since=None)

    def _check_place(self, found: Subscription, grid_prefix: str) -> None:
        # Who oversees a unit's subscription may narrow it, but not give the unit more than it may ask for itself.
        if grid_prefix == found.grid_prefix:
            place(self._subscribing.caller, grid_prefix)
        else:
            self._subscribing.place(grid_prefix)
        if not grid_prefix.startswith(found.grid_prefix) and found.unit not in {None, *units(self._subscribing.caller)}:
            raise Refusal("out_of_scope", grid_prefix=grid_prefix)

    def _check_url(self, found: Subscription, url: str) -> None:
        _need_webhook(found, "change")
        self._subscribing.check(url)


def _need_webhook(found: Subscription, act: str) -> None:
    if found.way is not Way.WEBHOOK:
        raise Refusal("way_unsuited", act=act, way=found.way.value)
