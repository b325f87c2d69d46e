"""Room for posts that run at once: a few for each partner, so that a slow one holds up nobody else."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from threading import Lock
from time import monotonic

import structlog

from chassis.sealing import Sealer
from notify.partner_queues.queues import PartnerQueues
from notify.partners.delivery import End
from notify.partners.gathering import Gathering
from notify.webhooks.channel import WebhookChannel

log = structlog.get_logger()

AT_ONCE = 200
FOR_EACH = 10
SILENT_SECONDS = 5.0
"""Where nobody has answered, the next post begins so much later, and one at a time until somebody does."""

GATHER_SECONDS = 0.02
"""Posts that end within this time are noted together; what follows in their lanes waits so long."""

Work = Callable[[], None]


class Place:
    """What a post takes up of the room; who has its answer may leave it before all is noted."""

    def __init__(self, leave: Work) -> None:
        self._leave, self._taken = leave, True

    def leave(self) -> None:
        """Let another post begin; to be called once or more."""
        if self._taken:
            self._taken = False
            self._leave()


class PostRoom:
    """What posting needs, and how much of it goes on in this process."""

    def __init__(
        self,
        channel: WebhookChannel,
        sealer: Sealer,
        spawn: Callable[[Work], object],
        ring: Work,
        queues: PartnerQueues | None = None,
    ) -> None:
        """`spawn` begins work beside the caller; `ring` tells that there is room again; `queues` where offered."""
        self.channel = channel
        self.queues = queues
        self.sealer = sealer
        self.ring = ring
        self.turn = Lock()
        """For who finds room and fills it, so that no two fill the same."""
        self.ends: Gathering[End] = Gathering(GATHER_SECONDS)
        self._spawn = spawn
        self._busy: Counter[str] = Counter()
        self._awaited: set[str] = set()
        self._held: dict[str, float] = {}
        self._silent: set[str] = set()

    def chance(self) -> float:
        """A number in [0, 1) that spreads retries."""
        return random.random()  # noqa: S311 - spreads load, guards nothing

    def room(self) -> int:
        """How many more posts may begin."""
        return AT_ONCE - self._busy.total()

    def free(self, subscription_ids: Iterable[str]) -> dict[str, int]:
        """Those that may have more posts at once, with how many more."""
        now = monotonic()
        left = {id: self._most(id) - self._busy[id] for id in subscription_ids if self._held.get(id, now) <= now}
        return {id: number for id, number in left.items() if number > 0}

    def hold(self, subscription_id: str, seconds: float) -> None:
        """Begin no more posts to it for so long: what keeps one from it keeps all."""
        self._held[subscription_id] = monotonic() + seconds

    def heard(self, subscription_id: str, *, answered: bool) -> None:
        """Whether anybody was there: what is posted where nobody is takes up room, and costs, for nothing."""
        if answered:
            self._silent.discard(subscription_id)
        else:
            self._silent.add(subscription_id)
            self.hold(subscription_id, SILENT_SECONDS)

    def expect(self, free: Mapping[str, int], subscription_ids: Iterable[str], begun: Mapping[str, int]) -> None:
        """Posts were begun where there were `free` places: whoever took all of its may have more that wait for one."""
        for id in subscription_ids:
            if begun.get(id, 0) >= free.get(id, 0):
                self._awaited.add(id)
            else:
                self._awaited.discard(id)

    def begin(self, subscription_id: str, work: Callable[[Place], None]) -> None:
        """Run `work` beside the caller; what it fails at stays claimed until its lease ends."""
        self._busy[subscription_id] += 1
        self._spawn(partial(self._run, subscription_id, work))

    def _most(self, subscription_id: str) -> int:
        return 1 if subscription_id in self._silent else FOR_EACH

    def _run(self, subscription_id: str, work: Callable[[Place], None]) -> None:
        place = Place(partial(self._leave, subscription_id))
        try:
            work(place)
        except Exception:
            log.exception("post failed", subscription=subscription_id)
        finally:
            place.leave()

    def _leave(self, subscription_id: str) -> None:
        awaited = subscription_id in self._awaited or self.room() <= 0
        self._busy[subscription_id] -= 1
        if not self._busy[subscription_id]:
            del self._busy[subscription_id]
        if awaited:
            self.ring()
