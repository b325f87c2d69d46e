"""Hands a service its sealer, once it is known that its keys open what the service's database keeps."""

from collections.abc import Callable, Iterable

import structlog
from nameko.extensions import DependencyProvider
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, PyMongoError

from chassis.marked import Marked, sealed_texts
from chassis.mongo import KEPT, Mongo
from chassis.outbox import Document
from chassis.sealing import Sealer

log = structlog.get_logger()

COLLECTION = "sealing"
CANARY = "canary"
WORD = "opened"


class Keyring(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects the sealer; missing, malformed or wrong keys keep the service from starting."""

    mongo = Mongo()

    def __init__(self, sealer: Callable[[], Sealer], marked: Iterable[Marked]) -> None:
        """`marked` are the fields that the service keeps sealed."""
        self._make, self._marked = sealer, tuple(marked)

    def setup(self) -> None:
        """Read the keys and try them; while the database is away, it is left to the first who reads something."""
        self._sealer = self._make()
        try:
            check(self.mongo.database, self._marked, self._sealer)
        except PyMongoError as error:
            log.warning("keys not tried, the database is away", error=type(error).__name__)

    def get_dependency(self, worker_ctx: object) -> Sealer:
        """The sealer itself."""
        return self._sealer


def check(database: Database[Document], marked: Iterable[Marked], sealer: Sealer) -> None:
    """See that the keys open the word that this database keeps for it; raises chassis' WrongKeys.

    A database without that word gets one under the oldest key, if the keys open what it keeps: until everything is
    resealed, the oldest is needed.
    """
    if tried(database, marked, sealer):
        return
    words = database.get_collection(COLLECTION, write_concern=KEPT)
    try:
        words.insert_one({"_id": CANARY, "sealed": sealer.close_with_oldest(WORD)})
    except DuplicateKeyError:
        check(database, (), sealer)  # another instance was faster, maybe with other keys


def tried(database: Database[Document], marked: Iterable[Marked], sealer: Sealer) -> bool:
    """The same without writing anything: whether the database has its word; raises chassis' WrongKeys."""
    if found := database[COLLECTION].find_one({"_id": CANARY}):
        sealer.open(found["sealed"])
        return True
    for each in marked:
        if (sample := database[each.collection].find_one(each.present, {each.top: True})) is not None:
            for sealed in sealed_texts(sample, each):
                sealer.open(sealed)
    return False
