"""Which grid holds a point, asked among as many polygons as a country has, and among the 18 of the demo."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice, product

from pymongo import WriteConcern

from bench.cpu import Meter
from bench.figures import Figure, Figures, Plot, cost_table
from bench.stage import Stage
from chassis.mongo import Home
from chassis.outbox import Entry
from chassis.setup import indexed
from members.demo.territory import OPENED, service_grids
from members.territory.grid import Grid, Level, announcement, holding
from members.territory.store import TerritoryStore

DISTRICTS, QUICK_DISTRICTS, GRIDS = 3_000, 40, 500
"""A country of 1.5 million grids; and a look at 20,000."""

COLUMNS, ROWS, BESIDE = 25, 20, 60
"""Grids of a district side by side and above one another, and districts beside one another."""

WEST, SOUTH, WIDE, HIGH = 105.0, 24.0, 0.008, 0.0072
"""Where the first one lies, and the size of a grid of the demo, in degrees."""

BATCH, LOOK_UPS, QUICK_LOOK_UPS, WARM_UP = 2_000, 4_000, 500, 500
PERCENTILES = (0.5, 0.95, 0.99)
SEED = 1
NOW = datetime(2026, 3, 31, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """How long each look-up took, in ms and in order, and what all of them cost in CPU ms each, by role."""

    waits: tuple[float, ...]
    cost: dict[str, float]

    def at(self, share: float) -> float:
        """The wait that so large a share of them did not exceed."""
        return self.waits[min(len(self.waits) - 1, int(share * len(self.waits)))]


def measure(stage: Stage) -> Figures:
    """Ask the store and the rule as the service does, one look-up after the other."""
    districts = QUICK_DISTRICTS if stage.options.quick else DISTRICTS
    few, many = _few(stage), _many(stage, districts)
    grids = service_grids()
    box = (grids[12].ring[0], grids[5].ring[2])
    small = _asked(stage, few, [(box[0][0], box[0][1], box[1][0], box[1][1], "360704")])
    large = _asked(stage, many, [_box(number) for number in range(districts)])
    return _figures(districts * GRIDS, small, large)


def _few(stage: Stage) -> TerritoryStore:
    store = indexed(stage.client["look_up_few"], TerritoryStore)
    store.grids.add(service_grids(), OPENED)
    return store


def _many(stage: Stage, districts: int) -> TerritoryStore:
    """The large map, its indexes made once all of it is there: that takes a third of the time."""
    home = Home(stage.client["look_up_many"])
    store = TerritoryStore(home)
    collection = store.grids.outbox.collection.with_options(write_concern=WriteConcern(1))
    grids = _grids(districts)
    for done, batch in enumerate(iter(lambda: list(islice(grids, BATCH)), []), 1):
        entries = ((grid, Entry("e", "grid.changed", OPENED, announcement(grid))) for grid in batch)
        documents = [
            # What lay for years has been told.
            store.grids.outbox.sealed(store.grids.written(grid), [entry]) | {"relayed": 1, "unrelayed": False}
            for grid, entry in entries
        ]
        collection.insert_many(documents, ordered=False)
        if done * BATCH % 100_000 < BATCH:
            stage.told(f"{done * BATCH:,} polygons stored")
    stage.told("making their indexes")
    return indexed(stage.client["look_up_many"], TerritoryStore)


def _grids(districts: int) -> Iterator[Grid]:
    for number in range(districts):
        west, south, _, _, tenant = _box(number)
        for n, (row, column) in enumerate(product(range(ROWS), range(COLUMNS)), 1):
            left, low = west + column * WIDE, south + row * HIGH
            right, high = west + (column + 1) * WIDE, south + (row + 1) * HIGH
            ring = ((left, low), (right, low), (right, high), (left, high), (left, low))
            yield Grid(f"{tenant}100{n:06d}", f"测试网格{n:03d}", "测试社区", Level.SERVICE, ring, OPENED)


def _box(number: int) -> tuple[float, float, float, float, str]:
    """West, south, east, north and code of a district."""
    row, column = divmod(number, BESIDE)
    west, south = WEST + column * COLUMNS * WIDE, SOUTH + row * ROWS * HIGH
    return west, south, west + COLUMNS * WIDE, south + ROWS * HIGH, f"{360_000 + number:06d}"


def _asked(stage: Stage, store: TerritoryStore, boxes: list[tuple[float, float, float, float, str]]) -> Asked:
    """Points anywhere in the country, each asked by somebody of its district."""
    wanted = QUICK_LOOK_UPS if stage.options.quick else LOOK_UPS
    dice = random.Random(SEED)  # noqa: S311 - spreads points, guards nothing
    stage.told(f"{wanted} look-ups")
    for _ in range(WARM_UP):
        _look_up(store, dice, boxes)
    meter = Meter({"database": [stage.mongod.process.pid]})
    meter.learn_idle(3)
    with meter.measured() as spent:
        mine = time.process_time()
        waits = sorted(_look_up(store, dice, boxes) for _ in range(wanted))
        mine = time.process_time() - mine
    return Asked(tuple(waits), {"store and rule": 1000 * mine / wanted, **spent.each(wanted)})


def _look_up(store: TerritoryStore, dice: random.Random, boxes: list[tuple[float, float, float, float, str]]) -> float:
    west, south, east, north, tenant = dice.choice(boxes)
    lon, lat = dice.uniform(west, east - WIDE / 100), dice.uniform(south, north - HIGH / 100)
    began = time.perf_counter()
    found = holding(store.grids_around(lon, lat, Level.SERVICE, [tenant], NOW), lon, lat, Level.SERVICE, NOW)
    took = 1000 * (time.perf_counter() - began)
    if not found.code.startswith(tenant):
        raise AssertionError(f"{lon}, {lat} of {tenant} was found in {found.code}")
    return took


def _figures(polygons: int, small: Asked, large: Asked) -> Figures:
    costs = {"18 polygons": small.cost, f"{polygons:,} polygons": large.cost}
    few, many = (sum(cost.values()) for cost in costs.values())
    p50, p95, p99 = (large.at(share) for share in PERCENTILES)
    shares = tuple(float(number) for number in range(100))
    return Figures(
        title="Grid of a point",
        conditions=f"{len(large.waits)} look-ups of random points, one after the other, by the store and the rule as "
        "members asks them, each within the district of who asks.",
        figures=(
            Figure(f"among {polygons:,} polygons, p95", p95, "ms", "≤ 20", p95 <= 20),
            Figure(f"among {polygons:,} polygons, p50", p50, "ms"),
            Figure(f"among {polygons:,} polygons, p99", p99, "ms"),
            Figure("among 18 polygons, p95", small.at(0.95), "ms"),
            Figure(f"CPU of a look-up among {polygons:,} polygons", many, "ms"),
            Figure("CPU against that among 18", many / few, "×"),
        ),
        tables=(cost_table("CPU of a look-up", costs),),
        plots=(
            Plot(
                name="look_up",
                title="Grid of a point",
                kind="lines",
                x_label="percent of the look-ups",
                y_label="ms",
                x=shares,
                series={
                    name: tuple(asked.at(share / 100) for share in shares)
                    for name, asked in zip(costs, (small, large), strict=True)
                },
            ),
        ),
    )
