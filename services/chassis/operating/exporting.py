"""Taking a list away as a file: read page by page while the service runs, and entered in its audit trail first."""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryFile, mkstemp
from typing import IO, Any

import click
from marshmallow import ValidationError

from chassis.audit.row import OPERATOR
from chassis.caller import Caller, Grant
from chassis.operating.offer import Export
from chassis.operating.reach import here, offer
from chassis.operating.speaking import Progress, Verb
from chassis.operator import ask, listed
from chassis.schema import instant

FORMAT = "jsonl"
TOLD_EVERY = 50
STANDARD_OUTPUT = Path("-")
LIKE = "2026-03-01T00:00:00+08:00"


class ListName(click.ParamType[tuple[str, Export]]):
    """The name of a list that a service here has; it is the list itself, after its service."""

    name = "list"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Export]:
        """The list of that name; ends the program, with those there are, for another."""
        found = exports()
        if value not in found:
            have = f"there is {', '.join(sorted(found))}" if found else "no service here has one"
            self.fail(f"there is no list {value} here; {have}.", param, ctx)
        return found[value]


def exports() -> dict[str, tuple[str, Export]]:
    """The lists of the services that are here by their names, each after its service."""
    return {each.name: (service, each) for service in here() for each in offer(service).exports}


class InstantText(click.ParamType[str]):
    """An RFC 3339 instant with its offset, as it was written."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as it is; ends the program, with one that would be right, for what names no instant."""
        try:
            instant(value)
        except ValidationError:
            self.fail(f"{value!r} is no instant with its offset, like {LIKE}.", param, ctx)
        return str(value)


class ListVerb(Verb):
    """Says at the end of its help which lists there are here."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The lists of the services that are here, and which of them take a period."""
        found = [name + (" (takes --since and --until)" if each.of_period else "") for name, (_, each) in _sorted()]
        formatter.write_paragraph()
        formatter.write_text(f"Lists here: {', '.join(found) or 'none'}.")


def _sorted() -> list[tuple[str, tuple[str, Export]]]:
    return sorted(exports().items())


@click.command(cls=ListVerb)
@click.argument("wanted", metavar="LIST", type=ListName())
@click.option("--area", required=True, metavar="CODE", help="The code of the district, town, community or grid.")
@click.option(
    "--to",
    "file",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, allow_dash=True),
    help="A new file, for its owner alone; - for standard output.",
)
@click.option(
    "--since", metavar="INSTANT", type=InstantText(), help=f"What falls in a period alone, from this on, like {LIKE}."
)
@click.option("--until", metavar="INSTANT", type=InstantText(), help="And before this.")
def export(wanted: tuple[str, Export], area: str, file: Path, since: str | None, until: str | None) -> None:
    """Take LIST of an area away as a file with one JSON object a line, as an auditor sees it: masked.

    The service has to be running. That the file leaves is in its audit trail before it does.
    """
    service, list_ = wanted
    _check_form(list_, area)
    period = {name: at for name, at in (("since", since), ("until", until)) if at is not None}
    if period and not list_.of_period:
        raise click.UsageError(f"{list_.name} is as it stands now: leave --since and --until out.")
    _check_new(file)
    caller = Caller(OPERATOR, (Grant(list_.role, area),)).dump()
    with TemporaryFile("w+", encoding="utf-8") as kept:
        lines = _write(kept, _lines(service, list_, area, {"caller": caller, "after": None, **period}))
        if not lines:
            _check_known(service, area)
        ask(service, "note_download", caller=caller, kind=list_.kind, format=FORMAT, lines=lines, area=area)
        kept.seek(0)
        _hand_over(kept, file)
    click.echo(f"{service}: {list_.name} of {area}, lines: {lines}", err=True)


def _check_form(list_: Export, area: str) -> None:
    """End the program for what can be the code of no area."""
    try:
        list_.area(area)
    except ValidationError as error:
        raise click.BadParameter(str(error.messages[0]), param_hint="'--area'") from None


def _check_known(service: str, area: str) -> None:
    """End the program for an area that there is not: nothing in a list of it would say that nothing is there."""
    if not ask(service, "knows_area", area=area):
        raise click.ClickException(f"{service} knows no area {area}: see that the code is right.")


def _lines(service: str, list_: Export, area: str, asked: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for named, question in list_.questions(area):
        for item in listed(service, list_.entrypoint, **asked, **question):
            yield {**named, **item}


def _write(kept: IO[str], lines: Iterator[Mapping[str, Any]]) -> int:
    """Write them, a line each; how many there were."""
    number = 0
    with Progress() as progress:
        for number, line in enumerate(lines, 1):
            kept.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            if number % TOLD_EVERY == 0:
                progress(f"{number} lines")
    return number


def _check_new(file: Path) -> None:
    if file != STANDARD_OUTPUT and file.exists():
        raise click.ClickException(f"{file} is there already: name another file, or remove it first.")


def _hand_over(kept: IO[str], file: Path) -> None:
    """Give it its name once it is whole, whatever breaks it off; `mkstemp` makes a file for its owner alone."""
    if file == STANDARD_OUTPUT:
        shutil.copyfileobj(kept, sys.stdout)
        return
    try:
        opened, name = mkstemp(prefix=".sandan-export-", dir=file.parent)
        unfinished = Path(name)
        try:
            with os.fdopen(opened, "w", encoding="utf-8") as out:
                shutil.copyfileobj(kept, out)
            _check_new(file)
            unfinished.rename(file)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written ({error.strerror}): name another file.") from None
