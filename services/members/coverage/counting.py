"""What a check counts, what it names as failing and why in words, and when a count passes; it looks at no fact."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Words = tuple[str, str]
"""The same in Chinese and in English."""

Number = int | Fraction

REASONS: Mapping[str, Words] = {
    "district_missing": ("所属区未登记", "its district is not registered"),
    "agency_missing": ("所属城市社区（管委会）未登记", "its agency is not registered"),
    "community_missing": ("所属社区未登记", "its community is not registered"),
    "parent_missing": ("上级网格不存在或已撤并", "the grid above it is not in force"),
    "union_leader_missing": ("缺工会领导", "union leader missing"),
    "union_leader_twice": ("有 {count} 名工会领导，应为 1 名", "{count} union leaders instead of 1"),
    "union_cadre_missing": ("缺工会干部", "union cadre missing"),
    "union_cadre_twice": ("有 {count} 名工会干部，应为 1 名", "{count} union cadres instead of 1"),
    "several_grids": ("一名工会领导兼任 {count} 个网格", "one union leader holds {count} grids"),
    "workers_missing": (
        "社区工作者 {count} 名，少于 {least} 名",
        "community workers: {count}, fewer than {least}",
    ),
    "below_target": (
        "社区工作者 {count} 名，目标 {target} 名",
        "community workers: {count}, where the target is {target}",
    ),
    "vacant": ("{post}空缺 {days} 天", "{post_en} vacant for {days} days"),
    "no_grid_worker": ("没有责任网格员", "no grid worker is responsible"),
    "outside_all_grids": ("不在任何网格内", "inside no grid"),
    "in_several_grids": ("同时在 {count} 个网格内", "inside {count} grids"),
    "group_missing": ("没有网格党小组", "party group missing"),
    "leader_missing": ("党小组没有组长", "the party group has no leader"),
    "never_met": ("党小组没有会议记录", "no meeting of the party group is recorded"),
    "not_met": ("党小组已 {days} 天未开会", "the party group has not met for {days} days"),
    "police_missing": ("民警 missing：党小组缺民警", "民警 missing: no police officer in the party group"),
    "medic_missing": ("医护 missing：党小组缺医护", "医护 missing: no medic in the party group"),
    "in_service_member_missing": (
        "在职党员 missing：党小组缺在职党员",
        "在职党员 missing: no in-service member in the party group",
    ),
    "volunteer_missing": ("志愿者 missing：党小组缺志愿者", "志愿者 missing: no volunteer in the party group"),
    "never_reached": ("没有通知送达记录", "no notice was ever delivered"),
    "not_reached": ("已 {days} 天没有通知送达", "no notice was delivered for {days} days"),
    "uncovered": ("有 {square_metres} 平方米没有网格", "{square_metres} m² lie in no grid"),
    "overlap": ("与 {other} 重叠 {square_metres} 平方米", "overlaps {other} by {square_metres} m²"),
    "no_fallback": ("无物业且未指定兜底单位", "unmanaged, and no fallback unit is named"),
    "station_far": ("最近的红色驿站在 {metres} 米外", "the nearest rest station is {metres} m away"),
    "no_station": ("没有红色驿站", "there is no rest station"),
    "not_linked": ("未关联网格或驿站", "linked to no grid or station"),
    "not_visited": ("尚未上门", "not visited yet"),
    "no_second_try": ("无人应答后未再次上门", "nobody answered, and there was no second try"),
    "refused": ("拒绝上门", "refused"),
    "nobody_answered": ("两次上门均无人应答", "nobody answered twice"),
    "not_served": ("最近 12 个服务日未安排服务", "none of the last 12 service days"),
    "not_registered": ("未到社区报到", "not registered with a community"),
    "no_session": ("没有议事记录", "no intake session is recorded"),
    "no_recent_session": ("已 {days} 天没有开展议事", "no intake session for {days} days"),
}
"""Why something fails, or is worth knowing, by code; in braces what is filled in."""

UNKNOWN: Mapping[str, Words] = {
    "nothing_recorded": ("尚无记录", "Nothing is recorded yet."),
    "nothing_to_check": ("没有需要检查的对象", "There is nothing to check."),
    "no_outline": ("尚未登记服务范围", "No outline of the service area is registered."),
    "no_estimate": ("尚无估计数", "There is no estimate."),
    "report_only": ("只报告，不判定", "It is reported and has no pass mark."),
}
"""Why a check neither passes nor fails."""


@dataclass(frozen=True)
class Item:
    """Something that a check names, with the reason as a code and in words."""

    id: str
    name: str
    reason: str
    zh: str
    en: str


def item(id: str, name: str, reason: str, **filled: object) -> Item:
    """The item for a reason of the table."""
    zh, en = (words.format(**filled) for words in REASONS[reason])
    return Item(id, name, reason, zh, en)


@dataclass(frozen=True)
class Count:
    """So many out of so many; `failing` is what stands in the way, `noted` what is worth knowing and fails nothing.

    `unknown` says why nothing could be counted.
    """

    numerator: Number
    denominator: Number
    failing: Sequence[Item] = ()
    noted: Sequence[Item] = ()
    unknown: str | None = None


def of_all(number: int, failing: Iterable[Item], noted: Iterable[Item] = (), unknown: str | None = None) -> Count:
    """How many of so many things are all right: those that no failing item names."""
    named = tuple(failing)
    return Count(number - len({each.id for each in named}), number, named, tuple(noted), unknown)


@dataclass(frozen=True)
class Rule:
    """When a count passes, and how that is said."""

    passes: Callable[[Count], bool | None]
    zh: str
    en: str


def at_least(percent: int) -> Rule:
    """At least that share."""
    return Rule(lambda count: _share(count) >= Fraction(percent, 100), f"不低于 {percent}%", f"at least {percent} %")


ALL = Rule(lambda count: count.numerator == count.denominator, "全部", "all of them")
NONE = Rule(lambda count: count.numerator == 0, "0", "none")
HARDLY_ANY = Rule(lambda count: _share(count) <= Fraction(1, 1000), "不超过 0.1%", "at most 0.1 %")
REPORTED = Rule(lambda _: None, "只报告", "reported only")


def _share(count: Count) -> Fraction:
    return Fraction(count.numerator) / Fraction(count.denominator)


def verdict(rule: Rule, count: Count) -> tuple[bool | None, str | None]:
    """Whether the count passes, or None and the code of the reason why that cannot be said."""
    if count.unknown or not count.denominator:
        return None, count.unknown or "nothing_to_check"
    passes = rule.passes(count)
    return passes, None if passes is not None else "report_only"


def percentage(count: Count) -> float | None:
    """Numerator by denominator as a percentage with two decimals, half up; None when there is nothing to divide by."""
    if count.unknown or not count.denominator:
        return None
    share = _share(count) * 100
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))
