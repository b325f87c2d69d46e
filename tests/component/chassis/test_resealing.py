"""Sealing anew with the newest key: all of it, once, also after a break and while others write."""

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.fernet import Fernet
from pymongo.database import Database

from chassis import resealing
from chassis.keyring import check
from chassis.marked import Marked
from chassis.mongo import Home
from chassis.privacy import masked_name
from chassis.resealing import reseal
from chassis.sealing import Sealer, WrongKeys
from chassis.secret import Secret

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
BEFORE, DURING, AFTER = Sealer(OLD), Sealer(f"{NEW},{OLD}"), Sealer(NEW)
MARKED = (Marked("things", "who.name", "a name", masked_name), Marked("letters", "text", "a text"))

Stored = Database[dict[str, Any]]


@pytest.fixture(autouse=True)
def small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resealing, "LOT", 3)


def filled(database: Stored, plain: int = 1, sealed: int = 7) -> None:
    """What was written under the old key, and some from before the field was marked."""
    things = Home(database, sealer=BEFORE).collection("things")
    for n in range(sealed):
        things.insert_one({"_id": f"t{n}", "who": {"name": Secret.name(f"谢测{n:03}")}})
    for n in range(plain):
        database["things"].insert_one({"_id": f"p{n}", "who": {"name": f"李测{n:03}"}})
    database["things"].insert_one({"_id": "nobody", "who": None})
    database["letters"].insert_one({"_id": "l", "text": BEFORE.close("a note")})


def names(database: Stored, sealer: Sealer) -> list[str]:
    found = [each["who"]["name"] for each in database["things"].find({"who": {"$ne": None}}).sort("_id")]
    return [sealer.open(each["sealed"]) for each in found]


def quiet(text: str) -> None:
    """Nobody looks on."""


def test_a_marked_text_is_never_written_plain(database: Stored) -> None:
    filled(database, plain=0, sealed=1)
    stored = database["things"].find_one({"_id": "t0"}) or {}
    assert stored["who"]["name"]["mask"] == "谢**"
    assert "谢测" not in repr(stored)
    with pytest.raises(Exception, match="cannot encode"):
        Home(database).collection("things").insert_one({"who": Secret.name("谢测001")})


def test_everything_is_sealed_with_the_newest_key_and_nothing_is_lost(database: Stored) -> None:
    filled(database)
    check(database, MARKED, BEFORE)
    said: list[str] = []
    assert reseal(database, MARKED, DURING, said.append)
    assert names(database, AFTER) == ["李测000", *(f"谢测{n:03}" for n in range(7))]
    assert AFTER.open((database["letters"].find_one() or {})["text"]) == "a note"
    assert "9 texts sealed anew" in said[0]
    check(database, MARKED, AFTER)
    again: list[str] = []
    assert reseal(database, MARKED, DURING, again.append)
    assert ", 0 texts sealed anew" in again[0]


def test_keys_that_open_nothing_are_told_apart_before_anything_is_served(database: Stored) -> None:
    filled(database)
    with pytest.raises(WrongKeys):
        check(database, MARKED, AFTER)
    check(database, MARKED, BEFORE)
    check(database, MARKED, DURING)
    with pytest.raises(WrongKeys):
        check(database, MARKED, AFTER)


def test_what_is_written_back_as_it_was_read_is_sealed_with_the_newest_key(database: Stored) -> None:
    filled(database, plain=0, sealed=1)
    found = (database["things"].find_one({"_id": "t0"}) or {})["who"]["name"]
    things = Home(database, sealer=DURING).collection("things")
    things.update_one({"_id": "t0"}, {"$set": {"who": {"name": Secret.kept(found, masked_name)}}})
    assert names(database, AFTER) == ["谢测000"]


def test_a_key_is_tried_on_whatever_element_of_a_list_is_sealed(database: Stored) -> None:
    marked = Marked("things", "parties.name", "a name", masked_name)
    parties = [{"name": None}, {"name": Secret.name("谢测001")}]
    Home(database, sealer=BEFORE).collection("things").insert_one({"_id": "t", "parties": parties})
    with pytest.raises(WrongKeys):
        check(database, [marked], AFTER)


def test_the_older_key_is_needed_until_everything_is_sealed_anew(database: Stored) -> None:
    filled(database)
    check(database, MARKED, DURING)
    with pytest.raises(WrongKeys):
        check(database, MARKED, AFTER)


def broken_off(after: int) -> Callable[..., Any]:
    go_on, lots = resealing._renew, iter(range(after))

    def renew(*arguments: Any) -> None:
        if next(lots, None) is None:
            raise KeyboardInterrupt
        go_on(*arguments)

    return renew


def test_broken_off_it_goes_on_where_it_was(database: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(database, sealed=11)
    check(database, MARKED, BEFORE)
    with monkeypatch.context() as broken:
        broken.setattr(resealing, "_renew", broken_off(3))
        with pytest.raises(KeyboardInterrupt):
            reseal(database, MARKED, DURING, quiet)
    with pytest.raises(WrongKeys):
        names(database, AFTER)
    said: list[str] = []
    assert reseal(database, MARKED, DURING, said.append)
    assert len(names(database, AFTER)) == 12
    assert "8 documents seen" in said[0]


def test_what_somebody_writes_meanwhile_is_neither_lost_nor_left_behind(
    database: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(database)
    check(database, MARKED, BEFORE)
    go_on, late = resealing._renew, [BEFORE.close("a later note")]

    def renew(collection: Any, found: Any, *rest: Any) -> None:
        if collection.name == "letters" and late:
            database["letters"].update_one({"_id": "l"}, {"$set": {"text": late.pop()}})
        go_on(collection, found, *rest)

    monkeypatch.setattr(resealing, "_renew", renew)
    assert reseal(database, MARKED, DURING, quiet)
    assert AFTER.open((database["letters"].find_one() or {})["text"]) == "a later note"


def test_what_no_key_opens_is_named_and_the_older_keys_are_still_needed(database: Stored) -> None:
    filled(database)
    check(database, MARKED, BEFORE)
    lost = Sealer(Fernet.generate_key().decode()).close("lost")
    database["letters"].insert_one({"_id": "m", "text": lost})
    said: list[str] = []
    assert not reseal(database, MARKED, DURING, said.append)
    assert "letters m: no key opens text\n" in said
    with pytest.raises(WrongKeys):
        check(database, MARKED, AFTER)
