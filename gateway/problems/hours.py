"""What members refuses about volunteer hours, stars, certificates and rosters."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

OTHERS = ("请由其他有权人员办理。", "Let somebody else do it who may.")
READ_AGAIN = ("请刷新后查看当前状态。", "Reload it and see how it stands now.")
CHECK_TIMES = ("请核对起止时间。", "Check from when until when it was.")

RECORDS: Mapping[str, Problem] = {
    "record_not_found": row(404, ("没有找到该服务记录", "No such service record"), CHECK_ID),
    "unknown_record": row(422, ("没有该服务记录", "There is no such service record"), CHECK_ID),
    "own_hours": row(403, ("不能办理自己的服务时长", "Nobody decides about their own hours"), OTHERS),
    "activity_not_over": row(
        409,
        ("活动尚未结束", "The activity is not over yet"),
        ("请在 ends 所示的结束时间之后再办理。", "Do it after it ends, which is told in ends."),
    ),
    "hours_unverified": row(
        409,
        ("缺少签退，尚待组织者确认", "Nobody has said yet when the person went"),
        ("请先补登签退时间，再重新生成记录。", "Enter the check-out, and draw the records up again."),
    ),
    "hours_lapsed": row(
        409,
        ("七天内未确认签退，时长记为 0", "Nobody said within seven days when the person went: it counts nothing"),
        ("如有误，请由本人申请更正。", "If that is wrong, its person asks for a correction."),
    ),
    "record_decided": row(409, ("该记录已有决定", "The record is decided already"), READ_AGAIN),
    "record_pending": row(
        409,
        ("该记录尚未审定，不能更正", "Nobody has decided on the record yet"),
        ("请先审定，或重新生成记录。", "Approve or refuse it, or draw it up again."),
    ),
    "correction_waits": row(
        409,
        ("更正申请尚未处理", "A correction is asked for and not decided"),
        ("请先更正记录，或说明维持的理由。", "Correct the record, or keep it with a reason."),
    ),
    "correction_asked_already": row(
        409, ("已申请更正", "A correction is asked for already"), ("请等待处理。", "Wait until it is decided.")
    ),
    "no_correction_asked": row(409, ("没有待处理的更正申请", "No correction is asked for"), READ_AGAIN),
    "times_unchanged": row(409, ("更正后的时间与原记录相同", "The times are what they were"), CHECK_TIMES),
    "stint_ends_too_early": row(422, ("结束不晚于开始", "It ends before it has begun"), CHECK_TIMES),
    "stint_outside_service": row(
        422,
        ("这段时间不属于这次服务", "This time is no part of the service"),
        (
            "应在 earliest 与 latest 之间；其他服务请另行记录。",
            "What lies before earliest or after latest is another service.",
        ),
    ),
    "stint_in_the_future": row(422, ("结束时间尚未到", "It ends in the future"), CHECK_TIMES),
}

STARS: Mapping[str, Problem] = {
    "no_hours": row(
        409,
        ("还没有已审定的服务时长", "No hours are approved yet"),
        ("时长审定后再试。", "Try again when some are approved."),
    ),
    "star_not_offered": row(
        409,
        ("目前没有可领取的该星级", "This star is not offered"),
        ("offered 为当前可领取的星级。", "Which one is stands in offered."),
    ),
    "already_public": row(409, ("已同意公开", "It is public already"), READ_AGAIN),
    "not_public": row(409, ("没有公开", "It is not public"), READ_AGAIN),
}

CERTIFICATES: Mapping[str, Problem] = {
    "certificate_not_found": row(
        404,
        ("没有找到该证明，或校验码不符", "No such certificate, or the code is another's"),
        ("请核对编号和校验码。", "Check the number and the code."),
    ),
    "certificate_ends_too_early": row(
        422,
        ("结束日期早于开始日期", "It ends before it begins"),
        ("请核对 first 和 last。", "Check first and last."),
    ),
    "no_hours_in_period": row(
        409,
        ("该期间没有已审定的服务时长", "No hours of this period are approved"),
        ("请核对期间，或等待审定。", "Check the period, or wait until they are approved."),
    ),
    "certificate_not_valid": row(409, ("该证明已失效", "The certificate does not stand any more"), READ_AGAIN),
}

ROSTERS: Mapping[str, Problem] = {
    "roster_not_found": row(404, ("没有找到该排班", "No such roster"), CHECK_ID),
    "area_outside_district": row(
        422,
        ("该区域不在活动所在的区县", "The area lies in another district than the activity"),
        ("请核对 area。", "Check area."),
    ),
    "area_too_wide": row(
        422,
        ("该区域的人数超过一次排班所能考虑的范围", "More people belong to the area than one roster looks at"),
        ("请选择较小的区域，或限定技能；most 为上限。", "Name a smaller area, or skills; most is how many it may be."),
    ),
}

VOLUNTEER_HOURS: Mapping[str, Problem] = {**RECORDS, **STARS, **CERTIFICATES, **ROSTERS}
