"""What members refuses about calls to action."""

from collections.abc import Mapping

from gateway.problems.problem import Problem, row

CALLS: Mapping[str, Problem] = {
    "call_not_found": row(404, ("没有这次召集", "There is no such call"), ("请核对编号。", "Check the id.")),
    "call_in_the_past": row(
        422, ("召集时间已过", "The time called for is over"), ("请填写将来的时间。", "Give a time to come.")
    ),
    "call_too_far_ahead": row(
        422,
        ("召集时间超过三十天", "The time called for is more than 30 days ahead"),
        ("请在三十天之内召集。", "Call for a time within 30 days."),
    ),
    "nobody_to_call": row(
        409,
        ("没有可召集的人员", "There is nobody to call"),
        ("请增加网格或减少技能条件。", "Name more grids, or fewer skills."),
    ),
    "too_many_to_call": row(
        409,
        ("召集人数超过两万人", "More than 20,000 people would be called"),
        ("请减少网格，或分几次召集。", "Name fewer grids, or call several times."),
    ),
    "call_withdrawn": row(
        409, ("该召集已取消", "The call is called off"), ("无需到场或答复。", "Nobody need come or reply.")
    ),
    "call_over": row(
        409, ("召集时间已到，不能再答复", "It is too late to answer"), ("无需答复。", "Nothing is to be done.")
    ),
}
