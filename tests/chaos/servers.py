"""The servers below a suite under test: one of each, or clusters of three."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.clusters import BrokerCluster, ReplicaSet
from dev.ports import free_port
from dev.servers import Broker, Mongod


@dataclass
class Servers:
    """What a fault may harm, and where the suite finds it."""

    amqp_uri: str
    mongo_uri: str
    single: tuple[Broker, Mongod] | None = None
    clusters: tuple[BrokerCluster, ReplicaSet] | None = None

    @property
    def broker(self) -> Broker:
        """The only node, or one of the cluster that answers."""
        return self.single[0] if self.single else self.brokers.first()

    @property
    def mongod(self) -> Mongod:
        """The only member."""
        if self.single is None:
            raise LookupError("there is no single mongod on this stage")
        return self.single[1]

    @property
    def brokers(self) -> BrokerCluster:
        """The cluster of nodes."""
        if self.clusters is None:
            raise LookupError("there is no cluster on this stage")
        return self.clusters[0]

    @property
    def replicas(self) -> ReplicaSet:
        """The set of members."""
        if self.clusters is None:
            raise LookupError("there is no replica set on this stage")
        return self.clusters[1]

    @property
    def partner_settings(self) -> Mapping[str, str]:
        """What notify is told, so that partners can read queues of their own; nothing where there are none."""
        return self.broker.settings

    @property
    def partner_ports(self) -> Sequence[int]:
        """Where partners find their queues."""
        return [self.broker.port] if self.partner_settings else []

    def databases(self) -> Sequence[Mongod]:
        """Every mongod there is."""
        return [self.mongod] if self.single else self.replicas.members

    def versions(self) -> str:
        """What runs, for the report."""
        with self.databases()[0].client() as client:
            mongod = client.server_info()["version"]
        return f"RabbitMQ {self.broker.control('version').strip()}, mongod {mongod}"

    def waiting(self) -> dict[str, int]:
        """Messages in each queue that has some; empty while the broker does not say."""
        try:
            return {name: number for name, number in self.broker.queues().items() if number}
        except subprocess.SubprocessError:
            return {}


@contextmanager
def servers(directory: Path, needs: str) -> Iterator[Servers]:
    """Servers of their own, running: `single` ones or a `cluster` of each."""
    with ExitStack() as stack:
        if needs == "cluster":
            clusters = BrokerCluster(directory / "rabbitmq"), ReplicaSet(directory / "mongod")
            for cluster in clusters:
                stack.callback(cluster.stop)
                cluster.start()
            yield Servers(clusters[0].uri, clusters[1].uri, clusters=clusters)
        else:
            broker = Broker(directory / "rabbitmq", free_port(), free_port(), free_port(), free_port())
            mongod = Mongod(directory / "mongod", free_port(), testing=True)
            for server in (broker, mongod):
                stack.callback(server.stop)
                server.start()
            yield Servers(broker.uri, mongod.uri, single=(broker, mongod))
