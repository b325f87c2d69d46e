"""What notify refuses."""

from collections.abc import Mapping

from gateway.problems.problem import ASK_OFFICE, CHECK_ID, LATER, Problem, row

NOTIFY: Mapping[str, Problem] = {
    "out_of_scope": row(403, ("超出管辖范围", "Outside your scope"), ASK_OFFICE),
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
