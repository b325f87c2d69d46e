"""A plan in words, Chinese and English: why a compound has its turn, how its score is made up, who gave way and why."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from members.rotation.plan import CALLED_OFF, CLOSED, WAITED_LESS, Change
from members.rotation.score import DISPLACED, NEED, WAITED
from members.rotation.staffing import Expected
from members.rotation.turn import BOUND, Broken, Displaced, Shortfall, Term, Why

Words = dict[str, str]

TERMS: Mapping[str, tuple[str, str]] = {
    WAITED: ("已等候 {count} 个服务日，+{points} 分", "service days of waiting: {count}, +{points}"),
    NEED: ("未结卫生类案件 {count} 件，+{points} 分", "open hygiene cases: {count}, +{points}"),
    DISPLACED: ("上一个服务日让出，+{points} 分", "gave way on an earlier service day: +{points}"),
}

REASONS: Mapping[str, tuple[str, str]] = {
    Why.HEAD: ("上一个服务日让出，本次排在最前", "It gave way the last time and heads this service day."),
    Why.OVERDUE: (
        f"已超过 {BOUND} 个服务日未服务",
        f"It has waited more than {BOUND} service days.",
    ),
    Why.AT_BOUND: (
        f"再不服务将超过 {BOUND} 个服务日",
        f"Without a visit on this day it would wait more than {BOUND} service days.",
    ),
    Why.ORDERED: ("由组织者指定", "The organiser ordered it."),
    Why.NEED: ("有未结卫生类案件，提前安排", "Open hygiene cases moved it up."),
    Why.LONGEST: ("等候时间最长", "It is among those that have waited longest."),
    CLOSED: ("小区已不在名册中", "The compound is not there any more."),
    WAITED_LESS: ("其他小区等候更久", "Others have waited longer."),
    CALLED_OFF: ("当日不再是服务日", "There is no service day on that day any more."),
}

UNPLACED = (
    "{count} 件未结卫生类案件不在任何小区，未计入安排",
    "Open hygiene cases at no compound, which call for no visit: {count}.",
)

PEOPLE: Mapping[bool | None, tuple[str, str]] = {
    True: (
        "报名已截止或已排班，按 {signed_up} 人分到各队（登记的 {entered} 人为上限）",
        "Sign-up is closed or a roster drawn up: {signed_up} people fill the teams, up to the {entered} entered.",
    ),
    False: (
        "报名尚未截止（已报 {signed_up} 人），按登记的 {entered} 人安排",
        "Sign-up goes on ({signed_up} so far): planned with the {entered} people entered.",
    ),
    None: (
        "没有人报名，按登记的 {entered} 人安排",
        "Nobody signed up: planned with the {entered} people entered.",
    ),
}
"""Whether the teams are filled with those who have a place in the day; None where nobody has."""

BREAKS: Mapping[bool, tuple[str, str]] = {
    True: (
        "“{name}”到 {day} 仍无法安排，将超过 {bound} 个服务日未服务",
        "{name} has no turn up to {day} and waits more than {bound} service days.",
    ),
    False: (
        "“{name}”到其后第 {nth} 个服务日仍无法安排，将超过 {bound} 个服务日未服务",
        "{name} has no turn up to service day number {nth} after this one and waits more than {bound} service days.",
    ),
}
"""That a compound waits too long for an order, where the day is known and where it is not."""

GAVE_WAY: Mapping[str, tuple[str, str]] = {
    Why.NEED: (
        "让给有未结卫生类案件的小区，顺延至下一个服务日最前",
        "It gave way to open hygiene cases elsewhere and heads the next service day.",
    ),
    Why.ORDERED: (
        "由组织者指定让出，顺延至下一个服务日最前",
        "It gave way as the organiser ordered and heads the next service day.",
    ),
}
"""Why a compound has lost its turn to another one; the same code says of the other why it has it."""

SAME_TEAM = ("没有别的队可派，仍由上次的队服务", "No other team could come: it is the one of the last time.")


def term(each: Term) -> dict[str, Any]:
    """One part of a score, with its sentence."""
    return {"name": each.name, "count": each.count, "points": each.points, **_said(TERMS[each.name], vars(each))}


def reason(code: str) -> Words:
    """Why a compound has its turn, or has it no more."""
    return _said(REASONS[code], {})


def gave_way(each: Displaced, names: Mapping[str, str], by_score: int, score: int) -> Words:
    """Who gave way to whom and why."""
    facts = {
        "out": names.get(each.compound_id, each.compound_id),
        "by": names.get(each.by, each.by),
        "score": score,
        "by_score": by_score,
    }
    if each.why is Why.ORDERED:
        said = (
            "组织者指定先去“{by}”，“{out}”顺延至下一个服务日最前",
            "The organiser ordered {by}; {out} heads the next service day.",
        )
    else:
        said = (
            "“{by}”有未结卫生类案件（{by_score} 分，高于 {score} 分），“{out}”顺延至下一个服务日最前",
            "{by} has open hygiene cases ({by_score} points against {score}); {out} heads the next service day.",
        )
    return _said(said, facts)


def same_team() -> Words:
    """Why the team of the last time comes again."""
    return _said(SAME_TEAM, {})


def unplaced(count: int) -> Words:
    """That so many open hygiene cases call for no visit, since nobody knows where it would go."""
    return _said(UNPLACED, {"count": count})


def people(entered: int, expected: Expected) -> Words:
    """With how many people the day is planned, and why with these."""
    said = PEOPLE[expected.counts if expected.signed_up else None]
    return _said(said, {"entered": entered, "signed_up": expected.signed_up})


def breaks(each: Broken, name: str) -> Words:
    """That a compound waits too long for an order, and from when on."""
    return _said(BREAKS[each.day is not None], {**vars(each), "name": name, "bound": BOUND})


def change(each: Change) -> dict[str, Any]:
    """What a version of the plan changed."""
    words = reason(each.why) if each.gained or each.why not in GAVE_WAY else _said(GAVE_WAY[each.why], {})
    return {"compound_id": each.compound_id, "gained": each.gained, "why": each.why, **words}


def falls_short(each: Shortfall, breaks_on: date | None) -> Words:
    """That the bound cannot be kept, from when, and what would do."""
    facts = {**vars(each), "bound": BOUND, "on": breaks_on.isoformat() if breaks_on else ""}
    zh = "{teams} 支队伍无法保证每个小区 {bound} 个服务日内得到服务，需要 {teams_needed} 支；"
    zh += "自 {on} 起将超期" if breaks_on else "{breaks_in} 个服务日后将超期"
    en = "{teams} teams cannot visit each compound within {bound} service days, {teams_needed} could; "
    en += "it breaks on {on}" if breaks_on else "it breaks in {breaks_in} service days"
    if each.keeps is not None:
        zh, en = zh + "，现有队伍可保证 {keeps} 个服务日", en + "; these teams can keep {keeps} service days"
    return _said((f"{zh}。", f"{en}."), facts)


def _said(words: tuple[str, str], facts: Mapping[str, Any]) -> Words:
    zh, en = words
    return {"zh": zh.format_map(facts), "en": en.format_map(facts)}
