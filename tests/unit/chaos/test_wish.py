"""What the fault suite holds a partner to be allowed is what docs/domain.md §5 says, filter by filter."""

from typing import Any

import pytest

from tests.chaos.matters import MATTERS, body
from tests.chaos.partners.cast import WISHES
from tests.chaos.partners.wish import Happened, Wish, happened, may_have

DATA: dict[str, Any] = {
    "restricted": False,
    "complained_unit_id": None,
    "grid_code": "360704100002001",
    "category": "0101",
    "assignees": [{"id": "u-one", "kind": "unit"}, {"id": "p-two", "kind": "person"}],
}


def event(type: str = "case.noted", *, registered: bool = True, **data: Any) -> Happened:
    return Happened("e1", type, DATA | data, registered)


@pytest.mark.parametrize(
    ("wish", "given", "allowed"),
    [
        (Wish(), event(), True),
        (Wish(), event(registered=False, category=None), True),
        (Wish(), event(restricted=True), False),
        (Wish(types=("case.noted",)), event(), True),
        (Wish(types=("case.reported",)), event(), False),
        (Wish(grid_prefix="360704100002"), event(), True),
        (Wish(grid_prefix="360704100007"), event(), False),
        (Wish(categories=("03", "01")), event(), True),
        (Wish(categories=("03",)), event(), False),
        (Wish(categories=("03",)), event(category=None), False),
        (Wish(participant="u-one"), event(), True),
        (Wish(participant="u-other"), event(), False),
        (Wish(participant="p-two"), event(), False),
        (Wish(unit="u-other"), event(), True),
        (Wish(unit="u-other"), event(registered=False), False),
        (Wish(unit="u-one"), event(complained_unit_id="u-one"), False),
        (Wish(), event(complained_unit_id="u-one"), True),
    ],
)
def test_a_partner_may_have_what_is_inside_its_filters_and_scope(wish: Wish, given: Happened, allowed: bool) -> None:
    assert may_have(wish, given) is allowed


def test_a_case_is_registered_from_that_entry_on() -> None:
    history = [{"id": f"e{n}", "type": f"case.{act}", "data": {}} for n, act in enumerate(("reported", "registered"))]
    assert [each.registered for each in happened(history)] == [False, True]


def test_a_request_says_what_was_wished_and_not_whose_it_is() -> None:
    wish = Wish(categories=("01",), participant="u-one", unit="u-one")
    assert wish.asked() == {"types": ["case.*"], "categories": ["01"], "participant_id": "u-one"}


def test_a_command_that_is_repeated_says_the_same_and_the_load_has_every_matter() -> None:
    assert body("report", None, "k1") == body("report", None, "k1")
    said = [body("register", f"case-{n}", "k")["category"] for n in range(100)]
    assert set(said) == {matter.category for matter in MATTERS}


def test_the_partners_differ_in_every_filter() -> None:
    wishes = [wish for _, wish in WISHES.values()]
    for name in ("types", "grid_prefix", "categories", "participant", "unit"):
        assert len({getattr(wish, name) for wish in wishes}) > 1, name
