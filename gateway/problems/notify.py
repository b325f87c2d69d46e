"""What notify refuses."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, LATER, Problem, row

NOTIFY: Mapping[str, Problem] = {
    "subscription_state": row(
        409,
        ("订阅当前状态不能这样操作", "Not possible in the present state of the subscription"),
        (
            "启用中的订阅可以暂停，已暂停或已停用的可以恢复，待验证的要先通过测试推送，事件流启用时才能读取；"
            "当前状态见 details.status。",
            "An active one can be paused, a paused or disabled one resumed, a pending one first has to take its test "
            "event, a feed is read while it is active; details.status is its state.",
        ),
    ),
    "notice_not_found": row(404, ("没有找到该通知", "No such notice"), CHECK_ID),
    "subscription_not_found": row(404, ("没有找到该订阅", "No such subscription"), CHECK_ID),
    "delivery_not_found": row(404, ("没有找到该投递记录", "No such delivery"), CHECK_ID),
    "way_unsuited": row(
        409,
        ("该订阅方式没有这项操作", "Not with a subscription of this way"),
        (
            "测试、密钥和重新投递只用于推送和队列，地址和旧密钥只用于推送；事件流请用较早的游标重新读取。",
            "Tests, secrets and replays are for webhooks and queues, addresses and old secrets for webhooks; read a "
            "feed again from an earlier cursor.",
        ),
    ),
    "way_not_offered": row(
        422,
        ("本系统未提供这种订阅方式", "This installation does not offer this way"),
        ("请改用 webhook 或 feed。", "Subscribe with the way webhook or feed."),
    ),
    "old_secret_in_force": row(
        409,
        ("旧密钥仍然有效", "The old secret still signs"),
        (
            "请先结束旧密钥，或等它到期（见订阅的 old_secret_until）。",
            "End the old secret first, or wait until its time is over (old_secret_until of the subscription).",
        ),
    ),
    "feed_not_found": row(
        404,
        ("没有可读取的事件流", "There is no feed to read"),
        ("请先以 feed 方式订阅。", "Subscribe with the way feed first."),
    ),
    "feed_ambiguous": row(
        422,
        ("有多个事件流", "There are several feeds"),
        (
            "请用 subscription_id 指明其中一个，见 details.subscription_ids。",
            "Name one with subscription_id; details.subscription_ids lists them.",
        ),
    ),
    "outside_subscription": row(
        422,
        ("超出订阅范围", "Not covered by the subscription"),
        (
            "筛选条件只能缩小订阅的范围，请更正或修改订阅。",
            "A filter can only narrow what is subscribed to: correct it, or change the subscription.",
        ),
    ),
    "cursor_too_old": row(
        410,
        ("游标所指的事件已不再保存", "What the cursor points at is not kept any more"),
        (
            "期间的事件可能已缺失；请从 details.oldest 继续，或从头读取。",
            "Events may be missing: go on from details.oldest, and ask for the cases that matter.",
        ),
    ),
    "cursor_of_another_epoch": row(
        410,
        ("游标来自事件记录恢复之前", "The cursor is from before the log was restored"),
        (
            "记录已从备份恢复；请从 details.oldest 重新读取，按事件编号去重。",
            "The log was restored from a backup: read again from details.oldest, and drop repeats by the event's id.",
        ),
    ),
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
    "message_not_found": row(404, ("没有找到该消息", "No such message"), CHECK_ID),
    "message_not_failed": row(
        409,
        ("该消息没有发送失败", "The message has not failed for good"),
        (
            "只有最终失败的消息可以重发；当前状态见 details.state。",
            "Only one that has failed for good is sent once more; details.state is its state.",
        ),
    ),
    "resending_not_found": row(404, ("没有找到该重发任务", "Nothing was sent once more under this id"), CHECK_ID),
    "no_channel": row(503, ("暂无可用的发送渠道", "There is no channel to send it by"), LATER),
}
