"""What members refuses about posts, party groups and venues."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

DAYS = ("请核对日期。", "Check the days.")

STAFFING: Mapping[str, Problem] = {
    "post_not_found": row(404, ("没有找到该岗位任职", "No such post"), CHECK_ID),
    "post_held_already": row(
        409,
        ("此人在该网格已任此岗位", "The person holds this post on the grid in that time"),
        ("请先结束原任职，或改日期。", "End it first, or name other days."),
    ),
    "post_ends_too_early": row(422, ("任职结束早于开始", "The post ends before it begins"), DAYS),
    "post_has_ended": row(409, ("该任职已结束", "The post has ended by then"), DAYS),
    "party_group_not_found": row(404, ("该网格没有党小组", "The grid has no party group"), CHECK_ID),
    "party_group_exists": row(
        409,
        ("该网格已有党小组", "The grid has a party group"),
        ("请在原党小组中增减成员。", "Change who sits in it."),
    ),
    "no_party_group_then": row(422, ("该日党小组不存在", "There is no such party group on that day"), DAYS),
    "seat_not_found": row(404, ("没有找到该席位", "No such seat"), CHECK_ID),
    "seat_taken": row(
        409,
        ("此人已以该身份加入党小组", "The person sits in the group in this capacity in that time"),
        ("无需重复加入。", "Nothing is to be done."),
    ),
    "leader_seated": row(
        409,
        ("党小组该期间已有组长", "The group has a leader in that time"),
        ("请先结束现任组长。", "Let the present one end first."),
    ),
    "seat_ends_too_early": row(422, ("席位结束早于开始", "The seat ends before it begins"), DAYS),
    "seat_has_ended": row(409, ("该席位已结束", "The seat has ended by then"), DAYS),
    "meeting_to_come": row(
        422, ("会议日期晚于今天", "The meeting is still to come"), ("请在会后登记。", "Record it once it was held.")
    ),
    "meeting_recorded": row(409, ("该日会议已登记", "A meeting of that day is recorded"), DAYS),
    "not_of_the_group": row(
        422,
        ("有人该日不在党小组内", "Somebody was not in the group on that day"),
        ("请只填写党小组成员。", "Name members of the group alone."),
    ),
    "venue_not_found": row(404, ("没有找到该阵地", "No such venue"), CHECK_ID),
    "venue_closed": row(409, ("该阵地已关闭", "The venue is closed"), ("请另行登记。", "Register it anew.")),
    "venue_closes_too_early": row(422, ("关闭日期早于启用日期", "It closes before it opens"), DAYS),
    "outside_its_grid": row(
        422,
        ("位置不在该网格内", "The point lies outside the grid"),
        ("请核对位置和网格。", "Check the point and the grid."),
    ),
    "closes_before_it_opens": row(
        422,
        ("结束时间早于开始时间", "It closes before it opens"),
        ("请核对开放时间，24 点写作 00:00。", "Check the hours; midnight as an end is 00:00."),
    ),
    "hours_overlap": row(
        422, ("开放时间重叠", "The hours overlap"), ("请合并重叠的时段。", "Join the spans that overlap.")
    ),
}
