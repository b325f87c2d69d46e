"""What cases refuses about indicators."""

from collections.abc import Mapping

from gateway.problems.problem import Problem, row

INDICATORS: Mapping[str, Problem] = {
    "period_reversed": row(
        422,
        ("结束日期早于开始日期", "The period ends before it begins"),
        (
            "截止日期 {to} 早于开始日期 {from}，请更正。",
            "{to} comes before {from}: name a later day in to.",
        ),
    ),
    "breakdown_not_open": row(
        403,
        ("您不能这样细分", "You are not told it apart in this way"),
        ("by 可填：{open}。", "Name one of these in by: {open}."),
    ),
    "filter_not_open": row(
        403,
        ("您不能按此筛选", "You are not told it of a part"),
        ("请去掉该筛选条件，查询全部。", "Leave this filter away: you are told of all together."),
    ),
    "rate_not_open": row(
        403, ("该指标未对您公开", "You are not told this rate"), ("可选指标：{open}。", "Name one of these: {open}.")
    ),
    "period_too_long": row(
        422,
        ("统计区间过长", "The period is too long"),
        ("最多 {days} 天，请分段查询。", "Ask for at most {days} days at once."),
    ),
}
