"""Whose sign-in changes is told what and when, and what to do if it was not them, from the sample of members."""

from pathlib import Path
from typing import Any

import pytest

from chassis.event import Malformed
from notify.notices.notice import NoticeDraft
from notify.notices.rule import Reach
from notify.notices.sign_in_notice import TEMPLATE, notices
from notify.notices.sign_in_schemas import sign_in_event
from notify.preferences.kinds import KIND_OF, MANDATORY
from notify.wording.catalogue import codes, label
from notify.wording.wording import LANGUAGES, text
from tests.unit.notify.samples import sample

SAMPLE = Path(__file__).parents[2] / "contract" / "events" / "person.sign_in_changed.json"
TO_DO = {
    "zh-CN": ("结束其他登录", "重新登录", "联系所在社区"),
    "en": ("end your other", "sign in anew", "community's office"),
}


def told(**changes: Any) -> NoticeDraft:
    [draft] = notices(sign_in_event(sample(SAMPLE, **changes)))
    return draft


def test_its_owner_alone_is_told_outside_too_and_cannot_decline() -> None:
    draft = told(by={"id": "p-admin", "role": "district_admin"})
    assert (draft.recipient, draft.template, draft.reach, draft.mandatory) == ("p-xie", TEMPLATE, Reach.OUTSIDE, True)
    assert KIND_OF[TEMPLATE] in MANDATORY
    assert draft.facts == {"sign_in_change": "password", "changed_at": "2026-03-12T11:46:00Z"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(codes("sign_in_change", "en")))
def test_every_change_is_told_in_both_languages_with_what_to_do(code: str, language: str) -> None:
    for channel in ("plain", "sms"):
        said = text(TEMPLATE, language, told(change=code).facts, {}, channel)
        assert str(label("sign_in_change", code, language)) in said.title
        assert all(each in said.body for each in ("2026-03-12 19:46", *TO_DO[language]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_change_that_is_not_known_here_the_owner_is_told_all_the_same(language: str) -> None:
    said = text(TEMPLATE, language, told(change="a passkey").facts, {})
    assert "passkey" not in str(said)
    assert "None" not in str(said)
    assert TO_DO[language][0] in said.body


def test_an_event_that_does_not_say_whose_it_is_is_parked() -> None:
    with pytest.raises(Malformed):
        told(person_id=None)
