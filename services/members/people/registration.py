"""Registering somebody: who may enter whom, and everything that is wrong with an entry, each fault with its field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from chassis.caller import Caller, Grant
from chassis.errors import Refusal
from chassis.fault import Fault
from members.area import tenant_of
from members.people.person import LOCAL, FreeTime
from members.people.skill import Certificate
from members.people.tenure import giver
from members.permission import within
from members.role import SPEAKER
from members.territory.compound import Compound

YOUNGEST = 14
"""Years from which on somebody is registered without a guardian (docs/domain.md §5); guardians give no consent here."""

OFFICES = ("district_admin", "party_office")
PROXIES = ("community_worker", "grid_worker")
"""Who enters residents of the own grid, on their word, also those who have no phone (F56)."""

HOW = ("in_person", "on_paper", "by_phone")
"""How somebody has agreed to be entered by another."""


@dataclass(frozen=True)
class Consent:
    """That somebody agreed to be registered: how, and to which version of the text."""

    how: str
    text_version: str


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is to be registered; of `born` nothing is kept but that they are old enough.

    `phone` is a number that was found well-formed; `tenant` is the district, `compound_id` the home, `roles` those
    besides the resident's. Staff may sign in by a `login` with the password of which `password_hash` is kept.
    """

    name: str
    tenant: str
    honorific: str = ""
    phone: str | None = None
    compound_id: str | None = None
    unit_id: str | None = None
    registered_with: str | None = None
    skills: frozenset[str] = frozenset()
    certificates: tuple[Certificate, ...] = ()
    free_times: tuple[FreeTime, ...] = ()
    language: str = "zh-CN"
    roles: tuple[Grant, ...] = ()
    born: date | None = None
    consent: Consent | None = None
    login: str | None = None
    password_hash: str | None = None

    @property
    def grants(self) -> tuple[Grant, ...]:
        """Every role that they get, the resident's among them."""
        return tuple(dict.fromkeys((Grant("resident", self.tenant), *self.roles)))


@dataclass(frozen=True)
class Surroundings:
    """What an entry is held against: places, units and phones that are known, and grids that nobody is tied to."""

    compounds: Mapping[str, Compound] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    """The district of each unit by its id."""
    grid_faults: Mapping[str, str] = field(default_factory=dict)
    """By the code of a grid, why nobody can be tied to it: `unknown_grid` or `grid_closed`."""
    communities: frozenset[str] = frozenset()
    """The codes of those communities among the ones named that exist now."""
    phones: frozenset[str] = frozenset()
    """Phones among those asked for that another has."""
    repeated: frozenset[str] = frozenset()
    """Phones that several entries of the same list name."""


def faults(newcomer: Newcomer, around: Surroundings, caller: Caller, now: datetime) -> list[Fault]:
    """Everything that is wrong with the entry, field by field; none means that it can be kept.

    Who may enter nobody is told of that alone.
    """
    allowed = list(_consent(newcomer, around, caller))
    if any(fault.code == "not_permitted" for fault in allowed):
        return allowed
    return [
        *_age(newcomer, now),
        *_home(newcomer, around),
        *_unit(newcomer, around),
        *_phone(newcomer, around),
        *_roles(newcomer, around, caller),
        *allowed,
        *_community(newcomer, around),
    ]


def enters(caller: Caller, newcomer: Newcomer, home_grid: str | None) -> str:
    """The role in which the caller enters the person.

    Refuses `not_permitted` to who enters nobody, and `out_of_scope` beyond the own scope: an office enters people of
    its area, or of its district who have no home there; a worker enters those who live in the own grid.
    """
    for role in OFFICES:
        # Of somebody without a home the roles say where they belong; each of them is looked at by itself.
        at = home_grid or next((grant.scope for grant in newcomer.roles), newcomer.registered_with or newcomer.tenant)
        if within(caller, role, at):
            return role
    for role in PROXIES:
        if home_grid is not None and within(caller, role, home_grid):
            return role
    if caller.roles & {*OFFICES, *PROXIES}:
        raise Refusal("out_of_scope", act="register_person")
    raise Refusal("not_permitted", act="register_person")


def age(born: date, today: date) -> int:
    """Full years; who was born on a 29 February is a year older on 1 March of a common year."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _age(newcomer: Newcomer, now: datetime) -> Iterator[Fault]:
    today = now.astimezone(LOCAL).date()
    if newcomer.born is not None and newcomer.born > today:
        yield Fault("/born", "born_in_future")
    elif newcomer.born is not None and age(newcomer.born, today) < YOUNGEST:
        yield Fault("/born", "under_age", {"youngest": YOUNGEST})


def _home(newcomer: Newcomer, around: Surroundings) -> Iterator[Fault]:
    if newcomer.compound_id is None:
        return
    grid_code = _home_grid(newcomer, around)
    if grid_code is None:
        yield Fault("/compound_id", "unknown_compound", {"compound_id": newcomer.compound_id})
    elif code := around.grid_faults.get(grid_code):
        yield Fault("/compound_id", code, {"grid_codes": [grid_code]})


def _home_grid(newcomer: Newcomer, around: Surroundings) -> str | None:
    """The grid of the home; None without one, and where there is no such compound in the district."""
    compound = around.compounds.get(newcomer.compound_id or "")
    return compound.grid_code if compound and tenant_of(compound.grid_code) == newcomer.tenant else None


def _unit(newcomer: Newcomer, around: Surroundings) -> Iterator[Fault]:
    if newcomer.unit_id is None and any(grant.role == SPEAKER for grant in newcomer.roles):
        yield Fault("/unit_id", "unit_missing")
    if newcomer.unit_id is not None and around.units.get(newcomer.unit_id) != newcomer.tenant:
        yield Fault("/unit_id", "unknown_unit", {"unit_id": newcomer.unit_id})


def _phone(newcomer: Newcomer, around: Surroundings) -> Iterator[Fault]:
    if newcomer.phone in around.phones:
        yield Fault("/phone", "phone_taken")
    elif newcomer.phone in around.repeated:
        yield Fault("/phone", "phone_repeated")


def _roles(newcomer: Newcomer, around: Surroundings, caller: Caller) -> Iterator[Fault]:
    for n, grant in enumerate(newcomer.roles):
        if tenant_of(grant.scope) != newcomer.tenant:
            yield Fault(f"/roles/{n}/scope", "out_of_scope")
            continue
        if grant.scope in around.grid_faults:
            code = around.grid_faults[grant.scope]
            yield Fault(f"/roles/{n}/scope", code, {"grid_codes": [grant.scope]})
        try:
            giver(caller, grant)
        except Refusal as refused:
            code = refused.code
            yield Fault(f"/roles/{n}", code)


def _consent(newcomer: Newcomer, around: Surroundings, caller: Caller) -> Iterator[Fault]:
    home = _home_grid(newcomer, around)
    # Whether the caller reaches a home that there is not, nobody knows: some of the district is enough.
    unplaced = newcomer.compound_id is not None and home is None
    try:
        role = (_somewhere(caller, newcomer.tenant) if unplaced else None) or enters(caller, newcomer, home)
    except Refusal as refused:
        code = refused.code
        yield Fault("", code)
        return
    if role in PROXIES and newcomer.consent is None:
        yield Fault("/consent", "consent_missing")


def _somewhere(caller: Caller, district: str) -> str | None:
    """The first role in which the caller enters people anywhere in the district."""
    held = (role for role in (*OFFICES, *PROXIES) if district in map(tenant_of, caller.scopes(role)))
    return next(held, None)


def _community(newcomer: Newcomer, around: Surroundings) -> Iterator[Fault]:
    code = newcomer.registered_with
    if code is not None and tenant_of(code) != newcomer.tenant:
        yield Fault("/registered_with", "out_of_scope")
    elif code is not None and code not in around.communities:
        yield Fault("/registered_with", "unknown_community", {"area": code})
