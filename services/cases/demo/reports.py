"""How the cases come in: who reports what in which words, by source (docs/domain.md §8.2)."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from cases.act import Act
from cases.case import Source
from cases.category import Category
from cases.demo.hands import DISPATCHER, WORKER, Crew
from cases.demo.site import Site
from cases.demo.story import Step
from cases.demo.wording import ASKERS, REPORTS

BY_CONTACT = frozenset({Source.SESSION, Source.HOTLINE, Source.PHONE})
"""Sources in which somebody of the staff files for a person without an account."""

SNAPPING = ("rider", "volunteer")
"""Roles of those who report what they pass by with one photo."""


@dataclass(frozen=True)
class Filed:
    """A report as it is made, and the account that can rate it; None where somebody has to be called."""

    step: Step
    reporter: str | None


class Reports:
    """Reports from every source but the intake sessions."""

    def __init__(self, crew: Crew, chance: Random) -> None:
        self._crew, self._chance = crew, chance
        self._transferred = 0

    def of(self, source: Source, kind: Category, site: Site, at: datetime) -> Filed:
        """One report about a matter of that kind."""
        said = {**site.said, "text": words(kind, self._chance), "source": source.value}
        if source in BY_CONTACT:
            return self._for_somebody(source, site, at, said)
        by = self._found_by(source, site)
        # What workers find is often done by their own committee, of which they are: so the desk asks them.
        return Filed(Step(at, Act.REPORT, by, {**said, "category": kind.code}), None if source is Source.PATROL else by)

    def nameless(self, kind: Category, site: Site, at: datetime, complained: str | None) -> Filed:
        """A report of which nobody is to know who made it, perhaps about a unit."""
        about = {"complained_unit_id": complained} if complained else {}
        said = {**site.said, "text": words(kind, self._chance), "anonymous": True, **about}
        return Filed(Step(at, Act.REPORT, self._crew.resident(site), said), None)

    def _found_by(self, source: Source, site: Site) -> str:
        if source is Source.PATROL:
            return self._crew.one(WORKER, site.grid_code)
        role = self._chance.choice(SNAPPING) if source is Source.SNAP else "resident"
        return self._crew.resident(site, role)

    def _for_somebody(self, source: Source, site: Site, at: datetime, said: dict[str, Any]) -> Filed:
        by = self._crew.one(DISPATCHER, site.grid_code)
        self._transferred += source is Source.HOTLINE
        number = {"external_number": f"GZ{at:%Y%m%d}{self._transferred:04d}"} if source is Source.HOTLINE else {}
        return Filed(Step(at, Act.REPORT, by, {**said, **number, "on_behalf_of": asker(self._chance)}), None)


def words(kind: Category, chance: Random) -> str:
    """What somebody writes about such a matter."""
    return chance.choice(REPORTS[kind.code])


def asker(chance: Random) -> dict[str, Any]:
    """Somebody without an account who agreed to leave a phone."""
    name, phone = chance.choice(ASKERS)
    return {"name": name, "phone": phone, "consent": True}
