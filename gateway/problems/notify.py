"""What notify refuses."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, LATER, Problem, row

NOTIFY: Mapping[str, Problem] = {
    "subscription_state": row(
        409,
        ("订阅当前状态不能这样操作", "Not possible in the present state of the subscription"),
        (
            "启用中的订阅可以暂停，已暂停或已停用的可以恢复，待验证的要先通过测试推送；当前状态见 details.status。",
            "An active one can be paused, a paused or disabled one resumed, a pending one first has to take its test "
            "event; details.status is its state.",
        ),
    ),
    "notice_not_found": row(404, ("没有找到该通知", "No such notice"), CHECK_ID),
    "subscription_not_found": row(404, ("没有找到该订阅", "No such subscription"), CHECK_ID),
    "delivery_not_found": row(404, ("没有找到该投递记录", "No such delivery"), CHECK_ID),
    "url_refused": row(
        422,
        ("不能向该地址推送", "Nothing can be delivered to this address"),
        ("请使用公网可达的 HTTPS 地址。", "Use an HTTPS address that is publicly reachable."),
    ),
    "no_channel": row(503, ("暂无可用的发送渠道", "There is no channel to send it by"), LATER),
}
