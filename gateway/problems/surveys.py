"""What cases refuses about surveys."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

RELOAD_SURVEY = ("请刷新调查，查看当前状态。", "Reload the survey and see where it stands.")
OTHER_DAYS = ("请另选起止日期。", "Choose other days.")

SURVEYS: Mapping[str, Problem] = {
    "survey_not_found": row(404, ("没有找到该调查", "No such survey"), CHECK_ID),
    "survey_not_draft": row(
        409,
        ("调查已开始，不能再改", "The survey has been opened and is changed no more"),
        ("如需更改，请另建一份调查。", "Draft another survey if something has to be different."),
    ),
    "survey_not_open": row(
        409,
        ("调查不在开放期内", "The survey takes no answers now"),
        (
            "请在调查开放期间填写，起止日期见该调查。",
            "Answer while it is open: the survey says from which day until which.",
        ),
    ),
    "survey_not_closed": row(
        409,
        ("调查尚未截止", "The survey has not been closed"),
        ("请先截止调查，或等到最后一天过后。", "Close it first, or wait until its last day is over."),
    ),
    "survey_not_published": row(
        409,
        ("调查结果尚未公布", "The results have not been published"),
        ("公布后即可查看。", "Look again once they have been."),
    ),
    "survey_period_over": row(
        409,
        ("调查期已过", "The last day of the survey is over"),
        ("请先更改起止日期，再开始调查。", "Change its days first, then open it."),
    ),
    "already_answered": row(
        409,
        ("您已填写过本次调查", "You have answered this survey"),
        (
            "每人只能填写一次，答卷不记名，也不能更改。",
            "Everybody answers once; an answer has no name and cannot be changed.",
        ),
    ),
    "survey_begins_in_the_past": row(422, ("开始日期已过", "It begins before today"), OTHER_DAYS),
    "survey_begins_too_late": row(
        422,
        ("开始日期过远", "It begins too far ahead"),
        ("最晚为 {latest}。", "Let it begin on {latest} at the latest."),
    ),
    "survey_ends_before_it_begins": row(422, ("截止日期早于开始日期", "It ends before it begins"), OTHER_DAYS),
    "survey_too_long": row(
        422,
        ("调查期过长", "It takes too long"),
        ("最多 {days} 天。", "Let it take {days} days at the most."),
    ),
    "nothing_answered": row(
        422,
        ("没有填写任何一项", "Nothing is answered"),
        ("请至少给一项打分。", "Give a score on one of the scales at least."),
    ),
    "score_out_of_range": row(
        422, ("分值超出范围", "There is no such score"), ("请填写 1 至 5。", "Give one from 1 to 5.")
    ),
    "grid_outside_survey": row(
        422,
        ("该网格不在调查区域内", "The grid lies outside the area of the survey"),
        ("请填写 {area} 内的网格，或不填。", "Name a grid within {area}, or none."),
    ),
}
