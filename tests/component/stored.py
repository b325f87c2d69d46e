"""Fixtures of stores, and of the database that the tests of one service use one after the other."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pymongo
import pytest
from pymongo.database import Database

from chassis.mongo import Home
from chassis.sealing import Sealer
from chassis.setup import indexed

SEALER = Sealer("dGhlIHNlYWwgdGhhdCBhbGwgdGVzdHMgc2hhcmUuLi4=", "the key of tests")


def stored(store: Callable[[Home], Any]) -> Any:
    """The fixture of a store; its name is that of the variable it is assigned to."""

    @pytest.fixture
    def over_the_database(database: Database[dict[str, Any]]) -> Any:
        return indexed(database, store, SEALER)

    return over_the_database


def everything(database: Database[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Every document of a database, by its collection, to be compared with what is there later."""
    names = sorted(database.list_collection_names())
    return {name: sorted(database[name].find(), key=lambda found: repr(found["_id"])) for name in names}


def emptied_database() -> Any:
    """The fixture of a database that is emptied after each test and keeps its indexes for the next.

    To make some hundred indexes and to drop them again takes longer than most tests of a service.
    """
    name = f"test_{uuid.uuid4().hex[:12]}"

    @pytest.fixture
    def database(mongo_client: pymongo.MongoClient[dict[str, Any]]) -> Iterator[Database[dict[str, Any]]]:
        shared = mongo_client[name]
        yield shared
        for collection in shared.list_collection_names(filter={"type": "collection"}):
            shared[collection].delete_many({})

    return database
