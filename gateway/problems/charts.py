"""What the gateway refuses when it draws."""

from collections.abc import Mapping

from gateway.problems.problem import Problem, row

CHARTS: Mapping[str, Problem] = {
    "too_many_rates": row(
        422,
        ("一张图中的指标过多", "Too many rates for one picture"),
        ("最多 {most} 项，请分几张图查询。", "Ask for at most {most} rates, and for further pictures."),
    ),
    "rates_not_told": row(
        403,
        ("所列指标不对您公布", "You are not told these rates"),
        ("请从中选择：{told}。", "Choose of these: {told}."),
    ),
    "picture_not_painted": row(
        503,
        ("图片暂时无法生成", "The picture could not be painted"),
        ("请稍后重试，或改用 format=svg。", "Try again shortly, or ask for it with format=svg."),
    ),
}
