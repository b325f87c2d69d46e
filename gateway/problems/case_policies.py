"""The refusals of what a district decides about its cases, in both languages."""

from collections.abc import Mapping

from gateway.problems.problem import Problem, row

CHECK_CATALOGUE = ("请对照现行目录 GET /v1/categories。", "Compare it with the catalogue in force, GET /v1/categories.")
TERMS = (
    "请填写 30m、2h、4wh（工作时）、3wd（工作日）或 15d 这样的时限。",
    "Write a term like 30m, 2h, 4wh (working hours), 3wd (working days) or 15d.",
)
ONCE = ("每个只能列一次。", "Name each one once.")

CASE_POLICIES: Mapping[str, Problem] = {
    "policy_begins_too_late": row(
        422,
        ("生效日期过远", "It begins too far ahead"),
        ("最晚为 {latest}。", "Name a day up to {latest}."),
    ),
    "weights_not_one": row(
        422,
        ("三项权重之和不等于 1", "The weights do not add up to 1"),
        ("现为 {sum}，请调整。", "They add up to {sum}: change them."),
    ),
    "unknown_category_group": row(
        422,
        ("没有这个类别组", "There is no such group of categories"),
        ("类别编码前两位须为 01 至 10。", "The first two digits of a code are one of the groups 01 to 10."),
    ),
    "physical_not_as_group": row(
        422,
        ("是否实物类由类别组决定", "Whether a matter is physical its group says"),
        ("请不填 physical，或填写 {physical}。", "Leave physical out, or send {physical}."),
    ),
    "unknown_severity": row(
        422,
        ("没有这个紧急程度", "There is no such severity"),
        ("请填写 E、U、N 或 L。", "Name E, U, N or L."),
    ),
    "term_not_readable": row(422, ("时限格式有误", "This is no term"), TERMS),
    "term_too_long": row(
        422, ("时限过长", "The term is too long"), ("最长为 {longest}。", "It is {longest} at the most.")
    ),
    "respond_after_resolve": row(
        422,
        ("响应时限晚于办结时限", "The answer would be due after the solution"),
        ("请缩短 respond 或延长 resolve。", "Shorten respond, or lengthen resolve."),
    ),
    "unknown_unit_type": row(422, ("没有这类单位", "There is no such kind of unit"), CHECK_CATALOGUE),
    "unknown_certificate": row(422, ("没有这种证书", "There is no such certificate"), CHECK_CATALOGUE),
    "category_twice": row(422, ("类别编码重复", "Two categories have the same code"), ONCE),
    "category_named_twice": row(422, ("类别名称重复", "Two categories have the same name"), ONCE),
    "category_in_use": row(
        409,
        ("有未办结案件的类别不能取消", "Open cases have categories that are missing"),
        ("请补上 {categories}。", "Put {categories} back."),
    ),
}
