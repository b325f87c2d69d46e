"""What readers get to see of notices."""

from collections.abc import Mapping
from typing import Any

from chassis.instant import written_or_none
from notify.notices.notice import Notice
from notify.wording.wording import Wording

Answer = dict[str, Any]


def notice(found: Notice, names: Mapping[str, str], wording: Wording) -> Answer:
    """A notice with its text in every language."""
    return {
        "notice_id": found.id,
        "template": found.template,
        "event_id": found.event_id,
        "case_id": found.case_id,
        "number": found.number,
        "demand_id": found.facts.get("demand_id"),
        "session_id": found.facts.get("session_id"),
        "activity_id": found.facts.get("activity_id"),
        "call_id": found.facts.get("call_id"),
        "unreached_id": found.facts.get("unreached_id"),
        "at": written_or_none(found.at),
        "mandatory": found.mandatory,
        "unread": found.unread,
        "read_at": written_or_none(found.read_at),
        "texts": wording.texts(found.template, found.facts, names),
    }
