"""Counting what has moved, lot by lot: each version of a case counts once, wherever a process may die."""

import structlog

from cases.indicators.store import IndicatorStore
from chassis.crash import crash_point
from chassis.outbox import StaleVersion

LOT = 200
MOST_LOTS = 50
"""Lots of one round; what is left waits for the next."""

log = structlog.get_logger()


def count_what_waits(store: IndicatorStore, lots: int = MOST_LOTS) -> int:
    """Count what waits, at most so many lots; how many cases there were.

    Counters and lines change together; only then a case stops waiting. Who dies in between leaves cases that wait and
    are counted already, to which the next round adds nothing.
    """
    seen = 0
    for _ in range(lots):
        cases = store.waiting(LOT)
        try:
            store.count(cases)
        except StaleVersion:
            # Another process counts the same lot. One of the two goes on, and this one comes again.
            log.info("counted elsewhere", cases=len(cases))
            return seen
        crash_point("counted")
        store.counted(cases)
        seen += len(cases)
        if len(cases) < LOT:
            break
    return seen
