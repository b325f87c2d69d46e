"""Photos for everybody: of which cases, by whom, and only after looking."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cases.act import Act
from cases.releases.release import CHECKS, check_releasable, check_releases, is_for_everybody
from cases.releases.schemas import PublicPhotoSchema, ReleaseSchema
from chassis.errors import Refusal
from chassis.schema import load
from tests.unit.cases import play as stage
from tests.unit.cases.play import ADMIN, AT, DISPATCHER, INSPECTOR, OTHER_DISTRICT, RESIDENT, WORKER, Play, caller

SHOWN = "photo-of-report"
Build = Callable[[], Play]


def with_photo(play: Play, *, internal: bool = False) -> Play:
    """The case with a photo in what was reported."""
    first, *others = play.case.remarks
    play.case = replace(play.case, remarks=(replace(first, photos=(SHOWN,), internal=internal), *others))
    return play


def code_of(action: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as refused:
        action()
    return refused.value.code


@pytest.mark.parametrize(
    "build", [stage.registered, stage.dispatched, stage.resolved, stage.closed], ids=lambda build: build.__name__
)
def test_a_photo_of_an_ordinary_registered_case_may_be_released(build: Build) -> None:
    assert is_for_everybody(with_photo(build()).case, SHOWN)


@pytest.mark.parametrize(
    "build",
    [
        stage.opened,
        stage.rejected,
        lambda: stage.opened(category=None),
        lambda: stage.registered(category="0701"),
        lambda: stage.registered().do(Act.CORRECT, DISPATCHER, category="0806"),
        lambda: stage.registered(complained_unit_id="u-property"),
    ],
    ids=["waiting", "rejected", "without category", "dispute", "turned out to be sensitive", "complaint"],
)
def test_of_what_is_not_for_everybody_no_photo_is(build: Build) -> None:
    case = with_photo(build()).case
    assert code_of(lambda: check_releasable(case, SHOWN)) == "photo_not_for_everybody"


def test_what_staff_keep_to_themselves_is_not_released() -> None:
    assert not is_for_everybody(with_photo(stage.registered(), internal=True).case, SHOWN)


def test_a_photo_of_another_case_is_none_of_this_one() -> None:
    assert not is_for_everybody(with_photo(stage.registered()).case, "photo-of-another")


def test_of_a_case_whose_people_are_forgotten_nothing_is_for_everybody() -> None:
    case = with_photo(stage.closed()).case
    assert is_for_everybody(case, SHOWN)
    assert not is_for_everybody(replace(case, forgotten_at=AT), SHOWN)


def test_a_dispatcher_of_the_place_releases_and_nobody_else() -> None:
    case = stage.registered().case
    assert check_releases(case, DISPATCHER) == "dispatcher"
    far = caller("p-far", "dispatcher", scope=OTHER_DISTRICT)
    for who in (RESIDENT, WORKER, INSPECTOR, ADMIN, far, caller("p-party", "party_office", scope="360704")):
        assert code_of(lambda who=who: check_releases(case, who)) == "not_permitted", who  # type: ignore[misc]


def test_nobody_of_the_unit_that_a_case_is_about_releases_a_photo_of_it() -> None:
    case = stage.registered(complained_unit_id="u-property").case
    own = caller("p-desk", "dispatcher", scope="360704", unit="u-property")
    assert code_of(lambda: check_releases(case, own)) == "not_permitted"


@pytest.mark.parametrize("left_out", CHECKS)
def test_who_has_not_looked_for_everything_is_told_what_is_left(left_out: str) -> None:
    said = {"photo_id": SHOWN, "free_of": [check for check in CHECKS if check != left_out]}
    with pytest.raises(Refusal) as refused:
        load(ReleaseSchema(), said)
    [fault] = refused.value.details["errors"]
    assert (fault["pointer"], fault["detail"]) == ("/free_of", f"Look for these too: {left_out}.")


@pytest.mark.parametrize("free_of", [None, "faces", ["faces", "plates", "house_numbers", "cats"], [*CHECKS, "faces"]])
def test_what_was_looked_for_is_said_by_its_codes(free_of: Any) -> None:
    assert code_of(lambda: load(ReleaseSchema(), {"photo_id": SHOWN, "free_of": free_of})) == "invalid"


def test_everybody_gets_it_in_a_small_size_only() -> None:
    assert load(PublicPhotoSchema(), {"photo_id": SHOWN})["size"] == "medium"
    assert code_of(lambda: load(PublicPhotoSchema(), {"photo_id": SHOWN, "size": "full"})) == "invalid"
