"""What tests of indicators have in common: who asks, for which month, and what counts if all is counted at once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pymongo.database import Database

from cases.act import Act
from cases.case import Case, Source
from cases.deadline import LOCAL
from cases.exclusion import Ground
from cases.indicators.counter import changed, difference
from cases.indicators.documents import counts_of, key_of
from cases.indicators.recount_store import RecountStore
from cases.indicators.recounting import step
from cases.indicators.store import COUNTERS
from cases.store import CaseStore
from cases.store.cases import Step
from cases.tally import tally
from chassis.caller import Caller
from tests.component.cases.staging import demo_grids
from tests.component.cases.test_case_store import entry
from tests.unit.cases import play as stage
from tests.unit.cases.play import Play, caller

Stored = Database[dict[str, Any]]
Kept = Callable[..., Play]

AUDITOR = caller("p-auditor", "auditor", scope="360704")
PROVINCE = caller("p-province", "auditor", scope="36")
MARCH = {"area": "360704", "from": "2026-03-01", "to": "2026-03-31"}
THIRD = "360704100012002"
MONTH = "2026-03"
RATED = {"solved": "yes", "satisfaction": 4}


GRIDS = tuple(grid.code for grid in demo_grids())


def each_of(parts: Mapping[str, Any], other: Any, digits: int = 15) -> dict[str, Any]:
    """Every grid of the district, or every community, with `other` where nothing counts."""
    return {**{code[:digits]: other for code in GRIDS}, **parts}


def move(cases: CaseStore, play: Play, act: Act, who: Caller, **fields: Any) -> None:
    before = play.case
    play.do(act, who, **fields)
    cases.save(Step(before, play.case, entry(play, f"{act}-{play.last.id}")))


def counters(database: Stored) -> Any:
    return changed({key_of(each): counts_of(each) for each in database[COUNTERS].find()})


def scratch(*cases: Case) -> Any:
    """What counts if all is counted at once, under the version that comes with the service."""
    return difference([], [tally(case, frozenset(Ground)) for case in cases])


def waiting(database: Stored) -> int:
    return database.cases.count_documents({"uncounted": {"$exists": True}})


def recounted(store: RecountStore) -> dict[str, int]:
    sums, after = {"cases": 0, "lines": 0, "counters": 0}, ""
    while after is not None:
        found = step(store, after)
        sums, after = {name: n + found[name] for name, n in sums.items()}, found["next"]
    return sums


def found(source: Source, day: str = "03-12", category: str = "0101") -> Play:
    """Reported by that way on that day, and registered."""
    at = datetime.fromisoformat(f"2026-{day}T19:40").replace(tzinfo=LOCAL)
    play = stage.registered(at=at, category=category)
    play.case = replace(play.case, source=source)
    return play
