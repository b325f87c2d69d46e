"""Units: the organisations that handle cases or send people, each tied to the grids that it serves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.errors import Refusal
from members.organisations.tie import Tie, grids, next_turn, tied

UNIT_TYPES: Mapping[str, tuple[str, str]] = {
    "CIVIL_AFFAIRS": ("民政局", "civil affairs bureau"),
    "CO_BUILDING": ("网格共建单位", "co-building unit"),
    "COMMUNITY": ("社区居委会", "community committee"),
    "ECO_ENV": ("生态环境局", "ecology and environment bureau"),
    "EDU_BUREAU": ("教育局", "education bureau"),
    "EMERGENCY": ("应急管理局", "emergency bureau"),
    "ENTERPRISE": ("企业", "enterprise"),
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
    "SOCIAL_ORG": ("社会组织", "social organisation"),
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


PROPERTY = "PROPERTY"
"""The one kind whose grids are not chosen: they are those of the compounds that it manages (F05)."""

REGISTERED, CHANGED, CLOSED = "unit.registered", "unit.changed", "unit.closed"


@dataclass(frozen=True)
class Unit:
    """One organisation; `grid_codes` are the grids that it serves, in full, and `active` whether it is open: both as
    of when it was settled last (see `settled`), while `ties` and `closed` answer for any moment. `turns_at` is when
    it changes next by itself.

    Without `ties` the grids have been served always. `contact_id` is the person who speaks for it; the phone is that
    person's and never kept here.
    """

    id: str
    tenant: str
    name: str
    unit_type: str
    grid_codes: tuple[str, ...]
    active: bool = True
    credit_code: str | None = None
    party_organisation: str | None = None
    contact_id: str | None = None
    ties: tuple[Tie, ...] = ()
    closed: datetime | None = None
    turns_at: datetime | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a kind that the table does not know."""
        if self.unit_type not in UNIT_TYPES:
            raise ValueError(f"{self.unit_type!r} is not a kind of unit")

    @property
    def follows_compounds(self) -> bool:
        """Whether its grids are those of the compounds that it manages."""
        return self.unit_type == PROPERTY

    def open_at(self, at: datetime) -> bool:
        """Whether the unit is there at that moment."""
        return self.closed is None or at < self.closed

    def grids_at(self, at: datetime) -> tuple[str, ...]:
        """The grids that it serves at that moment, by code."""
        return grids(self.ties, at) if self.open_at(at) else ()

    def serves_after(self, grid_code: str, at: datetime) -> bool:
        """Whether it serves the grid at some time from that moment on."""
        ties = (tie for tie in self.ties if tie.grid_code == grid_code and (tie.until is None or tie.until > at))
        return (self.closed is None or self.closed > at) and any(ties)


def settled(unit: Unit, now: datetime) -> Unit:
    """The unit with the grids and the state that it has now."""
    return replace(unit, grid_codes=unit.grids_at(now), active=unit.open_at(now), turns_at=_turns_at(unit, now))


def serving(unit: Unit, codes: Iterable[str], since: datetime, now: datetime) -> Unit:
    """The unit when from `since` on it serves exactly these grids."""
    return settled(replace(unit, ties=tied(unit.ties, codes, since)), now)


def closed(unit: Unit, at: datetime, now: datetime) -> Unit:
    """The unit when it closes at that moment, and serves no grid from then on; refuses `unit_closed`.

    One that was to close at another moment serves until this one what it would have served until that.
    """
    if not unit.active:
        raise Refusal("unit_closed", unit_id=unit.id)
    ties = [replace(tie, until=None) if unit.closed and tie.until == unit.closed else tie for tie in unit.ties]
    return settled(replace(unit, ties=tied(ties, (), at), closed=at), now)


def check_open(unit: Unit) -> None:
    """Refuses `unit_closed` for a unit that has closed or will."""
    if not unit.active or unit.closed is not None:
        raise Refusal("unit_closed", unit_id=unit.id)


def announcement(unit: Unit) -> Mapping[str, Any]:
    """The body of `unit.registered`, `unit.changed` and `unit.closed`: all that a read copy needs."""
    return {
        "unit_id": unit.id,
        "name": unit.name,
        "unit_type": unit.unit_type,
        "grid_codes": list(unit.grid_codes),
        "active": unit.active,
    }


def _turns_at(unit: Unit, now: datetime) -> datetime | None:
    closing = unit.closed if unit.closed is not None and unit.closed > now else None
    return min((turn for turn in (closing, next_turn(unit.ties, now)) if turn is not None), default=None)
