"""What an office gets to see of messages: ids, times and codes, no name, address or text."""

from collections.abc import Mapping
from typing import Any

from chassis.instant import written, written_or_none
from notify.messages.message import Attempt, Message, State
from notify.messages.resending import Resending, done

Answer = dict[str, Any]


def message(found: Message) -> Answer:
    """A message with each try."""
    return {
        "message_id": found.id,
        "notice_id": found.notice_id,
        "person_id": found.person_id,
        "case_id": found.case_id,
        "template": found.template,
        "mandatory": found.mandatory,
        "urgent": found.urgent,
        "state": found.state.value,
        "why": found.why,
        "channel": found.via,
        "made_at": written(found.made_at),
        "due_at": written(found.due_at) if found.state is State.DUE else None,
        "sent_at": written_or_none(found.sent_at),
        "resent_at": written_or_none(found.resent_at),
        "attempts": [attempt(each) for each in found.attempts],
    }


def attempt(made: Attempt) -> Answer:
    """One try; `answer` is what the provider calls the message, or a code of what is wrong."""
    return {
        "at": written(made.at),
        "channel": made.kind,
        "provider": made.channel,
        "outcome": made.outcome.value,
        "answer": made.answer,
    }


def resending(found: Resending, states: Mapping[State, int]) -> Answer:
    """How far it has come: how many of the messages are where now."""
    return {
        "resending_id": found.id,
        "asked_at": written(found.asked_at),
        "messages": len(found.ids),
        "left": found.left,
        "states": {state.value: states.get(state, 0) for state in State},
        "done": done(states),
    }
