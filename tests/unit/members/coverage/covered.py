"""An area in which everything is covered on a day, for tests to take something away from."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from members.coverage.checks import CHECKS, Result, result
from members.coverage.facts import (
    CensusFact,
    Facts,
    GridFact,
    GroupFact,
    OrganisationFact,
    PostFact,
    Ring,
    SiteFact,
    StationFact,
    UnitFact,
    VisitFact,
)

DAY = date(2026, 3, 31)
OPENED = date(2025, 7, 1)
ONE, TWO = "360704100002001", "360704100002002"
COMMUNITY = "360704100002"
BY_ID = {check.id: check for check in CHECKS}


def square(west: float, east: float, south: float = 25.86, north: float = 25.87) -> Ring:
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


def posts(grid: str) -> tuple[PostFact, ...]:
    holders = {"union_leader": f"leader-{grid[-1]}", "union_cadre": f"cadre-{grid[-1]}"}
    workers = {"community_worker": f"worker-{grid[-1]}"}
    return tuple(PostFact(grid, post, person, OPENED) for post, person in (holders | workers).items())


COMPOUND = SiteFact("c-1", "东源胜景小区", (115.005, 25.865))
UNMANAGED = SiteFact("c-2", "红金小区", (115.015, 25.865), managed=False, fallback="u-community-02")
COVERED = Facts(
    day=DAY,
    areas={"360704": "赣县区", "360704100": "城市社区", COMMUNITY: "高新社区"},
    communities=(COMMUNITY,),
    outline=(square(115.0, 115.02),),
    grids=(
        GridFact(ONE, "高新社区第一网格", "SERVICE", square(115.0, 115.01), OPENED, households=300),
        GridFact(TWO, "高新社区第二网格", "SERVICE", square(115.01, 115.02), OPENED, households=300),
    ),
    posts=posts(ONE) + posts(TWO),
    sites=(COMPOUND, UNMANAGED),
    organisations=(
        OrganisationFact("u-1", "测试企业", "enterprise", (ONE,)),
        OrganisationFact("u-2", "测试物业", "property_company", (ONE, TWO)),
    ),
    groups=tuple(
        GroupFact(code, "p-1", frozenset({"police", "medic", "in_service_member", "volunteer"}), DAY)
        for code in (ONE, TWO)
    ),
    stations=(StationFact("v-1", "红色驿站", (115.008, 25.865)),),
    area="360704100",
    census=CensusFact(1, 2),
    visits=(VisitFact("a-1", "1栋", visited=True),),
    units=(UnitFact("u-3", "测试单位", registered=True),),
    reached={f"{post}-{number}": DAY for post in ("leader", "cadre", "worker") for number in (1, 2)},
    sessions={COMMUNITY: DAY},
    served=frozenset({"c-1", "c-2"}),
)


def found(id: str, **changes: Any) -> Result:
    """The result of a check when that is different."""
    return result(BY_ID[id], replace(COVERED, **changes))


def numbers(result: Result) -> tuple[Any, Any]:
    return result.count.numerator, result.count.denominator


def named(result: Result) -> list[tuple[str, str]]:
    """What fails, and why."""
    return [(each.id, each.reason) for each in result.count.failing]


def noted(result: Result) -> list[tuple[str, str]]:
    return [(each.id, each.reason) for each in result.count.noted]


def ago(days: int) -> date:
    return DAY - timedelta(days)
