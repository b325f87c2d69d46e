"""What the class of a process begins with: the clock, ids in the log, the internal port; a service's letters too."""

from datetime import datetime

from chassis.clock import Clock, ClockProvider
from chassis.dead_letters import Parked, Parker
from chassis.http import Probes
from chassis.logs import WorkerLog
from chassis.publications import Publications, PublicationsProvider
from chassis.rpc import rpc


class Process:
    """Base of every nameko class; a subclass sets `name` and adds its remotes and entrypoints."""

    name: str

    clock: Clock = ClockProvider()
    worker_log = WorkerLog()
    probes = Probes()


class Service(Process):
    """Base of the services, which answer requests, listen to events and own a database."""

    parked: Parked = Parker()
    publications: Publications = PublicationsProvider()

    @rpc
    def published(self, since: str, types: list[str], cursor: str | None = None) -> dict[str, object]:
        """A page of the events written since an instant, for a subscriber that missed some: `{events, next}`.

        `types` are the wanted ones, none means all; `cursor` is the `next` of the page before.
        """
        return self.publications.page(datetime.fromisoformat(since), types, cursor)

    @rpc
    def list_parked(self) -> list[dict[str, object]]:
        """The parked letters, oldest first, without their bodies: for operators."""
        return [
            {name: letter[name] for name in ("_id", "queue", "error_type", "error", "first_failed_at", "attempts")}
            for letter in self.parked.waiting()
        ]

    @rpc
    def replay_parked(self, id: str) -> bool:
        """Send one parked letter back to its queue; whether it was there and the broker took it."""
        return self.parked.replay(self.name, id)
