"""What members refuses about registrations, points, rules and evaluations."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

OTHERS = ("请由其他人员办理。", "Let somebody else do it.")
READ_AGAIN = ("请刷新后查看当前状态。", "Reload it and see how it stands now.")

REGISTRATIONS: Mapping[str, Problem] = {
    "registration_not_found": row(404, ("没有找到该报到登记", "No such registration"), CHECK_ID),
    "registration_not_open": row(
        409, ("该报到登记目前不能这样办理", "This cannot be done with the registration now"), READ_AGAIN
    ),
    "own_registration": row(403, ("不能接收自己的报到", "Nobody decides on their own registration"), OTHERS),
    "not_in_service": row(
        422,
        ("此人不是在职党员", "This person is no member in service"),
        ("请先登记其在职党员身份。", "Let the office grant the role first."),
    ),
    "person_not_of_unit": row(
        422,
        ("此人不属于该单位", "This person does not belong to the unit"),
        ("请核对单位。", "Check which unit it is."),
    ),
    "community_closed": row(
        422, ("该社区已撤销", "The community is closed"), ("请选择现有社区。", "Name one that there is now.")
    ),
    "community_missing": row(
        422,
        ("没有说明在哪个社区报到", "It does not say with which community"),
        ("请填写 community。", "Name it in community."),
    ),
    "date_in_the_future": row(
        422, ("日期不能晚于今天", "The day is still to come"), ("请核对日期。", "Check the day.")
    ),
    "already_registered": row(
        422,
        ("已在社区报到", "It is registered already"),
        ("如已搬迁，请办理转接。", "Where it has moved, ask for a transfer."),
    ),
    "already_submitted": row(
        422,
        ("已提交，尚待社区接收", "It waits for the community already"),
        ("请等待社区接收，或先结束原登记。", "Wait for the community, or end the one that waits."),
    ),
}

POINTS: Mapping[str, Problem] = {
    "entry_not_found": row(404, ("没有找到该积分记录", "No such entry of points"), CHECK_ID),
    "not_registered": row(
        422,
        ("此人尚未在社区报到", "This person is not registered with a community"),
        ("请先办理报到。", "Let them register first."),
    ),
    "own_points": row(403, ("不能记录自己的积分", "Nobody records their own points"), OTHERS),
    "service_too_long_ago": row(
        422,
        ("只能补记今年和去年的服务", "Only services of this year and the year before are recorded"),
        ("请核对日期。", "Check the day."),
    ),
    "already_counted": row(
        422,
        ("该服务已记过积分", "This service has its points already"),
        ("如有误，请先冲销原记录。", "Where they are wrong, take the entry back first."),
    ),
    "already_reversed": row(409, ("该记录已冲销", "The entry is taken back already"), READ_AGAIN),
    "reversal_is_final": row(
        409,
        ("冲销记录不能再冲销", "What takes an entry back is not taken back itself"),
        ("请重新记录积分。", "Record the points anew."),
    ),
}

POLICIES: Mapping[str, Problem] = {
    "policy_not_found": row(404, ("没有找到该规则", "No such rule"), CHECK_ID),
    "rate_over_100": row(
        422, ("比率不能超过 100%", "A rate is at most 100 per cent"), ("请核对 minimum。", "Check minimum.")
    ),
    "policy_ends_too_early": row(
        422,
        ("结束日期早于开始日期", "It ends before it begins"),
        ("valid_to 不能早于 valid_from。", "Name a day in valid_to that is not before valid_from."),
    ),
    "policy_begins_too_early": row(
        422,
        ("新规则不能追溯改变已生效的规则", "A rule does not reach back to change what was in force"),
        ("valid_from 须晚于今天，并晚于上一版本的开始日期。", "Begin it after today, and after the version before."),
    ),
}

EVALUATIONS: Mapping[str, Problem] = {
    "evaluation_not_found": row(404, ("没有找到该评议", "No such evaluation"), CHECK_ID),
    "evaluation_not_open": row(
        409, ("该评议目前不能这样办理", "This cannot be done with the evaluation now"), READ_AGAIN
    ),
    "objection_too_late": row(
        409,
        ("异议期已过", "The time to object is over"),
        ("如有疑问，请联系党建办。", "If there is a question, ask the Party-building office."),
    ),
    "own_evaluation": row(
        403, ("不能处理自己作出的评议或对自己的评议", "Nobody decides on their own evaluation"), OTHERS
    ),
    "period_not_over": row(
        409,
        ("该期间尚未结束", "The period is not over yet"),
        ("请在 {last} 之后再评议。", "Evaluate it after {last}."),
    ),
    "no_member_policy": row(
        422,
        ("该期间没有适用的规则", "No rule was in force for this period"),
        ("请由党建办先设置规则。", "Let the office enter one first."),
    ),
}

DUAL_SERVICE: Mapping[str, Problem] = {**REGISTRATIONS, **POINTS, **POLICIES, **EVALUATIONS}
