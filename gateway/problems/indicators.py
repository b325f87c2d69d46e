"""What cases refuses about indicators."""

from collections.abc import Mapping

from gateway.problems.problem import Problem, row

INDICATORS: Mapping[str, Problem] = {
    "period_reversed": row(
        422,
        ("结束日期早于开始日期", "The period ends before it begins"),
        ("to 不能早于 from，双方日期见 details。", "Name a day in to that is not before from; details has both."),
    ),
    "period_too_long": row(
        422,
        ("统计区间过长", "The period is too long"),
        ("最多 details.days 天，请分段查询。", "Ask for at most details.days days at once."),
    ),
    "too_many_rates": row(
        422,
        ("一张图中的指标过多", "Too many rates for one picture"),
        ("最多 details.most 项，请分几张图查询。", "Ask for at most details.most rates, and for further pictures."),
    ),
    "rates_not_told": row(
        403,
        ("所列指标不对您公布", "You are not told these rates"),
        ("请从 details.told 中选择指标。", "Choose rates of details.told."),
    ),
    "picture_not_painted": row(
        503,
        ("图片暂时无法生成", "The picture could not be painted"),
        ("请稍后重试，或改用 format=svg。", "Try again shortly, or ask for it with format=svg."),
    ),
}
