"""What more than one service refuses."""

from collections.abc import Mapping

from gateway.problems.problem import ASK_OFFICE, CHECK_ID, LATER, RELOAD, Problem, row

SHARED: Mapping[str, Problem] = {
    "invalid": row(
        422,
        ("提交的内容有误", "The content is not valid"),
        ("请按 errors 逐项更正后重新提交。", "Correct what errors points at and send the request again."),
    ),
    "not_permitted": row(403, ("没有权限", "Not permitted"), ASK_OFFICE),
    "out_of_scope": row(403, ("超出管辖范围", "Outside your scope"), ASK_OFFICE),
    "unknown_grid": row(
        422,
        ("没有这个网格", "There is no such grid"),
        ("请填写已有的 15 位网格编码，或改填位置。", "Name a grid that there is, by its 15 digits, or a point."),
    ),
    "unknown_area": row(
        422,
        ("该区域未登记，或所涉时间内尚未设立", "There is no such area, or not at that time"),
        (
            "请核对区域编码；下级区域须在上级区域之后登记。",
            "Check the code; an area is entered after the one that it lies in.",
        ),
    ),
    "compound_not_found": row(404, ("没有找到该小区", "No such compound"), CHECK_ID),
    "unknown_assignee": row(422, ("没有找到承办人员或单位", "No such person or unit"), CHECK_ID),
    "unknown_person": row(422, ("没有找到该人员", "There is no such person"), CHECK_ID),
    "stale_version": row(412, ("内容已被更新", "It has changed in the meantime"), RELOAD),
    "nobody_to_ask": row(
        409,
        ("没有可联系的人", "Nobody can be asked"),
        ("对方没有留下可用的联系方式。", "No way to reach them was left."),
    ),
    "unknown_act": row(
        422,
        ("审计记录中没有这种操作", "The audit trail knows no such act"),
        ("可查询的操作为 {known}。", "Name one of {known}."),
    ),
    "busy_try_again": row(503, ("同时操作的人太多", "Too many act on this at once"), LATER),
    "command_id_reused": row(
        422,
        ("同一幂等键已用于其他内容", "The idempotency key was used for something else"),
        ("请换用新的幂等键。", "Use a new key."),
    ),
    "outside_all_grids": row(
        422,
        ("该位置不在任何网格内", "The point lies outside every grid"),
        ("请核对位置，或选择所在网格。", "Check the point, or name the grid."),
    ),
    "grid_closed": row(
        422,
        ("所列网格此时未启用或已撤并", "Some of the grids are not in force at that time"),
        ("请改用现行网格。", "Name grids that are in force."),
    ),
    "unknown_unit": row(
        422,
        ("没有这个单位", "There is no such unit"),
        ("请填写本区已有的单位，或不填。", "Name a unit of the district, or none."),
    ),
    "unknown_crs": row(
        422,
        ("不支持这种坐标系", "The coordinate system is not known"),
        ("请使用 WGS84、CGCS2000、GCJ02 或 BD09。", "Use WGS84, CGCS2000, GCJ02 or BD09."),
    ),
    "method_not_found": row(
        500,
        ("系统版本不一致", "The services do not fit together"),
        ("请联系管理员升级系统。", "Ask the operator to update the services."),
    ),
}
