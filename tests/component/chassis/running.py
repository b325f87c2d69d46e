"""Two small services that the tests of the chassis run."""

from pathlib import Path
from typing import Any

from chassis.outbox import UNRELAYED_INDEX, WRITTEN_INDEX
from dev.servers import Broker, Mongod
from tests.component.instances import Instances

SERVICES = Path(__file__).parent / "pair"


class Pair(Instances):
    """The giver and the taker."""

    def __init__(self, broker: Broker, mongod: Mongod, directory: Path) -> None:
        super().__init__(broker, mongod, directory, SERVICES, ATTEMPTS="2")
        for collection in ("things", "parcels"):  # as `setup` does
            self.database("giver")[collection].create_indexes([UNRELAYED_INDEX, WRITTEN_INDEX])

    def heard(self, id: str) -> list[int]:
        return [found["sequence"] for found in self.database("taker")["heard"].find({"thing": id})]

    def letters(self) -> list[dict[str, Any]]:
        return [*self.database("taker")["dead_letters"].find(), *self.database("giver")["dead_letters"].find()]

    def forget(self) -> None:
        for service, collection in (("giver", "things"), ("taker", "heard"), ("taker", "lined_up")):
            self.database(service)[collection].delete_many({})
        for service in ("giver", "taker"):
            self.database(service)["dead_letters"].delete_many({})
