"""What a version before this one has left behind does not keep `setup` from its work."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pytest
from pymongo import ASCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import OperationFailure

from chassis.mongo import Home
from chassis.setup import indexed

BY_PLACE = IndexModel([("grid", ASCENDING), ("kind", ASCENDING)], name="place")
ONLY_ONCE = IndexModel([("number", ASCENDING)], name="number", unique=True)


class Shelf:
    """A store of things."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {"things": [BY_PLACE, ONLY_ONCE]}

    def __init__(self, home: Home) -> None:
        """Keeps nothing."""


@pytest.mark.parametrize(
    "before",
    [
        IndexModel([("grid", ASCENDING)], name="place"),
        IndexModel([("number", ASCENDING)], name="number"),
    ],
    ids=["other fields", "other options"],
)
def test_an_index_that_has_changed_is_made_anew(database: Database[Any], before: IndexModel) -> None:
    database.things.create_indexes([before])
    indexed(database, Shelf)
    found = database.things.index_information()
    assert found["place"]["key"] == [("grid", 1), ("kind", 1)]
    assert found["number"]["unique"]


def test_what_is_kept_and_breaks_a_rule_is_not_passed_over(database: Database[Any]) -> None:
    database.things.insert_many([{"number": 1}, {"number": 1}])
    with pytest.raises(OperationFailure):
        indexed(database, Shelf)
