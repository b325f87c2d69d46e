"""New-employment workers of the demo, the estimates of the office, and one door-knock round (docs/domain.md §8.2)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from members.demo.territory import DONGYUAN, OPENED
from members.demo.units import communities
from members.rounds.round import Address, Result, Round, Visit, area_of
from members.rounds.store import DIGITS
from members.territory.grid import Grid
from members.workers.census import Estimate
from members.workers.worker import PLATFORMS, Kind, Link, Worker

WORKERS = 1180
PARTY_RIDERS = 46
"""Riders who are Party members, each linked to an account where there is one: `p-rider-01` and so on."""

SHARES = {Kind.RIDER: 50, Kind.COURIER: 28, Kind.DRIVER: 15, Kind.STREAMER: 4, Kind.OTHER: 3}
ESTIMATED_FROM = date(2025, 7, 1)
KNOWN_OF_A_HUNDRED = 82
DOORS = 40
VISITED, NOBODY_TWICE = 36, 2
ROUND_ID = "round-demo-dongyuan"
VISITOR = "p-worker"


@dataclass(frozen=True)
class Census:
    """What the demo knows of workers, and of one round."""

    workers: Sequence[Worker]
    estimates: Sequence[Estimate]
    round: Round
    doors: Sequence[Address]


def census(grids: Sequence[Grid], accounts: Collection[str], chance: Random) -> Census:
    """Workers all over the district, an estimate for each community, and a round in 东源胜景.

    Riders are linked to such of their accounts as there are.
    """
    doors = list(_doors())
    opened = Round(ROUND_ID, "东源胜景敲门行动", area_of(doors, DIGITS), DOORS, OPENED, VISITOR)
    workers = list(_workers(grids, accounts, chance))
    return Census(workers, list(_estimates(grids, workers)), opened, doors)


def _workers(grids: Sequence[Grid], accounts: Collection[str], chance: Random) -> Iterator[Worker]:
    kinds = chance.choices(list(SHARES), list(SHARES.values()), k=WORKERS)
    homes = chance.choices(grids, [grid.population for grid in grids], k=WORKERS)
    for number, (kind, grid) in enumerate(zip(kinds, homes, strict=True), 1):
        since = OPENED + timedelta(days=chance.randint(0, 250))
        account = f"p-rider-{number:02d}"
        yield Worker(
            id=f"w-{number:04d}",
            nickname=f"工测{number:04d}",
            kind=Kind.RIDER if number <= PARTY_RIDERS else kind,
            platform=chance.choice(PLATFORMS),
            links=(Link(grid.code, since),),
            registered_at=since,
            person_id=account if account in accounts else None,
        )


def _estimates(grids: Sequence[Grid], workers: Sequence[Worker]) -> Iterator[Estimate]:
    for code in communities(grids):
        known = sum(worker.link.grid_code.startswith(code) for worker in workers)
        yield Estimate(code, ESTIMATED_FROM, round(known * 100 / KNOWN_OF_A_HUNDRED))


def _doors() -> Iterator[Address]:
    """Most were met, two were never in, and two nobody has knocked at yet."""
    at = OPENED + timedelta(days=14, hours=11)
    for n in range(DOORS):
        results = [Result.VISITED] if n < VISITED else [Result.NO_ANSWER] * 2 if n < VISITED + NOBODY_TWICE else []
        visits = [
            Visit(f"v-demo-{n + 1}-{m + 1}", result, at + timedelta(days=m, minutes=3 * n), VISITOR)
            for m, result in enumerate(results)
        ]
        id, building = f"{ROUND_ID}-{n + 1:05d}", f"{n * DONGYUAN.buildings // DOORS + 1}号楼"
        yield Address(id, ROUND_ID, n + 1, DONGYUAN.grid_code, building, n + 1, DONGYUAN.id, tuple(visits))
