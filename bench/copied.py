"""Events of cases in any number: copies of those that played cases have caused, each with a case of its own."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from bench.played import SEED, played
from bench.stage import Stage
from cases.category import in_force
from cases.moves.table import EVENT_TYPES
from cases.number import CHANCES, number
from chassis.event import Event, encoded
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import event_of
from members.demo.district import district
from notify.events.schemas import logged_event
from notify.events.store import EventLog

PATTERNS = 100
TENANT = "360704"
MEMBERS = (5, 3000)
"""Running numbers of the demo's in-service members, who report as residents."""

SIDE_BY_SIDE = 300
"""So many cases are under way at the same time."""

WITH_UNIT = 0.5
"""The share of cases that a unit has, and no person."""

DAYS = 80
"""The log goes back so far; what is older than 90 days is removed."""

BATCH = 1_000
Story = list[Event]


class Copyist:
    """Tells of cases like those that were played: each has ids, a place, a kind, a reporter and maybe a unit anew."""

    def __init__(self, stage: Stage) -> None:
        self._dice = random.Random(SEED)  # noqa: S311 - data, no secret
        self._patterns = _played(stage)
        self.grids = sorted({each.grid_code for each in district().compounds})
        self.units = [each.id for each in district().units]
        now = in_force(datetime.now(UTC)).categories.values()
        self.categories = sorted(kind.code for kind in now if not kind.restricted)

    def events(self) -> Iterator[Event]:
        """One after the other for ever: those of a case in their order, of many cases side by side."""
        under_way = [self._story() for _ in range(SIDE_BY_SIDE)]
        while True:
            place = self._dice.randrange(SIDE_BY_SIDE)
            yield under_way[place].pop(0)
            under_way[place] = under_way[place] or self._story()

    def _story(self) -> Story:
        case_id, dice = new_id(), self._dice
        own = {
            "case_id": case_id,
            "number": number(TENANT, datetime.now(UTC), dice.randrange(CHANCES)),
            "grid_code": dice.choice(self.grids),
            "reporter_id": f"p-member-{dice.randint(*MEMBERS):04d}",
        }
        category = dice.choice(self.categories)
        unit = {"id": dice.choice(self.units), "kind": "unit"} if dice.random() < WITH_UNIT else {}
        return [_copy(event, own, category, unit) for event in dice.choice(self._patterns)]


def fill(stage: Stage, copyist: Copyist, wanted: int) -> None:
    """Log so many events, as if they had come in over the last months."""
    log, events = EventLog(Home(stage.client["notify"])), copyist.events()
    begin, between = datetime.now(UTC) - timedelta(days=DAYS), timedelta(days=DAYS) / wanted
    for done in range(0, wanted, BATCH):
        at = begin + done * between
        batch = islice(events, min(BATCH, wanted - done))
        log.append([logged_event(replace(each, time=at)) for each in batch], at)
        if done % 100_000 == 0:
            stage.told(f"{done:,} events logged")


def _copy(event: Event, own: dict[str, str], category: str, unit: dict[str, str]) -> Event:
    data = {**event.data, **own}
    if data["category"]:
        data["category"] = category
    data["assignees"] = [{**one, **unit} for one in data["assignees"]]
    key = f"{own['grid_code']}.{category}"
    return replace(event, id=new_id(), subject=f"case/{own['case_id']}", data=data, body=encoded(data), key=key)


def _played(stage: Stage) -> list[Story]:
    """What cases tell of that were played by the rules of the service."""
    with played(stage, PATTERNS) as cases:
        return [
            [event_of("cases", "case", case["_id"], entry) for entry in case["history"] if entry["type"] in EVENT_TYPES]
            for case in cases.find()
        ]
