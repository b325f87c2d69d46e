"""Units: the organisations that handle cases or send people, each tied to the grids that it serves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UNIT_TYPES: Mapping[str, tuple[str, str]] = {
    "CIVIL_AFFAIRS": ("民政局", "civil affairs bureau"),
    "CO_BUILDING": ("网格共建单位", "co-building unit"),
    "COMMUNITY": ("社区居委会", "community committee"),
    "ECO_ENV": ("生态环境局", "ecology and environment bureau"),
    "EDU_BUREAU": ("教育局", "education bureau"),
    "EMERGENCY": ("应急管理局", "emergency bureau"),
    "FIRE": ("消防救援大队", "fire brigade"),
    "GAS_CO": ("燃气公司", "gas company"),
    "GOV_DEPT": ("政务服务中心", "government service centre"),
    "GREENING": ("园林绿化所", "greening office"),
    "HEALTH_CENTRE": ("社区卫生服务中心", "health centre"),
    "HOUSING_BUREAU": ("住房和城乡建设局", "housing bureau"),
    "HR_BUREAU": ("人力资源和社会保障局", "human resources bureau"),
    "LIFT_MAINT": ("电梯维保单位", "lift maintenance firm"),
    "LIGHTING_OFFICE": ("路灯管理所", "street lighting office"),
    "MARKET_BUREAU": ("市场监督管理局", "market supervision bureau"),
    "MEDIATION_COMMITTEE": ("人民调解委员会", "mediation committee"),
    "MUNICIPAL": ("市政养护中心", "municipal maintenance centre"),
    "PARTY_ORG": ("党组织", "Party organisation"),
    "PIPE_OWNER": ("管线权属单位", "owner of pipes and manholes"),
    "POLICE": ("派出所", "police station"),
    "POWER_CO": ("供电公司", "power company"),
    "PROPERTY": ("物业公司", "property company"),
    "REPORTING_UNIT": ("双报到单位", "unit registered with a community"),
    "SANITATION": ("环境卫生所", "sanitation office"),
    "SPORTS_BUREAU": ("文化体育局", "culture and sports bureau"),
    "TELECOM": ("通信运营商", "telecom operator"),
    "TRAFFIC_POLICE": ("交警大队", "traffic police"),
    "UNION": ("总工会", "trade union federation"),
    "URBAN_COMMUNITY_ADMIN": ("城市社区管委会", "urban community authority"),
    "URBAN_MGMT": ("城市管理局", "urban management bureau"),
    "VOLUNTEER_TEAM": ("志愿服务队", "volunteer team"),
    "WATER_CO": ("自来水公司", "water company"),
    "WOMEN_FED": ("妇女联合会", "women's federation"),
}
"""Kinds of unit by code, with their names in Chinese and English (docs/domain.md §1 and §6.1)."""


@dataclass(frozen=True)
class Unit:
    """One organisation; `grid_codes` are the grids that it serves, in full."""

    id: str
    tenant: str
    name: str
    unit_type: str
    grid_codes: tuple[str, ...]
    active: bool = True

    def __post_init__(self) -> None:
        """Raises ValueError for a kind that the table does not know."""
        if self.unit_type not in UNIT_TYPES:
            raise ValueError(f"{self.unit_type!r} is not a kind of unit")


def announcement(unit: Unit) -> Mapping[str, Any]:
    """The body of `unit.registered` and `unit.changed`: all that a read copy needs."""
    return {
        "unit_id": unit.id,
        "name": unit.name,
        "unit_type": unit.unit_type,
        "grid_codes": list(unit.grid_codes),
    }
