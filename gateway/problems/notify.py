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
    "mandatory_kind": row(
        422,
        ("此类消息不能退订", "This kind of message cannot be declined"),
        (
            "本人案件的办理结果必须送达，请从退订或汇总的类别中去掉；类别见 details.kind。",
            "Results of one's own cases are always sent: leave the kind out of what is declined or gathered; "
            "details.kind names it.",
        ),
    ),
    "link_not_found": row(
        404,
        ("没有这个退订链接", "There is no such link to unsubscribe"),
        (
            "请完整打开消息中的链接，或登录后在消息设置中选择。",
            "Open the whole link of the message, or sign in and choose in the preferences.",
        ),
    ),
    "no_channel": row(503, ("暂无可用的发送渠道", "There is no channel to send it by"), LATER),
}
