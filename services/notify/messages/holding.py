"""What one round holds while it is sent: renewed before the claim lapses, and noted when it is done."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from threading import Lock

from notify.messages.message import Message, State
from notify.messages.sending import Result
from notify.messages.store import MessageStore
from notify.real_time import real_now

LEASE = timedelta(seconds=60)


def short(until: datetime, now: datetime) -> bool:
    """Whether so little is left of a lease that it is renewed before anything goes out by it."""
    return until - now < LEASE / 2


class Holding:
    """The messages that `token` has claimed until `until` (real time), while they are sent to several people at once.

    Of a lot that is through in half a lease everything is noted together, and nothing is written before. `reached`
    notes to whom something was sent: before it is settled, so that what a crash in between sends again is noted once
    all the same.
    """

    def __init__(
        self,
        messages: Sequence[Message],
        until: datetime,
        token: str,
        store: MessageStore,
        reached: Callable[[Sequence[Result]], None],
    ) -> None:
        self.messages = messages
        self._until = {each.id: until for each in messages}
        self._token = token
        self._store = store
        self._reached = reached
        self._done: list[Result] = []
        self._failed: list[Result] = []
        self._noting = Lock()

    def in_time(self, id: str) -> bool:
        """Whether the message was come to before its claim lapsed; else it stays, for whoever is free to send it."""
        return real_now() < self._until[id]

    def ours(self, ids: Sequence[str]) -> Collection[str]:
        """Which of these nobody has taken over, held for at least half a lease from now."""
        now = real_now()
        ending = [id for id in ids if short(self._until[id], now)]
        renewed = self._store.renew(ending, self._token, now + LEASE) if ending else []
        self._until.update(dict.fromkeys(renewed, now + LEASE))
        return {*ids}.difference(ending).union(renewed)

    def done(self, results: Sequence[Result]) -> None:
        """Note what became of messages: together with what others come to, or at once when a lease is short."""
        with self._noting:
            self._done += results
            now = real_now()
            if any(short(self._until[one.id], now) for one, _, _ in (*self._done, *self._failed)):
                self._note()

    def ended(self) -> Sequence[Result]:
        """Note what is not noted yet; what has failed for good, which is held until `let_go`."""
        with self._noting:
            self._note()
            return self._failed

    def let_go(self, result: Result) -> None:
        """Note what has failed for good."""
        self._store.settle(self._token, [result], real_now())

    def _note(self) -> None:
        ended = [each for each in self._done if each[1].state is not State.FAILED]
        self._reached(ended)
        self._store.settle(self._token, ended, real_now())
        failed = self._failed + [each for each in self._done if each[1].state is State.FAILED]
        ours = self.ours([one.id for one, _, _ in failed])
        self._failed = [each for each in failed if each[0].id in ours]
        self._done = []
