"""The command `sandan` itself: what suits every service, and the commands of the services whose code is here."""

from collections.abc import Iterator

import click
from environs import EnvError

from chassis.launcher import run as run_service
from chassis.listed import BadList
from chassis.operating.exporting import export
from chassis.operating.reach import ServiceName, here, offer
from chassis.operating.setting_fault import sentence
from chassis.operating.speaking import Verb
from chassis.operating.verbs import VERBS
from chassis.sealing import NoKeys, WrongKeys
from chassis.setup import prepare


class Front(click.Group):
    """Has the commands of its services beside its own; a service is loaded only when none of its own is meant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all, in the order of the alphabet."""
        return sorted({*super().list_commands(ctx), *(str(each.name) for each in _offered())})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None where neither chassis nor a service that is here has one."""
        return super().get_command(ctx, cmd_name) or next((each for each in _offered() if each.name == cmd_name), None)


def _offered() -> Iterator[click.Command]:
    """One after the other, so that no more services are loaded than it takes to find one."""
    for service in here():
        yield from offer(service).commands


@click.group(cls=Front, context_settings={"help_option_names": ["-h", "--help"]})
def sandan() -> None:
    """Start the services of Sandan and look after them.

    A command speaks with the services, the broker and the database that the settings of this process name
    (docs/operations.md). It ends with 0 when it is done, with 1 when it could not be done or found something wrong, and
    with 2 when it was not understood.
    """


@click.command()
@click.argument("service", type=ServiceName())
def run(service: str) -> None:
    """Run one process of SERVICE until a signal ends it."""
    try:
        run_service(service)
    except (BadList, EnvError, NoKeys, WrongKeys) as error:
        raise click.ClickException(sentence(error)) from None


@click.command(cls=Verb)
@click.argument("service", type=ServiceName())
def setup(service: str) -> None:
    """Create the indexes, exchanges and queues of SERVICE; safe to repeat."""
    for queue in prepare(service):
        click.echo(f"{queue} was gone and is declared anew; {service} will ask for what it missed")
    click.echo(f"{service} is set up")


for each in (run, setup, export, *VERBS):
    sandan.add_command(each)
