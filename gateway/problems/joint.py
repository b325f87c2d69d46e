"""What cases refuses where several handle a matter together: summons, mediation and mechanisms."""

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
    "visit_too_far": row(
        422,
        ("到场时间太远", "The time to be on the spot is too far away"),
        ("due_on_site 须在 30 天以内。", "Name a time in due_on_site within 30 days."),
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

MEDIATION: Mapping[str, Problem] = {
    "not_a_dispute": row(409, ("只有矛盾纠纷类案件可以调解", "Only a dispute is mediated"), RELOAD),
    "own_dispute": row(
        403,
        ("不能调解自己的纠纷", "Nobody mediates their own quarrel"),
        ("请由其他人员调解。", "Let somebody else mediate."),
    ),
    "mediated_by_another": row(
        409, ("该案件已有调解人", "Somebody else mediates it"), ("请由原调解人继续。", "Let them go on.")
    ),
    "not_the_mediator": row(
        403,
        ("您不是该案件的调解人", "You are not the mediator of this case"),
        (
            "请由调解人填写；尚未开始调解的，请先 mediate。",
            "Let the mediator do it; where nobody mediates yet, mediate first.",
        ),
    ),
    "settled_by_missing": row(
        422,
        ("没有说明由谁化解", "It does not say who settled it"),
        ("达成一致的，请填写 settled_by。", "Where they agreed, name in settled_by who settled it."),
    ),
    "settled_by_needless": row(
        422,
        ("没有达成一致，不计化解层级", "What was not agreed was settled by nobody"),
        ("请去掉 settled_by。", "Leave settled_by out."),
    ),
    "agreement_missing": row(
        422,
        ("缺少签字的协议", "The signed agreement is missing"),
        ("请上传协议照片并填入 agreement。", "Upload a photo of it and name it in agreement."),
    ),
    "outcome_missing": row(
        409,
        ("纠纷的调解结果尚未填写", "It is not written down how the mediation ended"),
        ("请由调解人填写结果后再核查。", "Let the mediator settle it first; then inspect it."),
    ),
}

MECHANISMS: Mapping[str, Problem] = {
    "mechanisms_not_found": row(404, ("该区域尚未设置联动机制", "No mechanisms are entered for this area"), CHECK_ID),
    "no_mechanisms": row(
        422,
        ("尚未设置联动机制", "No joint mechanisms are entered"),
        ("请去掉 mechanism_id，或先由综合治理办设置。", "Leave mechanism_id out, or let the office enter them first."),
    ),
    "unknown_mechanism": row(422, ("没有这个有效的联动机制", "There is no such mechanism that holds"), CHECK_ID),
    "mechanism_named_twice": row(
        422, ("联动机制重名", "Two mechanisms have one name"), ("请更改名称。", "Give each a name of its own.")
    ),
    "mechanism_ends_too_early": row(
        422,
        ("结束日期早于开始日期", "It ends before it begins"),
        ("valid_to 不能早于 valid_from。", "Name a day in valid_to that is not before valid_from."),
    ),
}

JOINT: Mapping[str, Problem] = {**SUMMONS, **MEDIATION, **MECHANISMS}
