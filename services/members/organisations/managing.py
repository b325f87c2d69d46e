"""Property companies serve the grids of the compounds that they manage: both change in one write (F05)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from chassis.command import Asked
from chassis.records import Outcome, Writing
from members.area import tenant_of
from members.organisations.store import UnitStore
from members.organisations.unit import CHANGED, announcement, check_open, serving
from members.territory.compound import Compound
from members.territory.store import TerritoryStore


def following(
    organisations: UnitStore,
    territory: TerritoryStore,
    asked: Asked,
    role: str,
    changes: Sequence[tuple[Compound | None, Compound]],
    since: datetime,
) -> list[Writing]:
    """What gives the companies of these compounds their grids from `since` on, to be written with the compounds.

    `changes` are the compounds, all of one district, as they are kept (None: new) and as they become. Every company
    concerned is written, also one whose grids stay: two who change compounds of it at once meet in its version. Refuses
    `unit_closed` for a company that a compound is given to.
    """
    companies = {id for pair in changes for each in pair if each and (id := each.property_company_id)}
    if not companies:
        return []
    tenant = tenant_of(changes[0][1].grid_code)
    # Loaded before the compounds: whoever changes one of those afterwards changes the company's version too.
    found = organisations.records.find({"_id": {"$in": sorted(companies)}, "tenant": tenant})
    concerned = {after.id for _, after in changes}
    kept_so = [each for each in territory.managed_by(sorted(companies), tenant) if each.id not in concerned]
    after = [*kept_so, *(each for _, each in changes)]
    for kept in found:
        if any(_gets(pair, kept.id) for pair in changes):
            check_open(kept.item)
    now = asked.now
    served = {kept.id: serving(kept.item, _grids(after, kept.id), since, now) for kept in found if kept.item.active}
    return [
        organisations.records.changing(
            asked, kept, Outcome(served[kept.id], CHANGED, announcement(served[kept.id]), role), along=True
        )
        for kept in found
        if kept.id in served
    ]


def succeeding(
    organisations: UnitStore,
    asked: Asked,
    role: str,
    tenant: str,
    successors: Mapping[str, Sequence[str]],
    at: datetime,
) -> list[Writing]:
    """What gives the units of closing grids the grids that follow these from `at` on, to be written with the grids.

    `successors` are the codes of those that follow, by the code of the closing one. Property companies are left out:
    they go with their compounds.
    """
    found = organisations.with_ties_to(successors, tenant)
    writings = []
    for kept in found:
        served = kept.item.grids_at(at)
        if kept.item.follows_compounds or not set(served) & set(successors):
            continue
        codes = {new for code in served for new in successors.get(code, (code,))}
        after = serving(kept.item, codes, at, asked.now)
        outcome = Outcome(after, CHANGED, announcement(after), role)
        writings.append(organisations.records.changing(asked, kept, outcome, along=True))
    return writings


def _gets(pair: tuple[Compound | None, Compound], company: str) -> bool:
    before, after = pair
    had = before.property_company_id if before else None
    return after.property_company_id == company != had


def _grids(compounds: Iterable[Compound], company: str) -> set[str]:
    return {each.grid_code for each in compounds if each.property_company_id == company}
