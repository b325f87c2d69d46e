"""What members needs to plan the next service day by need (F46): the events of cases tell it all, in whatever order."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from pymongo.database import Database

from cases.case import OPEN
from cases.photo import Photo
from cases.place import Compound, Point
from cases.service import CasesService
from cases.store import PlaceStore
from chassis.errors import Refusal
from tests.unit.cases.play import DISPATCHER, GRID, OTHER_WORKER, RESIDENT, WORKER

Stored = Database[dict[str, Any]]

PICTURE = Photo("image/jpeg", b"full", b"small", 4, 3)
HYGIENE = "03"
STANDS = {status.value for status in OPEN}


def folded(events: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How many hygiene cases are open in each compound, as a subscriber knows it that heard these events."""
    latest: dict[str, Mapping[str, Any]] = {}
    for event in events:
        known = latest.get(event["case_id"])
        if known is None or known["version"] < event["version"]:
            latest[event["case_id"]] = event
    open_ = (each for each in latest.values() if each["status"] in STANDS)
    return Counter(each["compound_id"] for each in open_ if (each["category"] or "").startswith(HYGIENE))


@pytest.fixture
def office(service: CasesService, places: PlaceStore) -> CasesService:
    places.put_compound(Compound("c-jintan", "金滩花园", GRID, Point(115.006, 25.868), True, True, None), 1)
    return service


def report(office: CasesService, key: str, compound: str, category: str = "0303") -> str:
    body = {"text": "楼道脏乱", "compound_id": compound, "category": category}
    return str(office.report(RESIDENT.dump(), key, **body)["case_id"])


def do(office: CasesService, id: str, act: str, **fields: Any) -> None:
    office.move(DISPATCHER.dump(), f"{id}-{act}", id, act, fields)


def test_three_open_stairwells_are_known_to_whoever_hears_the_events(office: CasesService, database: Stored) -> None:
    """F46: three open 0303 cases at one compound are told by the events alone, also after what became of others."""
    wanted = [report(office, f"k-{n}", "c-dongyuan") for n in range(3)]
    moved = report(office, "k-3", "c-jintan")
    merged = report(office, "k-4", "c-dongyuan")
    other = report(office, "k-5", "c-dongyuan", category="0101")
    rejected = report(office, "k-6", "c-jintan")
    for id in (*wanted, moved):
        do(office, id, "register", category="0303")
    do(office, other, "register", category="0101")
    do(office, moved, "correct", compound_id="c-dongyuan")
    do(office, moved, "dispatch", assignees=["p-worker"])
    office.move(WORKER.dump(), "accept", moved, "accept")
    do(office, merged, "merge", target_case_id=wanted[0])
    do(office, rejected, "reject", reason_code="not_found", text="现场未发现")
    do(office, other, "correct", category="0303")
    events = [entry["data"] for case in database["cases"].find() for entry in case["history"]]
    random.Random(46).shuffle(events)
    assert folded(events) == Counter({"c-dongyuan": 5})
    stored = database["cases"].count_documents(
        {"compound": "c-dongyuan", "category": {"$regex": "^03"}, "status": {"$in": sorted(STANDS)}}
    )
    assert stored == 5


def test_a_report_at_no_compound_is_placed_at_the_one_its_point_lies_at(
    service: CasesService, database: Stored
) -> None:
    """F46: within 200 m of a compound's middle, in its grid; else at none."""
    places = {"here": (115.0060, 25.8675), "far": (115.0095, 25.8700), "other_grid": (115.0058, 25.8630)}
    for key, (lon, lat) in places.items():
        service.report(RESIDENT.dump(), key, text="楼道脏乱", location={"lon": lon, "lat": lat})
    service.report(RESIDENT.dump(), "named", text="楼道脏乱", compound_id="c-dongyuan")
    service.report(RESIDENT.dump(), "grid", text="楼道脏乱", grid_code=GRID)
    told = [each["history"][0]["data"] for each in database["cases"].find().sort("_id")]
    found = [(each["compound_id"], each["near_compound_id"]) for each in told]
    assert found == [(None, "c-dongyuan"), (None, None), (None, None), ("c-dongyuan", None), (None, None)]
    service.move(DISPATCHER.dump(), "r", told[1]["case_id"], "register", {"category": "0303"})
    moved = {"location": {"lon": 115.0060, "lat": 25.8675}}
    service.move(DISPATCHER.dump(), "c", told[1]["case_id"], "correct", moved)
    assert service.cases_kept.load(told[1]["case_id"], None).case.place.near_compound_id == "c-dongyuan"


def test_what_a_service_day_has_dealt_with_is_kept_with_its_photos(office: CasesService, database: Stored) -> None:
    """F51: the organiser names the day and shows the place before and after; nobody else says so."""
    id = report(office, "k", "c-dongyuan")
    do(office, id, "register", category="0303")
    do(office, id, "dispatch", assignees=["p-worker", "p-worker-2"], lead="p-worker")
    for who in (WORKER, OTHER_WORKER):
        office.move(who.dump(), f"a-{who.id}", id, "accept")
        office.move(who.dump(), f"b-{who.id}", id, "arrive")
    for photo in ("f-before", "f-after"):
        office.photos.add(photo, WORKER.id, f"c-{photo}", b"original", PICTURE)
    said = {"text": "清扫完毕", "service_day_id": "a-1", "before_photos": ["f-before"], "photos": ["f-after"]}
    with pytest.raises(Refusal, match="not_permitted"):
        office.move(OTHER_WORKER.dump(), "c", id, "feedback", said)
    with pytest.raises(Refusal, match="invalid"):
        office.move(WORKER.dump(), "d", id, "feedback", {**said, "before_photos": ["f-after"]})
    office.move(WORKER.dump(), "e", id, "feedback", said)
    shown = office.case(WORKER.dump(), id)
    assert (shown["status"], shown["service_day_id"]) == ("RESOLVED", "a-1")
    assert [(each["photo_id"], each["shows"]) for each in shown["photos"]] == [
        ("f-before", "before"),
        ("f-after", "after"),
    ]
    assert shown["timeline"][-1]["photos"] == ["f-before", "f-after"]
    assert database["photos"].count_documents({"case_id": id}) == 2
