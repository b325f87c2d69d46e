"""A read copy has what the newest event says, however the events come."""

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from threading import Barrier
from typing import Any

import pytest
from pymongo.database import Database

from chassis.newest import keep_newest


@pytest.mark.parametrize("order", [*permutations((1, 2, 3)), (3, 3, 1)])
def test_the_newest_stays(database: Database[dict[str, Any]], order: tuple[int, ...]) -> None:
    for sequence in order:
        keep_newest(database["copies"], "a", sequence, {"name": f"as of {sequence}"})
    assert list(database["copies"].find()) == [{"_id": "a", "sequence": 3, "name": "as of 3"}]


def test_of_two_that_come_first_at_once_the_newer_stays(database: Database[dict[str, Any]]) -> None:
    copies, subjects = database["copies"], [f"s{n}" for n in range(100)]
    with ThreadPoolExecutor(2) as pool:
        for subject in subjects:
            together = Barrier(2)

            def keep(sequence: int, subject: str = subject, together: Barrier = together) -> None:
                together.wait(10)
                keep_newest(copies, subject, sequence, {})

            list(pool.map(keep, (1, 2)))
    assert {found["_id"]: found["sequence"] for found in copies.find()} == dict.fromkeys(subjects, 2)
