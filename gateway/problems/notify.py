"""What notify refuses."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, LATER, Problem, row

NOTIFY: Mapping[str, Problem] = {
    "subscription_state": row(
        409,
        ("订阅当前状态不能这样操作", "Not possible in the present state of the subscription"),
        (
            "启用中的订阅可以暂停，已暂停或已停用的可以恢复，待验证的要先通过测试推送，事件流启用时才能读取；"
            "当前状态为 {status}。",
            "An active one can be paused, a paused or disabled one resumed, a pending one first has to take its test "
            "event, a feed is read while it is active; this one is {status}.",
        ),
    ),
    "subscription_without_holder": row(
        409,
        ("已无人可以接收该订阅", "Nobody may have this subscription any more"),
        (
            "现在没有人以所需的角色和范围持有该订阅；请先请区管理员授予有关人员该角色，或缩小订阅的区域，再恢复。",
            "Nobody holds it today in a role with its area; let somebody be given the role, or narrow its place, and "
            "resume it then.",
        ),
    ),
    "stream_too_far_behind": row(
        410,
        ("错过的内容太多，无法接续", "Too much was missed to go on"),
        (
            "请重新读取所显示的内容，再不带 Last-Event-ID 和 after 重新连接。",
            "Load what you show anew, and connect again without Last-Event-ID and after.",
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
            "期间的事件可能已缺失；请从 {oldest} 继续，或从头读取。",
            "Events may be missing: go on from {oldest}, and ask for the cases that matter.",
        ),
    ),
    "cursor_of_another_epoch": row(
        410,
        ("游标来自事件记录恢复之前", "The cursor is from before the log was restored"),
        (
            "记录已从备份恢复；请从 {oldest} 重新读取，按事件编号去重。",
            "The log was restored from a backup: read again from {oldest}, and drop repeats by the event's id.",
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
            "此类消息必须送达，请从退订或汇总的类别中去掉；该类别为 {kind}。",
            "Messages of this kind are always sent: leave {kind} out of what is declined or gathered.",
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
            "只有最终失败的消息可以重发；当前状态为 {state}。",
            "Only one that has failed for good is sent once more; this one is {state}.",
        ),
    ),
    "resending_not_found": row(404, ("没有找到该重发任务", "Nothing was sent once more under this id"), CHECK_ID),
    "template_not_found": row(
        404,
        ("没有找到该消息模板", "No such template"),
        (
            "请在 GET /v1/message-templates 中查看有哪些模板。",
            "See GET /v1/message-templates for those that there are.",
        ),
    ),
    "unknown_template_version": row(
        422,
        ("该模板没有这个版本", "The template has no such version"),
        ("请在版本列表中选一个；0 为内置版本。", "Choose one from the list of versions; 0 is the built-in one."),
    ),
    "template_changed": row(
        409,
        ("已有人保存了新版本", "Somebody has saved another version meanwhile"),
        (
            "请查看新版本后，以 {version} 作为 based_on 重新保存。",
            "Look at it, and save again with `based_on` {version}.",
        ),
    ),
    "template_refused": row(
        422,
        ("模板有误，未保存", "The template cannot be used and was not saved"),
        ("各处问题见 errors，line 为所在行。", "See each fault in `errors`; `line` is where it stands."),
    ),
    "template_syntax": row(
        422,
        ("模板语法有误", "The text cannot be read as a template"),
        (
            "请检查该行的括号和标签；原因是“{said}”。",
            "Check braces and tags of the line; the reason is '{said}'.",
        ),
    ),
    "unknown_template_variable": row(
        422,
        ("没有这个变量", "There is no such variable"),
        ("可用变量为 {known}。", "This template has {known}."),
    ),
    "template_variable_missing": row(
        422,
        ("缺少必需的变量", "A variable that has to be said is missing"),
        (
            "请在条件之外写出 {variable}，没有它这条消息没有用处。",
            "Say {variable} outside every condition: the message is of no use without it.",
        ),
    ),
    "template_forbidden": row(
        422,
        ("模板中不能这样写", "A template must not do this"),
        (
            "只能写变量、条件（if、and、or、not、==、!=）和 upper、lower、capitalize、trim；所写内容为 {what}。",
            "Variables, conditions (if, and, or, not, ==, !=) and upper, lower, capitalize, trim are all there is; "
            "what stands there is {what}.",
        ),
    ),
    "template_number": row(
        422,
        ("数字不能直接放在标签里", "A number must not stand in a tag by itself"),
        (
            "变量的值都是文字：数字请直接写在正文中，比较时写成 '3'。",
            "Every variable is a text: write a number outside of tags, and '3' where one is compared.",
        ),
    ),
    "template_loop": row(
        422,
        ("模板中不能有循环", "A template must not hold a loop"),
        ("请直接写出内容，循环和宏都不能用。", "Say it without: neither loops nor macros can be used."),
    ),
    "template_too_deep": row(
        422,
        ("嵌套过深", "Too much stands in one another"),
        ("请减少条件或括号的层数。", "Use fewer conditions or brackets in one another."),
    ),
    "template_characters": row(
        422,
        ("含有不可见的控制字符", "There are characters that nobody sees"),
        ("请删去控制字符和方向字符，换行只用 LF。", "Take out control and direction characters; a line ends with LF."),
    ),
    "template_markup": row(
        422,
        ("消息是纯文本，不能含 HTML", "Messages are plain text and hold no HTML"),
        (
            "请删去标签和 &…; 字符引用；小于号后请空一格。",
            "Take out tags and references like &amp;, and put a blank after `<`.",
        ),
    ),
    "template_title_missing": row(
        422,
        ("缺少标题", "There is no title"),
        ("第一行是标题，数据不全时也不能为空。", "The first line is the title, also where little is known."),
    ),
    "template_body_missing": row(
        422,
        ("缺少正文", "There is no body"),
        ("标题以下是正文，数据不全时也不能为空。", "What follows the title is the body, also where little is known."),
    ),
    "template_title_too_long": row(
        422,
        ("标题过长", "The title is too long"),
        ("最多 {most} 字。", "Write at most {most} characters."),
    ),
    "template_too_long": row(
        422,
        ("对该渠道来说过长", "Too long for the channel"),
        (
            "渠道 {channel} 最多 {most} 字，请缩短，或为该渠道另写一条。",
            "Channel {channel} takes at most {most} characters: shorten it, or write a text for it.",
        ),
    ),
    "no_channel": row(503, ("暂无可用的发送渠道", "There is no channel to send it by"), LATER),
}
