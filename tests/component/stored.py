"""Fixtures of stores: each gives a store over the test's own database, with its indexes."""

from collections.abc import Callable
from typing import Any

import pytest
from pymongo.database import Database

from chassis.mongo import Home
from chassis.setup import indexed


def stored(store: Callable[[Home], Any]) -> Any:
    """The fixture of a store; its name is that of the variable it is assigned to."""

    @pytest.fixture
    def over_the_database(database: Database[dict[str, Any]]) -> Any:
        return indexed(database, store)

    return over_the_database
