"""What somebody gets to see of what is kept of them, in their own copy."""

from typing import Any

from chassis.instant import written, written_or_none
from notify.messages.message import Message
from notify.notices.notice import Notice

Answer = dict[str, Any]


def notice(found: Notice) -> Answer:
    """What they were told, in codes; the inbox has its words."""
    return {
        "notice_id": found.id,
        "template": found.template,
        "case_id": found.case_id,
        "number": found.number,
        "grid_code": found.grid_code,
        "at": written(found.at),
        "read_at": written_or_none(found.read_at),
    }


def message(found: Message) -> Answer:
    """How a notice went out to them, with each try."""
    return {
        "notice_id": found.notice_id,
        "template": found.template,
        "state": found.state.value,
        "made_at": written(found.made_at),
        "sent_at": written_or_none(found.sent_at),
        "tries": [
            {"at": written(each.at), "channel": each.kind, "outcome": each.outcome.value} for each in found.attempts
        ],
    }
