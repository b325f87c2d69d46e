"""The samples that publisher and subscribers share: cases makes exactly these, and reads what members makes."""

import json
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema

from cases.compound_pages.schemas import ServiceDayHeardSchema
from cases.heard import AreaHeard, CompoundHeard, GridHeard, LeaverHeard, NeedHeard, UnitHeard
from cases.moves.table import EVENT_TYPES
from chassis.schema import load
from tests.unit.cases import play as stage
from tests.unit.cases.samples import FOLDER, samples

HEARD: dict[str, Schema] = {
    "grid.opened": GridHeard(),
    "grid.changed": GridHeard(),
    "compound.registered": CompoundHeard(),
    "compound.changed": CompoundHeard(),
    "unit.registered": UnitHeard(),
    "unit.changed": UnitHeard(),
    "unit.closed": UnitHeard(),
    "area.opened": AreaHeard(),
    "area.changed": AreaHeard(),
    "person.left": LeaverHeard(),
    "person.erased": LeaverHeard(),
    "need.stated": NeedHeard(),
    "rotation.planned": ServiceDayHeardSchema(),
}

MADE = samples()


def read(path: Path) -> dict[str, Any]:
    sample: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return sample


def test_there_is_one_sample_of_each_event_of_a_case() -> None:
    assert {path.stem for path in FOLDER.glob("case.*.json")} == EVENT_TYPES == set(MADE)


@pytest.mark.parametrize("type_", sorted(EVENT_TYPES))
def test_the_rules_make_exactly_what_the_sample_shows(type_: str) -> None:
    assert read(FOLDER / f"{type_}.json") == MADE[type_]


@pytest.mark.parametrize("type_", sorted(HEARD))
def test_what_members_tells_can_be_read(type_: str) -> None:
    assert load(HEARD[type_], read(FOLDER / f"{type_}.json")["data"])


def test_no_event_carries_words_names_or_phones() -> None:
    spoken = {str(said["text"]) for said in stage.EXAMPLES.values() if "text" in said}
    contact = {"name": "谢测001", "phone": "12000000001", "callback": "voice", "consent": True}
    play = stage.opened(stage.WORKER, on_behalf_of=contact, text="电话12000000001,谢测001")
    told = json.dumps([*MADE.values(), *(dict(entry.data) for entry in play.history)], ensure_ascii=False)
    assert not [text for text in (*spoken, "12000000001", "谢测") if text in told]


def test_an_anonymous_reporter_is_in_no_event() -> None:
    play = stage.opened(anonymous=True)
    assert "p-xie" not in json.dumps(dict(play.last.data))
    assert play.last.by == {"id": None, "role": "resident"}
