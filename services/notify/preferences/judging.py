"""Whether a message goes out now, later, with others, or not at all; no network and no store."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from notify.preferences.kinds import Kind
from notify.preferences.preference import Preference

MOST_AN_HOUR = 20
"""What nobody has to hear is not sent more often to one person: it waits for the next hour."""

AT_NIGHT = 5
"""From how many messages in an hour on changes of a sign-in wait for quiet hours to end: whoever was told so often
knows, and nobody is to be kept awake by an account that is changed again and again."""

HOUR = timedelta(hours=1)

QUIET = "quiet"
"""Why a message waits for the end of quiet hours."""


@dataclass(frozen=True)
class Candidate:
    """What of a message decides: what is urgent passes everything, what is mandatory all but quiet hours."""

    kind: Kind
    mandatory: bool
    urgent: bool


@dataclass(frozen=True)
class Verdict:
    """Send it now, or no earlier than `later` because of `why`; `gathered` with whatever else waits for the digest."""

    later: datetime | None = None
    why: str | None = None
    gathered: bool = False


NOW = Verdict()


def verdict(candidate: Candidate, wish: Preference, sent_lately: int, now: datetime) -> Verdict:
    """What becomes of a message to somebody who was `sent_lately` so many in the hour before now.

    Nothing is dropped here: what is put off is looked at again when its time has come.
    """
    if candidate.urgent and (candidate.kind is not Kind.SIGN_IN or sent_lately < AT_NIGHT):
        return NOW
    if wish.quiet and (end := wish.quiet.until(wish.local(now))):
        return Verdict(end, QUIET)
    if candidate.mandatory:
        return NOW
    if candidate.kind in wish.gathered:
        return Verdict(wish.next_digest(now), "gathered", gathered=True)
    return Verdict(now + HOUR, "capped") if sent_lately >= MOST_AN_HOUR else NOW
