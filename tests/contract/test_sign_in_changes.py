"""Each change of a sign-in that members tells has its words in notify, and none is for partners."""

import pytest

from members.people.sign_in_change import SignInChange
from members.people.store import SIGN_IN_CHANGED
from notify.notices.sign_in_notice import CHANGED
from notify.partners.schemas import EVENT_TYPES
from notify.wording.catalogue import codes
from notify.wording.wording import LANGUAGES
from tests.unit.docs.pages import ROOT, section


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_change_is_called_something(language: str) -> None:
    assert codes("sign_in_change", language) == {each.value for each in SignInChange}


def test_the_page_of_events_names_each() -> None:
    told = section(ROOT / "docs/events.md", "## Events of members")
    assert [each for each in SignInChange if f"`{each}`" not in told] == []


def test_notify_hears_of_it_and_no_partner_can_ask_for_it() -> None:
    assert CHANGED == SIGN_IN_CHANGED
    assert SIGN_IN_CHANGED not in EVENT_TYPES
