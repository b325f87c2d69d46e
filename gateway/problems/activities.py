"""What members refuses about activities and the places in them."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

TIMES = ("请核对起止时间。", "Check when it begins and ends.")
ANOTHER = ("请选择其他活动。", "Choose another activity.")
NUMBERS = ("请填写 1 或以上的整数。", "Give a whole number of 1 or more.")

ACTIVITIES: Mapping[str, Problem] = {
    "activity_not_found": row(404, ("没有找到该活动", "No such activity"), CHECK_ID),
    "activity_cancelled": row(409, ("该活动已取消", "The activity is called off"), ANOTHER),
    "activity_over": row(409, ("该活动已结束", "The activity is over"), ANOTHER),
    "activity_begun": row(
        409,
        ("该活动已开始", "The activity has begun"),
        ("开始后不能再修改；如不再举行，请取消。", "It is not changed any more; call it off if it has to end."),
    ),
    "ends_on_another_day": row(
        422, ("结束时间不在同一天", "It ends on another day"), ("请按天分开发布。", "Publish one for each day.")
    ),
    "breaks_take_all": row(422, ("休息时间不短于活动时间", "Nothing is left but breaks"), TIMES),
    "breaks_negative": row(422, ("休息时间不能为负数", "Breaks are less than nothing"), TIMES),
    "signs_up_in_the_past": row(
        422,
        ("报名截止时间已过", "Signing up would be over already"),
        ("请填写现在之后的截止时间。", "Name a moment that is yet to come."),
    ),
    "signs_up_after_the_end": row(422, ("报名截止晚于活动结束", "Signing up would go on after the end"), TIMES),
    "unknown_venue": row(
        422, ("没有这个阵地", "There is no such venue"), ("请填写本区已有的阵地，或不填。", "Name one of the district.")
    ),
    "capacity_not_positive": row(422, ("名额须为正数", "It has no places"), NUMBERS),
    "tasks_exceed_capacity": row(
        422,
        ("各任务人数之和超过名额", "The tasks take more people than there are places"),
        ("请增加名额，或减少任务人数。", "Allow more places, or fewer heads."),
    ),
    "heads_not_positive": row(422, ("任务人数须为正数", "The task takes nobody"), NUMBERS),
    "task_twice": row(
        422, ("任务编号重复", "Two tasks have the same id"), ("请给每个任务不同的编号。", "Give each one of its own.")
    ),
    "unknown_skill": row(
        422, ("没有这项技能", "There is no such skill"), ("请填写已有的技能代码。", "Name skills by their codes.")
    ),
    "younger_than_allowed": row(
        422,
        ("最低年龄不能小于 14 周岁", "Nobody under 14 takes part"),
        ("请填写 14 或以上。", "Give 14 or more."),
    ),
}

SIGNUPS: Mapping[str, Problem] = {
    "signup_not_found": row(
        404,
        ("您没有报名该活动", "There is no sign-up of yours"),
        ("如要参加，请先报名。", "To take part, sign up first."),
    ),
    "signup_closed": row(409, ("报名已截止", "Signing up has ended"), ANOTHER),
    "already_signed_up": row(
        409, ("已报名该活动", "There is a sign-up of yours already"), ("无需重复报名。", "Nothing is to be done.")
    ),
    "overlaps_own_signup": row(
        409,
        ("与您已报名的活动时间重叠", "You have a place elsewhere at that time"),
        ("请先退出 activity_id 所指的活动。", "Give up the one in activity_id first."),
    ),
    "no_free_place": row(409, ("名额已满", "There is no free place"), ANOTHER),
    "task_full": row(
        409,
        ("该任务人数已满", "The task has all its people"),
        ("请改选 open_tasks 中还缺人的任务。", "Choose one that still needs people, in open_tasks."),
    ),
    "unknown_task": row(422, ("该活动没有这个任务", "The activity has no such task"), CHECK_ID),
    "lacks_skills": row(
        422,
        ("缺少该活动要求的技能", "A skill is missing that it needs"),
        ("如已具备，请先在个人资料中补充。", "If you have it, add it to your profile first."),
    ),
    "too_young": row(
        422, ("未达到该活动的最低年龄", "Too young for it"), ("最低年龄见 youngest。", "The age stands in youngest.")
    ),
    "age_not_told": row(
        422,
        ("该活动有年龄要求", "It is not for every age"),
        ("请在 born 填写出生日期；系统只作核对，不保存。", "Give the day of birth in born; it is not kept."),
    ),
}
