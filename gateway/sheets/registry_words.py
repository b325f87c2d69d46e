"""What the codes of registers are called: roles, kinds of unit, skills and identities that people agreed to show."""

from collections.abc import Mapping

from gateway.problems import Text

ROLES: Mapping[str, Text] = {
    "resident": Text("居民", "resident"),
    "rider": Text("骑手", "rider"),
    "grid_worker": Text("网格员", "grid worker"),
    "community_worker": Text("社区工作者", "community worker"),
    "dispatcher": Text("调度员", "dispatcher"),
    "inspector": Text("督查员", "inspector"),
    "in_service_member": Text("在职党员", "in-service member"),
    "volunteer": Text("志愿者", "volunteer"),
    "unit_contact": Text("单位联系人", "unit contact"),
    "union_leader": Text("工会领导", "union leader"),
    "union_cadre": Text("工会干部", "union cadre"),
    "party_office": Text("党建办", "Party office"),
    "district_admin": Text("区管理员", "district administrator"),
    "auditor": Text("审计员", "auditor"),
}
"""Roles (docs/domain.md §5)."""

UNIT_TYPES: Mapping[str, Text] = {
    "CIVIL_AFFAIRS": Text("民政局", "civil affairs bureau"),
    "CO_BUILDING": Text("网格共建单位", "co-building unit"),
    "COMMUNITY": Text("社区居委会", "community committee"),
    "ECO_ENV": Text("生态环境局", "ecology and environment bureau"),
    "EDU_BUREAU": Text("教育局", "education bureau"),
    "EMERGENCY": Text("应急管理局", "emergency bureau"),
    "ENTERPRISE": Text("企业", "enterprise"),
    "FIRE": Text("消防救援大队", "fire brigade"),
    "GAS_CO": Text("燃气公司", "gas company"),
    "GOV_DEPT": Text("政务服务中心", "government service centre"),
    "GREENING": Text("园林绿化所", "greening office"),
    "HEALTH_CENTRE": Text("社区卫生服务中心", "health centre"),
    "HOUSING_BUREAU": Text("住房和城乡建设局", "housing bureau"),
    "HR_BUREAU": Text("人力资源和社会保障局", "human resources bureau"),
    "LIFT_MAINT": Text("电梯维保单位", "lift maintenance firm"),
    "LIGHTING_OFFICE": Text("路灯管理所", "street lighting office"),
    "MARKET_BUREAU": Text("市场监督管理局", "market supervision bureau"),
    "MEDIATION_COMMITTEE": Text("人民调解委员会", "mediation committee"),
    "MUNICIPAL": Text("市政养护中心", "municipal maintenance centre"),
    "PARTY_ORG": Text("党组织", "Party organisation"),
    "PIPE_OWNER": Text("管线权属单位", "owner of pipes and manholes"),
    "POLICE": Text("派出所", "police station"),
    "POWER_CO": Text("供电公司", "power company"),
    "PROPERTY": Text("物业公司", "property company"),
    "REPORTING_UNIT": Text("双报到单位", "unit registered with a community"),
    "SANITATION": Text("环境卫生所", "sanitation office"),
    "SOCIAL_ORG": Text("社会组织", "social organisation"),
    "SPORTS_BUREAU": Text("文化体育局", "culture and sports bureau"),
    "TELECOM": Text("通信运营商", "telecom operator"),
    "TRAFFIC_POLICE": Text("交警大队", "traffic police"),
    "UNION": Text("总工会", "trade union federation"),
    "URBAN_COMMUNITY_ADMIN": Text("城市社区管委会", "urban community authority"),
    "URBAN_MGMT": Text("城市管理局", "urban management bureau"),
    "VOLUNTEER_TEAM": Text("志愿服务队", "volunteer team"),
    "WATER_CO": Text("自来水公司", "water company"),
    "WOMEN_FED": Text("妇女联合会", "women's federation"),
}
"""Kinds of unit, as members calls them."""

SKILLS: Mapping[str, Text] = {
    "admin": Text("代办服务", "paperwork"),
    "cable": Text("线缆", "cables"),
    "care": Text("照护", "care"),
    "cleaning": Text("保洁", "cleaning"),
    "construction": Text("建筑", "construction"),
    "electrician": Text("电工", "electrician"),
    "enforcement": Text("执法", "enforcement"),
    "fire": Text("消防", "fire safety"),
    "gas": Text("燃气", "gas"),
    "greening": Text("绿化", "greening"),
    "hr": Text("就业指导", "job advice"),
    "law": Text("法律", "law"),
    "lift": Text("电梯", "lifts"),
    "mediation": Text("调解", "mediation"),
    "medical": Text("医疗", "medicine"),
    "municipal": Text("市政", "municipal works"),
    "organising": Text("组织协调", "organising"),
    "plumber": Text("水暖", "plumbing"),
    "police": Text("治安", "policing"),
    "psych": Text("心理疏导", "counselling"),
    "repair": Text("维修", "repair"),
    "rescue": Text("应急救援", "rescue"),
    "teaching": Text("教学辅导", "teaching"),
    "traffic": Text("交通", "traffic"),
}
"""Skills, as members calls them."""

IDENTITIES: Mapping[str, Text] = {
    "party_member": Text("党员", "Party member"),
    "veteran": Text("退役军人", "veteran"),
    "rider_party_member": Text("骑手党员", "rider and Party member"),
}
"""Identities that people agreed to show (docs/domain.md §5)."""


def code(words: Mapping[str, Text], text: str) -> str:
    """The code that a text names, in either language or by itself; what names none stays as it is, to be refused."""
    said = text.lower()
    return next((code for code, name in words.items() if said in {code.lower(), name.zh, name.en.lower()}), text)
