"""What can be done with every service: parked letters, read copies, keys, and the audit trail."""

import json
from collections.abc import Sequence

import click

from chassis import resealing
from chassis.audit import checking
from chassis.operating.offer import Copies, Offer
from chassis.operating.reach import of_services, offer
from chassis.operating.speaking import Progress, Verb, dry_run
from chassis.operator import ask, listed, page_through
from chassis.sealing import Sealer


@click.command(cls=Verb)
@of_services
def parked(services: Sequence[str]) -> None:
    """List the letters that SERVICE, or every service here, gave up on, with the reason: a JSON object a line."""
    letters = [letter for name in services for letter in ask(name, "list_parked")]
    for letter in letters:
        click.echo(json.dumps(letter, ensure_ascii=False))
    if not letters:
        _say_nothing_parked()


@click.command(cls=Verb)
@of_services
@click.argument("letter", nargs=-1)
@dry_run
@click.pass_context
def replay(ctx: click.Context, services: Sequence[str], letter: Sequence[str], dry_run: bool) -> None:
    """Put parked letters of SERVICE back in their queues: those with the ids LETTER, else all.

    Handlers are idempotent, so a replay does no harm where part of the work had been done. Ends with 1 where a letter
    is not parked, or the broker does not take it.
    """
    done = [_replayed(name, id, dry=dry_run) for name in services for id in letter or _parked(name)]
    if not done:
        _say_nothing_parked()
    ctx.exit(0 if all(done) else 1)


def _parked(service: str) -> list[str]:
    return [found["_id"] for found in ask(service, "list_parked")]


def _replayed(service: str, id: str, *, dry: bool) -> bool:
    done = id in _parked(service) if dry else ask(service, "replay_parked", id=id)
    went = "would go back to its queue" if dry else "back in its queue"
    click.echo(f"{id}: {went if done else 'not parked, or not taken by the broker'}")
    return bool(done)


def _say_nothing_parked() -> None:
    """To whoever looks on; what is piped further holds letters alone."""
    click.echo("nothing parked", err=True)


@click.command(cls=Verb)
@of_services
@dry_run
def rebuild(services: Sequence[str], dry_run: bool) -> None:
    """Make the read copies of SERVICE, or of every service here, anew from what their owners keep.

    The service and the owners have to be running; what is already as new as the owner has it stays as it is.
    """
    for name in services:
        for copies in offer(name).copies:
            click.echo(_would_be_copied(name, copies) if dry_run else _copied(name, copies))


def _copied(service: str, copies: Copies) -> str:
    with Progress() as progress:
        pages = page_through(service, copies.made_by, lambda n: progress(f"{service}: {copies.of}: page {n}"))
    return f"{service}: {copies.of}: pages copied: {pages}"


def _would_be_copied(service: str, copies: Copies) -> str:
    number = 0
    with Progress() as progress:
        for number, _ in enumerate(listed(copies.owner, copies.told_by), 1):
            progress(f"{service}: {copies.of}: {number}")
    return f"{service}: {copies.of}: {number} to be looked at, as {copies.owner} has them; nothing was changed"


@click.command(cls=Verb)
@of_services
@dry_run
@click.pass_context
def reseal(ctx: click.Context, services: Sequence[str], dry_run: bool) -> None:
    """Seal everything that SERVICE, or every service here, keeps with the newest of its keys, while it goes on.

    Broken off, it goes on where it was. Ends with 1, and names each, where none of the keys opens something.
    """
    # All settings are read before anything is changed.
    offers = [(name, offered, _sealer(offered)) for name in services for offered in [offer(name)]]
    carry_out = resealing.look if dry_run else resealing.main
    codes = []
    for name, offered, sealer in offers:
        with Progress() as progress:
            codes.append(carry_out(name, offered.marked, sealer, _say_for(name, progress), progress))
    ctx.exit(max(codes))


def _sealer(offered: Offer) -> Sealer:
    try:
        return offered.sealer()
    except ValueError as error:
        raise click.ClickException(f"{error}\nRun the command with the settings of the service itself.") from None


def _say_for(service: str, progress: Progress) -> resealing.Say:
    def say(text: str) -> None:
        progress.clear()
        click.echo(f"{service}: {text}", nl=False)

    return say


@click.command(cls=Verb)
@of_services
@click.option(
    "--heads",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Compare with the heads in this file, also several times; else with that of AUDIT_HEADS_FILE.",
)
@click.pass_context
def audit(ctx: click.Context, services: Sequence[str], heads: Sequence[str]) -> None:
    """Check the audit trail of SERVICE, or of every service here, while it runs.

    Says what is wrong, a line each, and then ends with 1.
    """
    ctx.exit(max([checking.main(name, heads, lambda text: click.echo(text, nl=False)) for name in services]))


VERBS = (parked, replay, rebuild, reseal, audit)
