"""One row of the tables from event to notices: for whom, which message, how far it goes, and when it holds."""

from dataclasses import dataclass
from enum import StrEnum

from notify.notices.audience import To


class Reach(StrEnum):
    """How far a notice goes: only into the inbox, or also out through a channel."""

    INBOX = "inbox"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Rule:
    """One row of the table, valid where the fact `when` holds; a `mandatory` one ignores opt-outs.

    `passes_on` is what the recipient is to tell somebody else: the template of the message that cannot be sent.
    """

    to: To
    template: str
    reach: Reach = Reach.OUTSIDE
    mandatory: bool = False
    when: str | None = None
    passes_on: str | None = None


def result(template: str, to: To = To.REPORTER) -> Rule:
    """The row of a message about an own case, which nobody can decline."""
    return Rule(to, template, mandatory=True)
