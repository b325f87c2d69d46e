"""What operators do with cases by `sandan`, beside the running service and the members that it copies from."""

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from pymongo.database import Database

from cases.case import Contact
from cases.store import CaseStore
from chassis.audit.heads import Head, carry
from chassis.mongo import Home
from chassis.sealing import Sealer
from dev.servers import Broker, Mongod
from members.demo.territory import service_grids
from members.territory.store import TerritoryStore
from tests.component.cases.test_case_store import kept
from tests.component.instances import Instances
from tests.component.stored import everything
from tests.unit.cases import play as stage
from tests.unit.cases.play import AT, GRID
from tests.waiting import eventually

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
COMPLAINANT = Contact.said({"consent": True, "name": "谢测001", "phone": "12000000001"})
DRY = "--dry-run"


@pytest.fixture(scope="module")
def running(broker: Broker, mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instances]:
    """cases with three cases, one of them with somebody's phone, and members with the grids of the demo."""
    directory = tmp_path_factory.mktemp("operating")
    clock = directory / "clock"
    clock.write_text("2026-03-12T19:50:00+08:00")
    keys = {name: Fernet.generate_key().decode() for name in ("CASES_PSEUDONYM_KEY", "PERSON_KEY", "CODE_KEY")}
    settings = {**keys, "CASES_PERSON_KEYS": OLD, "CLOCK_FILE": str(clock), "DEMO": "true"}
    with Instances(broker, mongod, directory, **settings) as running:
        for service in ("cases", "members"):
            assert running.sandan("setup", service).returncode == 0
        TerritoryStore(Home(running.database("members"))).grids.add(service_grids(), AT)
        store = CaseStore(Home(running.database("cases"), sealer=Sealer(OLD)))
        plays = [stage.registered() for _ in range(3)]
        plays[0].case = replace(plays[0].case, reporter=replace(plays[0].case.reporter, contact=COMPLAINANT))
        for n, play in enumerate(plays):
            kept(store, play, f"command-{n}")
        running.start("members", "cases")
        yield running


@pytest.fixture
def database(running: Instances) -> Database[dict[str, Any]]:
    """What cases keeps, once it has heard of every grid, has counted every case and tells no more."""
    found = running.database("cases")
    unsettled = {"$or": [{"uncounted": {"$exists": True}}, {"unrelayed": True}, {"unaudited": True}]}
    assert eventually(lambda: found["grids"].count_documents({}) == len(service_grids()))
    assert eventually(lambda: found["cases"].count_documents(unsettled) == 0)
    return found


def test_a_copy_that_is_lost_is_made_anew_and_a_look_beforehand_copies_nothing(
    running: Instances, database: Database[dict[str, Any]]
) -> None:
    whole = everything(database)["grids"]
    database["grids"].delete_many({})
    before = everything(database)
    looked = running.sandan("rebuild", "cases", DRY)
    number = len(whole)
    said = f"cases: the territory: {number} to be looked at, as members has them; nothing was changed\n"
    assert (looked.returncode, looked.stdout, looked.stderr) == (0, said, "")
    assert everything(database) == before
    done = running.sandan("rebuild", "cases")
    assert (done.returncode, done.stdout, done.stderr) == (0, "cases: the territory: pages copied: 1\n", "")
    assert everything(database)["grids"] == whole


def test_a_spoilt_counter_is_seen_beforehand_and_put_right_only_then(
    running: Instances, database: Database[dict[str, Any]]
) -> None:
    right = everything(database)["indicator_counters"]
    assert right
    database["indicator_counters"].delete_one({"_id": right[0]["_id"]})
    before = everything(database)
    looked = running.sandan("recount", DRY)
    assert (looked.returncode, looked.stderr) == (0, "")
    assert looked.stdout.startswith("cases seen: 3; lines to be put right: 0; counters to be put right: 1\n")
    assert everything(database) == before
    done = running.sandan("recount")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "cases seen: 3; lines put right: 0; counters put right: 1\n"
    assert running.sandan("recount").stdout == "cases seen: 3; lines put right: 0; counters put right: 0\n"
    assert database["audit"].count_documents({"act": "indicators.recounted", "who": "operator"}) == 2


def test_what_is_over_can_be_looked_at_and_changes_nothing(
    running: Instances, database: Database[dict[str, Any]]
) -> None:
    before = everything(database)
    looked = running.sandan("retain", DRY)
    assert (looked.returncode, looked.stderr) == (0, "")
    assert looked.stdout == "over now, with their photos: nothing; nothing was changed\n"
    assert everything(database) == before
    done = running.sandan("retain")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("let go of, with their photos: nothing;")


def test_a_list_leaves_as_a_file_masked_and_in_the_trail(
    running: Instances, database: Database[dict[str, Any]], tmp_path: Path
) -> None:
    file = tmp_path / "cases.jsonl"
    done = running.sandan("export", "cases", "--area", "360704", "--to", str(file))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "cases: cases of 360704, lines: 3\n")
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert {line["case_id"] for line in lines} == {found["_id"] for found in database["cases"].find()}
    assert not any(word in file.read_text("utf-8") for word in ("谢测001", "12000000001"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    row = database["audit"].find_one({"act": "file.downloaded", "what.kind": "cases"}) or {}
    assert (row["who"], row["role"], row["within"]) == ("operator", "auditor", ["360704"])
    assert row["details"] == {"format": "jsonl", "lines": 3, "area": "360704"}


def test_a_ledger_leaves_with_each_of_its_lists_also_by_a_pipe(running: Instances) -> None:
    words = ("export", "ledger", "--area", GRID, "--to", "-", "--since", "2026-03-12T00:00:00+08:00")
    done = running.sandan(*words)
    assert done.returncode == 0
    lists = [json.loads(line)["list"] for line in done.stdout.splitlines()]
    assert lists == ["problem"] * 3 + ["responsibility"] * 3


def test_no_file_is_written_over_and_none_leaves_of_an_area_that_there_is_not(
    running: Instances, database: Database[dict[str, Any]], tmp_path: Path
) -> None:
    mine, none = tmp_path / "mine", tmp_path / "none"
    mine.write_text("mine")
    rows = database["audit"].count_documents({})
    there = running.sandan("export", "cases", "--area", "360704", "--to", str(mine))
    assert (there.returncode, there.stdout) == (1, "")
    assert "name another file" in there.stderr
    for list_, said in {"ledger": "unknown_area", "cases": "cases knows no area 360799"}.items():
        nowhere = running.sandan("export", list_, "--area", "360799", "--to", str(none))
        assert (nowhere.returncode, nowhere.stdout) == (1, "")
        assert said in nowhere.stderr
    period = running.sandan("export", "cases", "--area", "360704", "--to", str(none), "--since", "2026-03-12T00:00:00Z")
    assert (period.returncode, period.stdout) == (2, "")
    assert mine.read_text() == "mine"
    assert not none.exists()
    assert database["audit"].count_documents({}) == rows


def test_keys_are_changed_after_a_look_that_changes_nothing(
    running: Instances, database: Database[dict[str, Any]]
) -> None:
    before, both = everything(database), f"{NEW},{OLD}"
    looked = running.sandan("reseal", "cases", DRY, CASES_PERSON_KEYS=both)
    assert (looked.returncode, looked.stderr) == (0, "")
    assert ", 2 texts to be sealed anew, 0 that no key opens; nothing was changed\n" in looked.stdout
    assert everything(database) == before
    done = running.sandan("reseal", "cases", CASES_PERSON_KEYS=both)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("cases: Everything is sealed with the newest key; the others can go.\n")
    found = database["cases"].find_one({"reporter.contact": {"$ne": None}}) or {}
    assert Sealer(NEW).open(found["reporter"]["contact"]["name"]["sealed"]) == "谢测001"
    back = running.sandan("reseal", "cases", CASES_PERSON_KEYS=f"{OLD},{NEW}")
    assert back.returncode == 0


@pytest.mark.parametrize(
    ("keys", "code", "said"),
    [
        (Fernet.generate_key().decode(), 1, "CASES_PERSON_KEYS: none of these keys opens"),
        ("no key", 1, "CASES_PERSON_KEYS: not Fernet keys"),
    ],
    ids=["another key", "no key"],
)
@pytest.mark.parametrize("words", [(), (DRY,)], ids=["done", "looked at"])
def test_keys_that_open_nothing_change_nothing(
    running: Instances,
    database: Database[dict[str, Any]],
    keys: str,
    code: int,
    said: str,
    words: tuple[str, ...],
) -> None:
    before = everything(database)
    done = running.sandan("reseal", "cases", *words, CASES_PERSON_KEYS=keys)
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert everything(database) == before


def test_a_trail_is_checked_with_the_heads_that_are_named_and_what_is_wrong_is_said(
    running: Instances, database: Database[dict[str, Any]], tmp_path: Path
) -> None:
    heads = tmp_path / "heads.jsonl"
    assert running.sandan("recount").returncode == 0
    last = next(iter(database["audit"].find().sort("seq", -1)))
    carry(heads, [Head("cases", last["day"], last["seq"], last["hash"], "2026-03-12T11:50:00Z")])
    sound = running.sandan("audit", "cases", "--heads", str(heads))
    assert (sound.returncode, sound.stderr) == (0, "")
    assert sound.stdout.endswith("1 head, 0 flaws\n")
    database["audit"].update_one({"_id": last["_id"]}, {"$set": {"who": "nobody"}})
    try:
        spoilt = running.sandan("audit", "cases", "--heads", str(heads))
    finally:
        database["audit"].update_one({"_id": last["_id"]}, {"$set": {"who": last["who"]}})
    assert spoilt.returncode == 1
    assert "altered row" in spoilt.stdout


def test_a_database_that_is_away_is_told_without_a_traceback(running: Instances) -> None:
    away = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200"
    done = running.sandan("audit", "cases", MONGO_URI=away)
    assert done.returncode == 1
    assert "The database that MONGO_URI names cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_bucket_photos_stay_where_they_are_and_can_be_checked_there(running: Instances) -> None:
    refused = running.sandan("move-photos", DRY)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "set PHOTO_S3_ENDPOINT" in refused.stderr
    checked = running.sandan("check-photos")
    said = "sizes that belong to no photo, removed: 0; photos without bytes: 0\n"
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, said, "")
