"""The entrypoints by which registers come from spreadsheets: all lines are kept, or none, and every fault is told."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from time import sleep
from typing import Any

from marshmallow import Schema

from chassis.command import Asked
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.fault import Fault
from chassis.ids import new_id
from chassis.records import Outcome, Writing, carried_out
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.accounts.store import AccountStore
from members.imports import schemas
from members.imports.batch import Import, misformed, placed, repeated
from members.imports.store import ImportStore
from members.organisations.desk import district_of, entry_of
from members.organisations.registrar import UnitRegistrar
from members.organisations.registration import Entry
from members.organisations.store import UnitStore
from members.people.registrar import Registrar
from members.people.registration import Newcomer
from members.people.store import PeopleStore
from members.permission import permitted_role
from members.reading import Reading, read
from members.sealing import Seal
from members.territory.store import TerritoryStore

Answer = dict[str, Any]
Faults = list[dict[str, Any]]

AT_ONCE = 100
"""Lines that are looked at before others who wait for the process get their turn."""


class ImportDesk(Desk):
    """Looks at registers line by line, and keeps them in one transaction."""

    imports_kept: ImportStore = Store(ImportStore)
    organisations: UnitStore
    people: PeopleStore
    accounts: AccountStore
    territory: TerritoryStore
    seal: Seal
    demo: bool

    @rpc
    def import_units(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Register the units of all lines: the receipt with their `ids`; with `dry_run` only the `faults`.

        Refuses `not_permitted`, `out_of_scope`, `command_id_reused`, and `lines_refused` with every fault of every
        line: what `register_unit` refuses, and `credit_code_repeated` within the lines.
        """
        given, asked = load(schemas.LinesSchema(), body), self._asked(caller, command_id, body)
        tenant = district_of(asked.caller, "register_unit", {name: given[name] for name in given if name == "district"})
        role = permitted_role(asked.caller, "register_unit", tenant)
        registrar = UnitRegistrar(self.organisations, self.people, self.territory)

        def look() -> tuple[Faults, list[Entry]]:
            lines, faults = _loaded(schemas.UnitLineSchema(), given["items"])
            entries = [(n, entry_of(line.fields, tenant, asked.now)) for n, line in lines]
            found = _found(lines, registrar.faults([entry for _, entry in entries], asked.now))
            taken = {n for n, each in found if any(fault.code == "credit_code_taken" for fault in each)}
            codes = [(n, entry.credit_code) for n, entry in entries]
            twice = repeated(codes, taken)
            return [*faults, *placed(found), *twice], [entry for _, entry in entries]

        def keep(entries: Sequence[Entry]) -> tuple[list[str], list[Writing]]:
            writings = registrar.writings(asked, entries, role, along=True)
            return [each.change.id for each in writings], writings

        return self._imported("units", asked, given, (tenant, role), look, keep, self.organisations.one_code_each)

    @rpc
    def import_people(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Register the people of all lines: the receipt with their `ids`; with `dry_run` only the `faults`.

        Of the day of birth nothing is kept. Refuses as `import_units`, what `register_person` refuses of a line, and
        `phone_repeated` within the lines.
        """
        given, asked = load(schemas.LinesSchema(), body), self._asked(caller, command_id, body)
        tenant = district_of(asked.caller, "import_people", {name: given[name] for name in given if name == "district"})
        role = permitted_role(asked.caller, "import_people", tenant)
        registrar = Registrar(self.people, self.accounts, self.organisations, self.territory, self.seal)

        def look() -> tuple[Faults, list[Newcomer]]:
            lines, faults = _loaded(schemas.PersonLineSchema(demo=self.demo), given["items"])
            newcomers = [Newcomer(tenant=tenant, **line.fields) for _, line in lines]
            found = _found(lines, registrar.faults(asked.caller, newcomers, asked.now))
            return [*faults, *placed(found)], newcomers

        def keep(newcomers: Sequence[Newcomer]) -> tuple[list[str], list[Writing]]:
            writings = registrar.writings(asked, newcomers, along=True)
            return [each.change.id for each in writings if each.outbox.subject == "person"], writings

        return self._imported("people", asked, given, (tenant, role), look, keep, self.accounts.one_way_each)

    def _imported(
        self,
        register: str,
        asked: Asked,
        given: Answer,
        within: tuple[str, str],
        look: Callable[[], tuple[Faults, list[Any]]],
        keep: Callable[[Sequence[Any]], tuple[list[str], list[Writing]]],
        once_each: Callable[[], AbstractContextManager[None]],
    ) -> Answer:
        records = self.imports_kept.records
        if not given["dry_run"] and (answer := records.answered(asked)):
            return answer
        faults, entries = look()
        if given["dry_run"]:
            return {"lines": len(given["items"]), "faults": _by_line(faults)}
        if faults:
            raise Refusal("lines_refused", errors=_by_line(faults))
        tenant, role = within
        ids, writings = keep(entries)
        batch = Import(new_id(), tenant, register, len(entries))
        outcome = Outcome(batch, f"{register}.imported", {"lines": batch.lines}, role, answer={"ids": ids})
        try:
            with once_each():
                return carried_out([records.opening(asked, outcome), *writings])[0]
        except Refusal:
            # The same command meanwhile, or somebody else with one of the codes or phones: then it is found now.
            if answer := records.answered(asked):
                return answer
            if faults := look()[0]:
                raise Refusal("lines_refused", errors=_by_line(faults)) from None
            raise


def _loaded(schema: Schema, items: Sequence[Answer]) -> tuple[list[tuple[int, Reading]], Faults]:
    """The lines as far as they can be read, each with its number, and the faults of their form."""
    lines: list[tuple[int, Reading]] = []
    faults: Faults = []
    for n, item in enumerate(items):
        if n % AT_ONCE == 0:
            sleep(0)
        try:
            lines.append((n, read(schema, item)))
        except Refusal as refusal:
            faults += [misformed(fault, n) for fault in refusal.details["errors"]]
    faults += [misformed(fault, n) for n, line in lines for fault in line.errors]
    return lines, faults


def _found(lines: Sequence[tuple[int, Reading]], faults: Sequence[Sequence[Fault]]) -> list[tuple[int, list[Fault]]]:
    """What rules found of each line, besides what is told of its form."""
    return [(n, line.besides(each)) for (n, line), each in zip(lines, faults, strict=True)]


def _by_line(faults: Faults) -> Faults:
    """In the order of the lines."""
    return sorted(faults, key=lambda fault: int(fault["pointer"].split("/")[2]))
