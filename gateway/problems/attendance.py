"""What members refuses about who comes to an activity and goes."""

from collections.abc import Mapping

from gateway.problems.problem import Problem, row

SCAN_AGAIN = ("请扫描本次活动当天的签到码。", "Scan the code of this activity on its day.")
ASK_ORGANISER = ("如有疑问，请联系活动组织者补登。", "If this is wrong, ask the organiser to enter it.")
CHECK_CLOCK = ("请核对手机时间。", "Check the clock of the phone.")
NOTHING = ("无需重复操作。", "Nothing is to be done.")

ATTENDANCE: Mapping[str, Problem] = {
    "muster_code_forged": row(422, ("签到码无效", "This is no muster code of ours"), SCAN_AGAIN),
    "code_of_another_day": row(422, ("这是其他日期的签到码", "The code is of another day"), SCAN_AGAIN),
    "code_of_another_activity": row(422, ("这是其他活动的签到码", "The code is of another activity"), SCAN_AGAIN),
    "not_signed_up": row(
        409,
        ("尚未报名本次活动", "You have no place in this activity"),
        (
            "请在报名截止前报名；只有志愿服务日可以不报名直接参加。",
            "Sign up while that is still possible; only service days take who comes by.",
        ),
    ),
    "already_checked_in": row(409, ("已经签到，尚未签退", "You are checked in already"), NOTHING),
    "already_checked_out": row(409, ("已经签退", "You are checked out already"), NOTHING),
    "not_checked_in": row(
        409,
        ("尚未签到，不能签退", "Nobody checks out who has not checked in"),
        (
            "请先扫码签到；漏签到的，请联系活动组织者补登。",
            "Check in first; if that was forgotten, ask the organiser to enter it.",
        ),
    ),
    "check_out_before_check_in": row(
        422,
        ("签退时间不晚于签到时间", "The check-out is not after the check-in"),
        ("签退应晚于 came_at 所示的签到时间。", "Give a time after the check-in, which is told in came_at."),
    ),
    "check_in_overlaps": row(409, ("该时间已在上一段服务之内", "At that time you were there already"), ASK_ORGANISER),
    "check_in_too_early": row(
        422,
        ("还未到签到时间", "It is too early to check in"),
        ("活动开始前一小时起可以签到。", "Check in from an hour before the beginning on."),
    ),
    "check_in_too_late": row(422, ("活动已结束，不能签到", "The activity is over"), ASK_ORGANISER),
    "check_out_too_late": row(
        422, ("已超过签退时间", "It is too late to check out: more than two hours after the end"), ASK_ORGANISER
    ),
    "too_many_stints": row(409, ("签到签退次数过多", "You have come and gone too often"), ASK_ORGANISER),
    "scanned_in_the_future": row(422, ("扫码时间晚于现在", "The scan is of a time to come"), CHECK_CLOCK),
    "scan_too_old": row(
        422,
        ("扫码记录已超过七十二小时", "The scan is older than 72 hours"),
        ASK_ORGANISER,
    ),
    "confirmation_too_late": row(
        409,
        ("已超过活动结束后七天的确认期", "It is more than seven days after the end"),
        ("该次服务时长不再计入。", "The time is not counted any more."),
    ),
    "own_attendance": row(
        403,
        ("不能在名单上登记自己", "Nobody enters the own attendance on a list"),
        ("请扫码签到签退，或由他人登记。", "Scan the code, or let somebody else enter it."),
    ),
}
