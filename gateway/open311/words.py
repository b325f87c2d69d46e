"""What is said of a request in the standard's free texts, in both languages; it decides nothing."""

from collections.abc import Mapping

from gateway.problems import Text

STATUSES: Mapping[str, Text] = {
    "REPORTED": Text("已上报，待受理", "Reported, and not judged yet"),
    "VERIFYING": Text("核实中", "Being verified"),
    "REGISTERED": Text("已立案", "Registered"),
    "DISPATCHED": Text("已派遣", "Dispatched"),
    "ACCEPTED": Text("已接单", "Accepted"),
    "IN_PROGRESS": Text("处置中", "Work is under way"),
    "SUSPENDED": Text("缓办", "Suspended"),
    "RESOLVED": Text("已处置，待核查", "Done, and to be inspected"),
    "REOPENED": Text("重新办理", "Reopened"),
    "CLOSED": Text("已结案", "Closed"),
    "REJECTED": Text("不予立案", "Not accepted as a case"),
    "MERGED": Text("已并入同一问题的案件", "Merged into another case about the same"),
    "WITHDRAWN": Text("反映人已撤回", "Withdrawn by who reported it"),
}
"""The finer state, of which the standard knows open and closed alone."""

ACTS: Mapping[str, Text] = {
    "report": Text("上报", "It was reported."),
    "register": Text("立案", "It was registered as a case."),
    "reject": Text("不予立案", "It was not accepted as a case."),
    "merge": Text("并案", "It was merged into another case."),
    "answer_directly": Text("直接答复", "It was answered."),
    "dispatch": Text("派遣", "It was dispatched."),
    "accept": Text("接单", "Somebody took it on."),
    "arrive": Text("到达现场", "Somebody arrived at the spot."),
    "start": Text("开始处置", "Work began."),
    "suspend": Text("缓办", "It was suspended."),
    "resume": Text("恢复办理", "Work goes on."),
    "feedback": Text("处置完毕", "The work was said to be done."),
    "inspect_pass": Text("核查结案", "It was inspected and closed."),
    "rework": Text("退回返工", "The inspection sent it back."),
    "reopen": Text("重新办理", "It was reopened."),
    "withdraw": Text("撤回", "It was withdrawn."),
}
"""What is told in notes of what was done; nothing that anybody said."""

PROMISE = Text("{respond}内响应，{resolve}内解决", "Answered within {respond}, solved within {resolve}")

UNITS: Mapping[str, Text] = {
    "m": Text("分钟", " min"),
    "h": Text("小时", " h"),
    "wh": Text("个工作小时", " working h"),
    "wd": Text("个工作日", " working d"),
    "d": Text("天", " d"),
}
"""In what the time of a category is counted."""

STAFF = Text("社区工作人员", "community staff")
OFFICE = Text("综合治理办", "the governance office")

WEIGHS_ON: Mapping[str, Text] = {
    "elderly": Text("老年人", "old people"),
    "child": Text("儿童", "children"),
    "disabled": Text("残疾人", "people with disabilities"),
}

ATTRIBUTES: Mapping[str, Text] = {
    "emergency": Text(
        "本系统不是紧急求助渠道，遇险请先拨打110、119或120。",
        "This is not an emergency service: in danger call 110, 119 or 120 first.",
    ),
    "compound": Text("所在小区的编号", "The id of the compound that it is in"),
    "asset": Text("所涉公共设施的编号", "The id of the fixed asset that it is about"),
    "weighs_on": Text("主要影响哪些人", "Whom it weighs on"),
}

HINTS: Mapping[str, Text] = {
    "compound": Text("请求记录中的 address_id", "What requests tell as their address_id"),
    "asset": Text("设施标牌上的编号", "As the office has entered it"),
    "weighs_on": Text("可多选", "Any number of them"),
}

TAKEN = Text("已收到，请保存编号以便查询。", "It was received. Keep the number to look it up.")

CONTACT = Text(
    "综合治理办。使用说明见 docs/open311.md。", "The governance office. How it is used stands in docs/open311.md."
)
KEYS = Text(
    "上报需要密钥，由区管理员以 POST /v1/api-keys 开通；查询无需密钥。",
    "Filing needs a key, which an administrator of the district opens by POST /v1/api-keys; reading needs none.",
)
