"""How commands speak: results on standard output, progress on a terminal alone, and errors that say what to do next.

A command ends with 0 when it is done, with 1 when it could not be done or found something wrong, with 2 when it was not
understood, and with 130 or 143 when Ctrl-C or SIGTERM broke it off.
"""

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self, TextIO

import click
from environs import EnvError
from kombu.exceptions import OperationalError
from pymongo.errors import PyMongoError

from chassis.errors import Busy
from chassis.operating.setting_fault import sentence
from chassis.sealing import NoKeys, WrongKeys

CLEARED = "\r\x1b[K"
"""Goes back to the beginning of a terminal's line and empties it."""

dry_run = click.option("--dry-run", is_flag=True, help="Change nothing, and say what would be done.")


class Progress:
    """Says how far long work has come, on one line that is written over; silent where no terminal is."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Standard error unless another stream is given."""
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()

    def __call__(self, text: str) -> None:
        """Put this in place of what was said before."""
        if self._shown:
            self._stream.write(f"{CLEARED}… {text}")
            self._stream.flush()

    def clear(self) -> None:
        """Leave nothing on the line, so that a result begins there."""
        if self._shown:
            self._stream.write(CLEARED)
            self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()


class BrokenOff(SystemExit):
    """Somebody wants the command to end, by the signal of that number."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)


@contextmanager
def _breaking_off() -> Iterator[None]:
    """Raise `BrokenOff` in the block where a signal wants it to end; with a second one the process is gone."""
    found = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    before = {number: handler for number, handler in found.items() if handler is not signal.SIG_IGN}

    def break_off(number: int, frame: Any) -> None:
        for each in before:
            signal.signal(each, signal.SIG_DFL)
        raise BrokenOff(number)

    for number in before:
        signal.signal(number, break_off)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Verb(click.Command):
    """A command that needs servers and settings, and says what to do where they are away or wrong.

    Broken off by a signal it says so.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Do it; ends the program with 1 and a sentence for what an operator can put right."""
        logging.getLogger("amqp").setLevel(logging.ERROR)  # it tells of what comes while it takes its leave
        try:
            with _breaking_off():
                return super().invoke(ctx)
        except BrokenOff:
            click.echo("Broken off. What was done before is kept.", err=True)
            raise
        except PyMongoError as error:
            reason = f"The database that MONGO_URI names cannot be used ({type(error).__name__})."
            raise click.ClickException(f"{reason} See that it is there and run the command again.") from None
        except OperationalError as error:
            reason = f"The broker that AMQP_URI names cannot be used ({error})."
            raise click.ClickException(f"{reason} See that it is there and run the command again.") from None
        except (EnvError, NoKeys, WrongKeys) as error:
            raise click.ClickException(
                f"{sentence(error)}\nRun the command with the settings of the service itself."
            ) from None
        except Busy:
            raise click.ClickException("Others write the same at this moment. Run the command again.") from None
