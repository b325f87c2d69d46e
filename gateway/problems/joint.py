"""What cases refuses where several handle a matter together: summons."""

from collections.abc import Mapping

from gateway.problems.problem import ASK_OFFICE, CHECK_ID, RELOAD, Problem, row

SUMMONS: Mapping[str, Problem] = {
    "summons_not_found": row(404, ("没有找到该吹哨", "No such summons"), CHECK_ID),
    "not_summoned": row(403, ("您的单位没有被召集", "Your unit is not called"), ASK_OFFICE),
    "not_a_unit": row(
        422, ("只能召集单位", "Only units are called"), ("请在 units 填写单位编号。", "Name units in units.")
    ),
    "visit_in_the_past": row(
        422,
        ("到场时间已过", "The time to be on the spot is over"),
        ("due_on_site 须晚于现在。", "Name a time in due_on_site that is still to come."),
    ),
    "already_acknowledged": row(409, ("已确认过", "It was acknowledged already"), RELOAD),
    "already_settled": row(409, ("该单位的到场情况已有记录", "It is known already whether the unit came"), RELOAD),
    "still_time": row(
        409,
        ("到场时间未到", "There is still time to come"),
        ("到场时间过后再记录缺席。", "Note who is absent once the time in due_on_site is over."),
    ),
    "not_settled": row(
        409,
        ("尚未记录该单位是否到场", "It is not known yet whether the unit came"),
        ("请先记录到场或缺席。", "Note first that it came or is absent."),
    ),
    "already_scored": row(409, ("该单位已评分", "The unit has its score already"), RELOAD),
    "own_unit": row(
        403,
        ("不能给本单位评分", "Nobody gives a score to the own unit"),
        ("请由其他人员评分。", "Let somebody else do it."),
    ),
}

JOINT: Mapping[str, Problem] = {**SUMMONS}
