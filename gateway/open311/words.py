"""What is said of a request in the standard's free texts, in both languages; it decides nothing."""

from collections.abc import Mapping

from gateway.problems import Text

PROMISE = Text("{respond}内响应，{resolve}内解决", "Answered within {respond}, solved within {resolve}")

UNITS: Mapping[str, tuple[Text, Text]] = {
    "m": (Text("{}分钟", "{} minute"), Text("{}分钟", "{} minutes")),
    "h": (Text("{}小时", "{} hour"), Text("{}小时", "{} hours")),
    "wh": (Text("{}个工作小时", "{} working hour"), Text("{}个工作小时", "{} working hours")),
    "wd": (Text("{}个工作日", "{} working day"), Text("{}个工作日", "{} working days")),
    "d": (Text("{}天", "{} day"), Text("{}天", "{} days")),
}
"""In what the time of a category is counted: one of it, and several."""

GROUPS: Mapping[str, str] = {
    "PUBLIC_FACILITY": "Public facilities",
    "ROAD_TRAFFIC": "Road traffic",
    "CITY_APPEARANCE": "City appearance",
    "GREENING": "Greening",
    "HOUSING_PROPERTY": "Housing and property",
    "PUBLIC_SAFETY": "Public safety",
    "DISPUTE": "Disputes",
    "LIVELIHOOD": "Livelihood",
    "NEW_EMPLOYMENT": "New-employment workers",
    "CONSULT_SUGGEST": "Consultation and suggestions",
}
"""What the groups of categories are called in English, where the catalogue has a code (docs/domain.md §6.1)."""

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

NO_ADDRESS = Text(
    "没有这个地址。Open311 的地址以 .xml 或 .json 结尾，缺少时请补上后缀；入口见 /open311/discovery.json。",
    "There is no such address. Those of Open311 end with .xml or .json: add the ending where it is missing. "
    "/open311/discovery.json says where they begin.",
)

TAKEN = Text("已收到，请保存编号以便查询。", "It was received. Keep the number to look it up.")

CONTACT = Text(
    "综合治理办。密钥和接口使用问题请向其咨询。",
    "The governance office. Ask there for keys, and how this is used.",
)
KEYS = Text(
    "上报需要密钥，由区管理员以 POST /v1/api-keys 开通；查询无需密钥。",
    "Filing needs a key, which an administrator of the district opens by POST /v1/api-keys; reading needs none.",
)
