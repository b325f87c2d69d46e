"""People hear what becomes of their hours, stars and certificates, from the samples that members makes."""

from pathlib import Path
from typing import Any

import pytest

from chassis.event import Malformed
from notify.notices.hours_notice import HOURS, notices
from notify.notices.hours_schemas import hours_event
from notify.notices.notice import NoticeDraft
from notify.notices.rule import Reach
from notify.wording.wording import texts
from tests.unit.notify.samples import sample

SAMPLES = Path(__file__).parents[2] / "contract" / "events"
KINDS = ("service_record", "star", "certificate")


def told(type: str, **changes: Any) -> NoticeDraft:
    [draft] = notices(hours_event(sample(SAMPLES / f"{type}.json", **changes)))
    return draft


def test_every_event_is_told_for_what_nobody_hears_is_not_sent() -> None:
    assert {path.stem for kind in KINDS for path in SAMPLES.glob(f"{kind}.*.json")} == HOURS.keys()


@pytest.mark.parametrize("type", sorted(HOURS))
def test_its_person_alone_hears_of_it_and_cannot_decline(type: str) -> None:
    draft = told(type)
    assert (draft.recipient, draft.template, draft.mandatory) == ("p-member", HOURS[type][0], True)
    assert draft.facts.keys().isdisjoint({"person_id", "by", "reason"})


def test_what_counts_as_was_expected_stays_in_the_inbox() -> None:
    assert {type for type in HOURS if told(type).reach is Reach.INBOX} == {"service_record.approved"}


@pytest.mark.parametrize(
    ("type", "words"),
    [
        ("service_record.approved", ("扮靓周四：清扫楼道", "2026-03-12")),
        ("service_record.refused", ("扮靓周四：清扫楼道", "2026-03-12")),
        ("service_record.corrected", ("扮靓周四：清扫楼道", "2026-03-12")),
        ("service_record.kept", ("扮靓周四：清扫楼道", "2026-03-12")),
        ("star.offered", ("1", "100")),
        ("certificate.superseded", ("V360704-20260312-7K3F9Q",)),
        ("certificate.revoked", ("V360704-20260312-7K3F9Q",)),
    ],
)
def test_every_message_says_what_it_is_about_in_both_languages(type: str, words: tuple[str, ...]) -> None:
    draft = told(type)
    for each in texts(draft.template, draft.facts, {}).values():
        said = each["title"] + each["body"]
        assert each["title"]
        assert each["body"]
        assert all(word in said for word in words)
        assert "None" not in said


def test_an_event_that_does_not_say_whose_it_is_is_parked() -> None:
    with pytest.raises(Malformed):
        hours_event(sample(SAMPLES / "star.offered.json", person_id=None))
