"""The table of the 18 checks of full coverage (docs/domain.md §4), and the report that they make of the facts."""

from collections.abc import Callable
from dataclasses import dataclass

from members.coverage import horizontal, surface, vertical
from members.coverage.counting import (
    ALL,
    HARDLY_ANY,
    NONE,
    REPORTED,
    Count,
    Rule,
    Words,
    at_least,
    percentage,
    verdict,
)
from members.coverage.facts import Facts


@dataclass(frozen=True)
class Check:
    """One check: its id, what it is called in both languages, what it counts, and when that passes."""

    id: str
    title: Words
    count: Callable[[Facts], Count]
    rule: Rule


CHECKS: tuple[Check, ...] = (
    Check("V1", ("区—街道—社区—网格链条完整", "Grids with an unbroken chain above them"), vertical.chains, ALL),
    Check(
        "V2",
        ("每个网格 1 名工会领导、1 名工会干部", "Grids with one union leader and one union cadre"),
        vertical.union_posts,
        ALL,
    ),
    Check("V3", ("每个网格有社区工作者", "Grids with community workers"), vertical.workers, ALL),
    Check("V4", ("岗位空缺超过 14 天", "Posts vacant for more than 14 days"), vertical.vacancies, NONE),
    Check(
        "V5",
        ("小区、楼栋有责任网格员", "Compounds and buildings with a responsible worker"),
        vertical.responsible,
        ALL,
    ),
    Check(
        "V6",
        ("网格党小组有组长且 90 天内开过会", "Party groups with a leader that met within 90 days"),
        vertical.meetings,
        ALL,
    ),
    Check(
        "V7",
        ("党小组有民警、医护、在职党员、志愿者", "Party groups with police, medic, in-service member and volunteer"),
        vertical.composition,
        ALL,
    ),
    Check(
        "V8",
        ("岗位人员 30 天内收到过通知", "Post holders whom a notice reached within 30 days"),
        vertical.reachable,
        at_least(95),
    ),
    Check("H1", ("服务范围内未被网格覆盖的面积", "Service area in no grid, in m²"), surface.uncovered, HARDLY_ANY),
    Check("H2", ("同级网格重叠面积", "Overlap of grids of one level, in m²"), surface.overlaps, HARDLY_ANY),
    Check(
        "H3",
        ("小区、企业、社会组织、共建单位、物业公司纳入网格", "Compounds and organisations that lie in grids"),
        horizontal.placed,
        ALL,
    ),
    Check(
        "H4",
        ("无物业小区有兜底单位", "Unmanaged compounds with a fallback unit"),
        horizontal.fallbacks,
        ALL,
    ),
    Check(
        "H5",
        ("小区 1,000 米内有红色驿站", "Compounds with a rest station within 1,000 m"),
        horizontal.stations,
        at_least(90),
    ),
    Check(
        "H6",
        ("新就业形态劳动者摸底", "New-employment workers known, of those estimated"),
        horizontal.new_employment,
        REPORTED,
    ),
    Check("H7", ("敲门行动上门率", "Addresses of door-knock rounds visited"), horizontal.door_knocks, at_least(95)),
    Check(
        "H8",
        ("小区最近 12 个服务日得到服务", "Compounds served on the last 12 service days"),
        horizontal.service_days,
        ALL,
    ),
    Check("H9", ("应报到单位已报到", "Units obliged to register that have"), horizontal.registrations, at_least(95)),
    Check(
        "H10",
        ("社区 30 天内开展过议事", "Communities with an intake session within 30 days"),
        horizontal.sessions,
        ALL,
    ),
)


@dataclass(frozen=True)
class Result:
    """What a check found: the percentage has two decimals, `passes` is None where `reason` says why."""

    check: Check
    count: Count
    percentage: float | None
    passes: bool | None
    reason: str | None


def report(facts: Facts) -> list[Result]:
    """All 18, in their order."""
    return [result(check, facts) for check in CHECKS]


def result(check: Check, facts: Facts) -> Result:
    """One check."""
    count = check.count(facts)
    passes, reason = verdict(check.rule, count)
    return Result(check, count, percentage(count), passes, reason)
