"""What cases refuses about demands, resources and projects."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

RELOAD_LISTS = ("请刷新清单后重试。", "Reload the list and try again.")
CHOOSE_ANOTHER = ("请刷新清单，另选一项。", "Reload the list and choose another.")

DEMANDS: Mapping[str, Problem] = {
    "demand_not_found": row(404, ("没有找到该需求", "No such demand"), CHECK_ID),
    "unknown_demand": row(422, ("没有找到所列需求", "A demand was not found"), CHECK_ID),
    "demand_taken": row(409, ("需求已被其他项目认领或已了结", "The demand is no longer open"), CHOOSE_ANOTHER),
    "demand_not_open": row(409, ("需求已不在待匹配状态", "The demand is not open"), RELOAD_LISTS),
    "demand_until_past": row(
        422,
        ("有效期已过", "The last day is over"),
        ("until 须为今天或以后。", "Name today or a later day in until."),
    ),
    "demand_until_too_far": row(
        422,
        ("有效期过长", "The last day is too far ahead"),
        ("最晚为 {latest}。", "Name a day up to {latest}."),
    ),
    "needs_already_listed": row(
        409,
        ("该次走访的需求已登记", "The needs of this visit are listed already"),
        ("如有新的需求，请单独登记。", "List what is new by itself."),
    ),
}

RESOURCES: Mapping[str, Problem] = {
    "resource_not_found": row(404, ("没有找到该资源", "No such resource"), CHECK_ID),
    "unknown_resource": row(422, ("没有找到所列资源", "A resource was not found"), CHECK_ID),
    "resource_taken": row(409, ("资源已被占用", "Nothing is left of the resource"), CHOOSE_ANOTHER),
    "resource_in_use": row(
        409,
        ("项目正在使用该资源，不能撤回", "A project has the resource"),
        ("请待项目结束或取消后再撤回。", "Withdraw it once the project has ended or is cancelled."),
    ),
    "resource_withdrawn": row(409, ("资源已撤回", "The resource is withdrawn"), RELOAD_LISTS),
    "resource_elsewhere": row(422, ("资源不服务于该地点", "The resource does not serve the place"), CHOOSE_ANOTHER),
    "capacity_spoken_for": row(
        422,
        ("次数少于已占用的次数", "More of it is spoken for"),
        ("capacity 不能小于 {least}。", "Name at least {least} in capacity."),
    ),
    "offer_is_over": row(
        409, ("资源的提供期已过", "The offer is over"), ("请改 until 或另选资源。", "Change until, or choose another.")
    ),
    "offer_ends_before_it_begins": row(
        422,
        ("结束日期早于开始日期", "The offer ends before it begins"),
        ("until 不能早于 since。", "Name a day in until that is not before since."),
    ),
}

PROJECTS: Mapping[str, Problem] = {
    "project_not_found": row(404, ("没有找到该项目", "No such project"), CHECK_ID),
    "project_about_nothing": row(
        422,
        ("项目没有对应的需求或案件", "The project is about nothing"),
        ("请在 demands 或 cases 中至少填写一项。", "Name at least one in demands or cases."),
    ),
    "project_has_moved_on": row(409, ("项目当前状态不能这样操作", "The project has moved on"), RELOAD_LISTS),
    "unknown_case": row(422, ("没有找到所列案件", "A case was not found"), CHECK_ID),
}

MATCH_LISTS: Mapping[str, Problem] = {**DEMANDS, **RESOURCES, **PROJECTS}
