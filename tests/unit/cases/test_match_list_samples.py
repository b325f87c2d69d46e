"""The samples of the events of the match lists, which notify reads: cases makes exactly these."""

import json

import pytest

from cases.match_lists import demand, project, resource
from tests.unit.cases.match_list_samples import samples
from tests.unit.cases.samples import FOLDER

MADE = samples()


def test_there_is_one_sample_of_each_event() -> None:
    kept = {path.stem for kind in ("demand", "resource", "project") for path in FOLDER.glob(f"{kind}.*.json")}
    assert kept == set(MADE) == demand.EVENT_TYPES | resource.EVENT_TYPES | project.EVENT_TYPES


@pytest.mark.parametrize("type_", sorted(MADE))
def test_the_rules_make_exactly_what_the_sample_shows(type_: str) -> None:
    assert json.loads((FOLDER / f"{type_}.json").read_text(encoding="utf-8")) == MADE[type_]


def test_no_sample_carries_words() -> None:
    assert not [text for text in ("充电", "增设") if text in json.dumps(list(MADE.values()), ensure_ascii=False)]
