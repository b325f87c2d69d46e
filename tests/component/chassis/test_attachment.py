"""The notes of lost queues, on a real MongoDB."""

from typing import Any

from pymongo.database import Database

from chassis.attachment import Attachments

QUEUE = "taker:thing.given"


def test_a_later_loss_stays_noted_when_the_earlier_one_is_handled(database: Database[dict[str, Any]]) -> None:
    database["attachments"].insert_one({"_id": QUEUE, "lost": "second"})
    Attachments(database).caught_up(QUEUE, "first")
    assert database["attachments"].find_one() == {"_id": QUEUE, "lost": "second"}
    Attachments(database).caught_up(QUEUE, "second")
    assert database["attachments"].find_one() == {"_id": QUEUE, "lost": None}
