"""What a service tells of its events to who missed some, on a real MongoDB."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import WRITTEN_INDEX, Entry, Outbox
from chassis.publications import PAGE, Publications

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
AN_HOUR_AGO = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
def outboxes(database: Database[dict[str, Any]]) -> list[Outbox]:
    home = Home(database)
    things = home.outbox("things", subject="thing", published={"thing.given", "thing.taken"})
    parcels = home.outbox("parcels", subject="parcel", published={"parcel.sent"})
    for outbox in (things, parcels):
        outbox.collection.create_indexes([WRITTEN_INDEX])
    return [things, parcels]


def entry(type: str, value: int = 1) -> Entry:
    return Entry(new_id(), type, NOW, {"value": value}, key="k")


def told(publications: Publications, *types: str, since: datetime = AN_HOUR_AGO) -> list[tuple[str, int]]:
    """Subject and sequence of every event that is told, page after page."""
    events, cursor = [], None
    while True:
        page = publications.page(since, types, cursor)
        events += [(each["subject"], each["sequence"]) for each in page["events"]]
        if (cursor := page["next"]) is None:
            return events


def test_every_event_of_every_outbox_is_told_once(outboxes: list[Outbox]) -> None:
    things, parcels = outboxes
    for n in range(PAGE * 2 + 3):
        things.create({"_id": f"t{n}"}, [entry("thing.given")])
    parcels.create({"_id": "p"}, [entry("parcel.sent")])
    things.append("t0", 1, [entry("thing.taken"), entry("thing.kept")])
    found = told(Publications("giver", outboxes))
    assert len(found) == len(set(found)) == PAGE * 2 + 5
    assert found[0] == ("parcel/p", 1)
    assert [each for each in found if each[0] == "thing/t0"] == [
        ("thing/t0", 1),
        ("thing/t0", 2),
    ]  # not what nobody hears


def test_what_a_slow_clock_writes_again_while_pages_are_read_is_told_all_the_same(outboxes: list[Outbox]) -> None:
    things, publications = outboxes[0], Publications("giver", outboxes)
    for n in range(PAGE + 5):
        things.create({"_id": f"t{n:03}"}, [entry("thing.given")])
    first, last = publications.page(AN_HOUR_AGO, [], None), f"t{PAGE + 4:03}"
    things.append(last, 1, [entry("thing.taken")])
    things.collection.update_one({"_id": last}, {"$set": {"written_at": AN_HOUR_AGO + timedelta(minutes=1)}})
    following = publications.page(AN_HOUR_AGO, [], first["next"])
    assert f"thing/{last}" in {each["subject"] for each in following["events"]}


def test_only_the_wanted_types_are_told(outboxes: list[Outbox]) -> None:
    outboxes[0].create({"_id": "t"}, [entry("thing.given"), entry("thing.taken")])
    outboxes[1].create({"_id": "p"}, [entry("parcel.sent")])
    assert told(Publications("giver", outboxes), "thing.taken") == [("thing/t", 2)]


def test_documents_without_a_wanted_event_are_passed_over_many_at_a_time(
    outboxes: list[Outbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    things, parcels = outboxes
    for n in range(90):
        things.create({"_id": f"t{n:02}"}, [entry("thing.taken" if n % 30 == 29 else "thing.given")])
        parcels.create({"_id": f"p{n:02}"}, [entry("parcel.sent")])
    publications = Publications("giver", outboxes)
    expected = [(f"thing/t{n}", 1) for n in (29, 59, 89)]
    assert told(publications, "thing.taken") == expected
    first = publications.page(AN_HOUR_AGO, ["thing.taken"], None)
    assert len(first["events"]) == 3  # of all that are written lately, in one page
    assert publications.page(AN_HOUR_AGO, ["thing.taken"], first["next"]) == {"events": [], "next": None}
    monkeypatch.setattr("chassis.publications.LOOKED_THROUGH", 7)
    assert told(publications, "thing.taken") == expected


def test_what_is_older_is_not_told_also_of_a_document_that_was_written_since(outboxes: list[Outbox]) -> None:
    old = Entry("01900000-0000-7000-8000-000000000000", "thing.given", NOW, {})
    outboxes[0].create({"_id": "t"}, [old])
    outboxes[0].append("t", 1, [entry("thing.taken")])
    outboxes[0].create({"_id": "u"}, [entry("thing.given")])
    outboxes[0].collection.update_one({"_id": "u"}, {"$set": {"written_at": AN_HOUR_AGO - timedelta(seconds=1)}})
    assert told(Publications("giver", outboxes)) == [("thing/t", 2)]


def test_a_page_scans_no_collection(outboxes: list[Outbox], database: Database[dict[str, Any]]) -> None:
    outboxes[0].create({"_id": "t"}, [entry("thing.given")])
    database.command("profile", 2)
    told(Publications("giver", outboxes))
    database.command("profile", 0)
    found = list(database["system.profile"].find({"op": "query", "ns": {"$regex": r"\.things$"}}))
    assert found
    assert {each["planSummary"].split()[0] for each in found} == {"IXSCAN"}
