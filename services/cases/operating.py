"""What operators do with cases: its keys and copies; counting anew, letting go and moving photos while it runs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from cases.keys import sealer
from cases.ledger.lists import List
from cases.ledger.schemas import MOST_LINES
from cases.listing_schemas import AREA, MOST_IN_PAGE
from cases.marked import MARKED
from cases.showing.sight import AUDITOR
from chassis.operating.offer import Copies, Export, Offer
from chassis.operating.speaking import Progress, Verb, dry_run
from chassis.operator import NotDone, ask, page_through

COUNTED = ("cases", "lines", "counters")

STORE_SECONDS = 45.0
"""Longer than cases waits for a store that is silent or slow, so that it can say so itself."""

BUCKET_AWAY = """The bucket that PHOTO_S3_ENDPOINT and PHOTO_S3_BUCKET name for cases does not answer, or refuses.
The line `bytes of photos are away` in the log of cases says why. Run the command again then; what was done is kept."""


@click.command(cls=Verb)
@dry_run
def recount(dry_run: bool) -> None:
    """Count the indicators anew from the cases, and put right what differs, while cases is running.

    With --dry-run nothing is put right: counters are then compared with the lines as they are.
    """
    sums, after = dict.fromkeys(COUNTED, 0), ""
    with Progress() as progress:
        while after is not None:
            found = ask("cases", "recount_indicators", after=after, dry=dry_run)
            sums = {name: n + found[name] for name, n in sums.items()}
            after = found["next"]
            progress(f"cases seen: {sums['cases']}; next: {after}")
    right = "to be put right" if dry_run else "put right"
    click.echo(f"cases seen: {sums['cases']}; lines {right}: {sums['lines']}; counters {right}: {sums['counters']}")
    if dry_run:
        click.echo("nothing was changed")


@click.command(cls=Verb)
@dry_run
def retain(dry_run: bool) -> None:
    """Let go of everything personal whose retention is over, now, while cases is running."""
    over = ask("cases", "retention_due")
    if dry_run:
        click.echo(f"over now, with their photos: {_told(over)}; nothing was changed")
        return
    with Progress() as progress:
        page_through("cases", "retain", lambda n: progress(f"steps: {n}"))
    left = ask("cases", "retention_due")
    went = {kind: number - left.get(kind, 0) for kind, number in over.items()}
    click.echo(f"let go of, with their photos: {_told(went)}; each lot is in the audit trail and in the log")


@click.command(cls=Verb)
@dry_run
def move_photos(dry_run: bool) -> None:
    """Move the bytes of photos from the database into the bucket of the settings, while cases is running.

    Broken off, it goes on where it was when it is run again. Photos are shown meanwhile as before.
    """
    waiting = ask("cases", "photos_to_move")
    if waiting is None:
        reason = "cases has no bucket: set PHOTO_S3_ENDPOINT and what belongs to it, and start it anew."
        raise click.ClickException(reason)
    if dry_run:
        click.echo(f"sizes of photos to be moved: {waiting}; nothing was changed")
        return
    done = 0
    with Progress() as progress:
        for each in _pages("move_photos"):
            done += each["found"]
            progress(f"sizes of photos moved: {done} of {waiting}")
    click.echo(f"sizes of photos moved: {done}; left: {ask('cases', 'photos_to_move')}")


@click.command(cls=Verb)
@dry_run
def check_photos(dry_run: bool) -> None:
    """Hold photos against their bytes, wherever these are, and remove bytes of no photo, while cases is running.

    It ends with 1 where photos have no bytes any more, and names them. With --dry-run nothing is removed.
    """
    ask("cases", "photos_to_move")  # it answers at once where cases runs, before a store is waited for
    with Progress() as progress:
        extra, lacking = 0, list[str]()
        for each in _pages("remove_unrecorded", dry=dry_run):
            extra += each["found"]
            progress(f"sizes that belong to no photo: {extra}, so far")
        for each in _pages("photos_lacking"):
            lacking += each["found"]
            progress(f"photos without bytes: {len(lacking)}, so far")
    done = "to be removed" if dry_run else "removed"
    click.echo(f"sizes that belong to no photo, {done}: {extra}; photos without bytes: {len(lacking)}")
    for id in lacking:
        click.echo(id)
    if lacking:
        raise click.exceptions.Exit(1)


def _pages(method: str, **asked: Any) -> Iterator[Mapping[str, Any]]:
    after: str | None = ""
    while after is not None:
        try:
            page = ask("cases", method, STORE_SECONDS, after=after, **asked)
        except NotDone as refused:
            raise click.ClickException(BUCKET_AWAY) if refused.code == "photos_unavailable" else refused from None
        yield page
        after = page["next"]


def _told(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {number}" for kind, number in numbers.items() if number) or "nothing"


Questions = Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]


def _of_cases(area: str) -> Questions:
    return [({}, {"limit": MOST_IN_PAGE})]


def _of_ledger(area: str) -> Questions:
    return [({"list": each.value}, {"area": area, "list": each.value, "limit": MOST_LINES}) for each in List]


OFFER = Offer(
    marked=MARKED,
    sealer=sealer,
    copies=(Copies("the territory", "copy_places", "members", "places"),),
    exports=(
        Export("cases", "cases", AUDITOR, "cases", AREA, _of_cases),
        Export("ledger", "ledger", AUDITOR, "ledger", AREA, _of_ledger, of_period=True),
    ),
    commands=(recount, retain, move_photos, check_photos),
)
