"""What members refuses about series of service days."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

LATER_END = (
    "请填写开始日期之后、且尚未到来的截止日期。",
    "Give a last day that is after the first, and still to come.",
)
OTHER_DAY = ("请选择其他日期。", "Choose another day.")
RELOAD = ("请刷新后查看各日期的状态。", "Reload the series and see what becomes of its dates.")

SERIES: Mapping[str, Problem] = {
    "series_not_found": row(404, ("没有找到该系列活动", "No such series"), CHECK_ID),
    "date_not_found": row(404, ("系列中没有这个日期", "The series has no such date"), RELOAD),
    "recurrence_endless": row(
        422,
        ("重复规则没有结束", "The recurrence never ends"),
        ("请填写截止日期 until 或次数 count。", "Name its last day with until, or how often with count."),
    ),
    "recurrence_ends_twice": row(
        422,
        ("截止日期和次数只能填一项", "The recurrence names two ends"),
        ("until 与 count 请只保留一个。", "Keep until or count."),
    ),
    "recurrence_ends_before_it_starts": row(
        422, ("截止日期早于开始日期", "The recurrence ends before it starts"), LATER_END
    ),
    "recurrence_ends_in_the_past": row(422, ("截止日期已过", "The last day is past"), LATER_END),
    "recurrence_starts_in_the_past": row(
        422,
        ("开始日期已过", "The recurrence starts in the past"),
        ("请从今天或以后的日期开始。", "Give a first day that is today or later."),
    ),
    "recurrence_interval_not_positive": row(
        422,
        ("间隔周数应大于零", "The interval is not at least one week"),
        ("every_weeks 请填写 1 或以上的整数。", "Give a whole number of 1 or more in every_weeks."),
    ),
    "recurrence_without_dates": row(
        422,
        ("按此规则没有任何日期", "The recurrence has no date"),
        (
            "请延后截止日期、更换星期，或将次数改为 1 以上。",
            "Give a later last day, another weekday, or a count of 1 or more.",
        ),
    ),
    "recurrence_too_long": row(
        422,
        ("系列过长：最多两年", "The series is too long: two years at most"),
        ("请分期设置，到期再续。", "Open it for a shorter time, and another later."),
    ),
    "series_ended": row(409, ("该系列已经结束", "The series has ended"), ("请另行设置新的系列。", "Open a new one.")),
    "date_over": row(409, ("该日期已过", "The date is past"), RELOAD),
    "date_dropped": row(409, ("该日期已取消", "The date was dropped already"), RELOAD),
    "date_is_a_holiday": row(
        409, ("该日为法定节假日，本来就不举行", "It is a public holiday, and skipped as it is"), RELOAD
    ),
    "moved_too_far": row(422, ("改期不能超过四周", "A date is moved by four weeks at most"), OTHER_DAY),
    "moved_onto_a_holiday": row(422, ("改到的日期是法定节假日", "The day is a public holiday"), OTHER_DAY),
    "moved_onto_another_date": row(
        422, ("该日已有本系列的活动", "The series has a date on that day already"), OTHER_DAY
    ),
}
