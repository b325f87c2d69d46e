"""Recounting everything step by step, so that no step takes long: the cases, what is open, then day after day."""

from typing import Any

from cases.indicators.recount_store import RecountStore
from chassis.records import again_when_stale

CASES_AT_ONCE = 200
DAYS_AT_ONCE = 10

CASES, OPEN, DAYS = "cases", "open", "days"


def step(store: RecountStore, after: str, *, dry: bool = False) -> dict[str, Any]:
    """One step: `{next, cases, lines, counters}`, how many cases were seen and how many lines and counters put right.

    `next` is `after` of the step that follows, None after the last. With `dry` nothing is put right: counters are then
    compared with the lines as they are. Refuses `busy_try_again` when the service counts the same again and again
    meanwhile.
    """
    stage, _, place = (after or f"{CASES} ").partition(" ")
    return {CASES: _of_cases, OPEN: _of_open, DAYS: _of_days}[stage](store, place, dry=dry)


def _of_cases(store: RecountStore, after: str, *, dry: bool) -> dict[str, Any]:
    found = again_when_stale(lambda: store.recount_cases(after, CASES_AT_ONCE, dry=dry))
    goes_on = f"{OPEN} " if found["next"] is None else f"{CASES} {found['next']}"
    return {**found, "next": goes_on, "counters": 0}


def _of_open(store: RecountStore, after: str, *, dry: bool) -> dict[str, Any]:
    """What is open in the district that follows."""
    tenant = store.next_tenant(after)
    if not tenant:
        return {"next": f"{DAYS} ", "cases": 0, "lines": 0, "counters": 0}
    wrong = again_when_stale(lambda: store.recount_open(tenant, dry=dry))["counters"]
    return {"next": f"{OPEN} {tenant}", "cases": 0, "lines": 0, "counters": wrong}


def _of_days(store: RecountStore, place: str, *, dry: bool) -> dict[str, Any]:
    tenant, _, day = place.partition(" ")
    wrong, at = 0, (tenant or store.next_tenant(""), day)
    for _ in range(DAYS_AT_ONCE):
        found = store.next_day(*at)
        if found is None:
            return {"next": None, "cases": 0, "lines": 0, "counters": wrong}
        at = found
        wrong += _of_day(store, *at, dry=dry)
    return {"next": f"{DAYS} {at[0]} {at[1]}", "cases": 0, "lines": 0, "counters": wrong}


def _of_day(store: RecountStore, tenant: str, day: str, *, dry: bool) -> int:
    return int(again_when_stale(lambda: store.recount_day(tenant, day, dry=dry))["counters"])
