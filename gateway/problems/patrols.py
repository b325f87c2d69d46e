"""What members refuses about patrols and their tracks."""

from collections.abc import Mapping

from gateway.problems.problem import Problem, row

CHECK_CLOCK = ("请核对手机时间。", "Check the clock of the phone.")
STOP_FIRST = ("请先结束正在进行的巡查。", "Stop the patrol that is running first.")
NOT_KEPT = ("该点不计入轨迹，其余不受影响。", "The point is not kept; the others are.")

PATROLS: Mapping[str, Problem] = {
    "patrol_not_found": row(404, ("没有这次巡查", "There is no such patrol"), ("请核对编号。", "Check the id.")),
    "already_on_patrol": row(409, ("您正在巡查，一次只能进行一次巡查", "You are on patrol already"), STOP_FIRST),
    "patrol_overlaps": row(409, ("与您上一次巡查时间重叠", "It began before your last patrol had ended"), CHECK_CLOCK),
    "patrol_in_the_future": row(422, ("开始时间晚于现在", "The patrol begins at a time to come"), CHECK_CLOCK),
    "patrol_too_long_ago": row(
        422,
        ("开始时间已超过七十二小时", "The patrol began more than 72 hours ago"),
        ("不能再补登。", "It cannot be entered any more."),
    ),
    "stopped_in_the_future": row(422, ("结束时间晚于现在", "The end is a time to come"), CHECK_CLOCK),
    "stop_before_start": row(422, ("结束时间早于开始时间", "The end is before the start"), CHECK_CLOCK),
    "patrol_over": row(409, ("巡查已经结束", "The patrol is over"), ("无需重复操作。", "Nothing is to be done.")),
    "point_id_reused": row(
        409,
        ("该点编号已用于另一个点", "Another point has this id"),
        ("请为每个点使用不同的编号。", "Give every point an id of its own."),
    ),
    "point_in_the_future": row(422, ("该点的时间晚于现在", "The point is of a time to come"), CHECK_CLOCK),
    "point_before_start": row(422, ("该点早于巡查开始", "The point is from before the patrol"), NOT_KEPT),
    "point_after_stop": row(422, ("该点晚于巡查结束", "The point is from after the patrol"), NOT_KEPT),
    "point_too_old": row(422, ("该点已超过七十二小时", "The point is older than 72 hours"), NOT_KEPT),
    "point_far_away": row(422, ("该点远离所巡查的网格", "The point is far from the grid"), NOT_KEPT),
    "point_too_fast": row(422, ("不可能这么快到达该点", "Nobody can have come there so fast"), NOT_KEPT),
    "too_many_points": row(409, ("本次巡查的点数过多", "The patrol has too many points"), NOT_KEPT),
}
