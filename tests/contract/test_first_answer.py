"""From what cases tells to what notify makes of it: nobody who reported something is left without a word."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest

from cases.act import Act
from cases.category import published
from notify.notices.audience import Audience
from notify.notices.case_notice import notices
from notify.notices.case_schemas import case_event
from notify.notices.notice import NoticeDraft
from tests.unit.cases import play as stage
from tests.unit.cases.play import DISPATCHER, RESIDENT, WORKER, Play

AROUND = Audience(grid_workers=("p-grid",), dispatchers=("p-desk",), agency=("p-desk",), office=("p-admin",))
CATEGORIES = sorted(next(iter(published().values())).categories)
OTHER = {"name": "谢测001", "phone": "12000000001", "callback": "visit", "consent": True}


def drafts(play: Play) -> list[NoticeDraft]:
    """Every message that the events of the play cause."""
    events = (SimpleNamespace(id=each.id, type=each.type, time=each.at, data=dict(each.data)) for each in play.history)
    return [draft for event in events for draft in notices(case_event(event), AROUND)]  # type: ignore[arg-type]


def first_word(play: Play, who: str, *templates: str) -> datetime | None:
    """When the first of these messages, or any, is for this person."""
    found = [one.at for one in drafts(play) if one.recipient == who and (not templates or one.template in templates)]
    return min(found, default=None)


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_reporter_hears_something_within_the_respond_limit(category: str) -> None:
    """F39: whatever it is, and whatever nobody does."""
    play = stage.registered(category=category)
    limit = play.case.dues.respond_due
    play.wait_until("04-30 18:00")
    heard = first_word(play, RESIDENT.id)
    assert limit
    assert heard
    assert heard <= limit


def waiting(play: Play) -> Play:
    """Nobody does anything any more."""
    return play.wait_until("04-30 18:00")


@pytest.mark.parametrize(
    "build",
    [
        lambda: stage.registered(who=WORKER, on_behalf_of=OTHER),
        lambda: stage.dispatched(who=WORKER, on_behalf_of=OTHER),
        lambda: stage.offered(who=WORKER, on_behalf_of=OTHER),
    ],
)
def test_for_who_has_no_account_a_worker_is_told_what_to_say(build: Callable[[], Play]) -> None:
    """F39, F56: the word goes through a worker, within the respond limit too."""
    play = waiting(build())
    heard = first_word(play, "p-grid", "tell_by_hand")
    assert heard
    assert play.case.dues.respond_due
    assert heard <= play.case.dues.respond_due


def test_who_has_heard_only_that_the_report_came_in_hears_at_the_limit_that_it_is_followed_up() -> None:
    """F39: the receipt is no answer; without one by the limit something is said then."""
    play = waiting(stage.dispatched())
    assert first_word(play, RESIDENT.id, "still_working") == play.case.dues.respond_due


def test_a_report_that_is_registered_after_its_limit_is_answered_at_once() -> None:
    """F39: the limit counts from the report, not from when the desk looks at it."""
    play = stage.opened().at("03-13 09:00").do(Act.REGISTER, DISPATCHER).ring()
    assert first_word(play, RESIDENT.id, "still_working") == play.now
