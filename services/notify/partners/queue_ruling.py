"""What the broker's answer to a put into a partner's queue means, and what happens next; no network and no store."""

from datetime import datetime, timedelta

from notify.partners.delivery import Ruling, State
from notify.webhooks.webhook import FAILING_LIMIT, Answer, Meaning, meaning

FULL, MISSING, AWAY, UNTOLD = "queue_full", "queue_missing", "broker_away", "broker_not_told"

OURS = frozenset({AWAY, UNTOLD})
"""What no partner can help, and is no failure of its queue."""

PAUSES = {FULL: timedelta(seconds=15), AWAY: timedelta(seconds=5), UNTOLD: timedelta(seconds=15)}
"""When to try again. The subscription as a whole waits so long: the queue is the same for all of its events."""


def queue_ruling(failing_since: datetime | None, answer: Answer, now: datetime) -> Ruling:
    """What `answer` means for an event: what a full queue refuses waits, however often.

    A queue that has been full for days, or that is gone, disables the subscription. A broker that is away is nobody's
    fault but ours and disables nothing.
    """
    if meaning(answer) is Meaning.DELIVERED:
        return Ruling(State.DELIVERED)
    if answer.error == MISSING:
        return Ruling(State.PARKED, disable=MISSING)
    failing = answer.error == FULL and failing_since is not None and now - failing_since >= FAILING_LIMIT
    return Ruling(State.PENDING, now + PAUSES[answer.error or AWAY], disable="failing" if failing else None)


def queue_ruling_on_test(answer: Answer, now: datetime) -> Ruling:
    """What `answer` means for a new subscription: it waits until its queue is there, however long that takes."""
    if meaning(answer) is Meaning.DELIVERED:
        return Ruling(State.DELIVERED)
    return Ruling(State.PENDING, now + PAUSES.get(answer.error or AWAY, PAUSES[UNTOLD]))
