"""What members refuses about the rotation of service days."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

CHECK_VISITS = ("请核对到访小区清单。", "Check the list of visits.")
RELOAD = ("请刷新后查看当日安排。", "Reload the plan of that day.")

ROTATION: Mapping[str, Problem] = {
    "rotation_not_found": row(
        404, ("尚未登记服务队伍", "No teams are entered"), ("请先登记队伍。", "Enter the teams first.")
    ),
    "plan_not_found": row(404, ("当日没有服务安排", "There is no plan of that day"), CHECK_ID),
    "order_not_found": row(404, ("没有这项指定安排", "There is no such order"), RELOAD),
    "service_day_not_found": row(
        404,
        ("该服务日尚未登记到访小区", "What the service day has served is not recorded"),
        ("请由组织者登记。", "Let its organiser record it."),
    ),
    "unknown_activity": row(422, ("没有该活动", "There is no such activity"), CHECK_ID),
    "unknown_team": row(422, ("没有这支队伍", "There is no such team"), ("请核对队伍编号。", "Check its id.")),
    "team_named_twice": row(
        422, ("队伍名称重复", "Two teams have one name"), ("请使用不同名称。", "Give them different names.")
    ),
    "turn_planned_already": row(422, ("当日已安排该小区", "The compound has a turn on that day"), RELOAD),
    "no_turn_to_give": row(
        422,
        ("让出的小区当日没有可让的安排", "The compound that is to give way has no turn to give"),
        RELOAD,
    ),
    "compound_named_twice": row(422, ("小区重复填写", "A compound is named twice"), CHECK_VISITS),
    "bound_would_break": row(
        409,
        ("这样安排会有小区超过 12 个服务日未服务", "Some compound would wait more than 12 service days"),
        (
            "请改换让出的小区；确需如此时设 break_bound 为 true。",
            "Let another one give way, or set break_bound if it is meant so.",
        ),
    ),
    "service_day_begun": row(
        409,
        ("当日安排已不能更改", "The plan of a day that has come stays"),
        ("请调整以后的服务日。", "Change a later day."),
    ),
    "plan_called_off": row(409, ("当日不再是服务日", "There is no service day on that day any more"), RELOAD),
    "not_a_service_day": row(409, ("该活动不是服务日", "The activity is no service day"), CHECK_ID),
    "service_day_not_over": row(
        409, ("服务日尚未结束", "The service day is not over"), ("请结束后登记。", "Record it once it is over.")
    ),
}
