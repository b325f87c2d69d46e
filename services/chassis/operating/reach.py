"""Which services there is code of here: an image has one, and a checkout has all."""

import importlib
import importlib.util
from pathlib import Path
from typing import Any

import click

from chassis.operating.offer import Offer

BESIDE = Path(__file__).parents[2]
"""The folder that the services lie in, beside the chassis."""


def here() -> list[str]:
    """The services beside the chassis with which operators have something to do."""
    return sorted(module.parent.name for module in BESIDE.glob("*/operating.py"))


def exists(service: str) -> bool:
    """Whether there is such a service, here or anywhere on the path."""
    try:
        return importlib.util.find_spec(f"{service}.service") is not None
    except (ModuleNotFoundError, ValueError):
        return False


def offer(service: str) -> Offer:
    """What the service offers to operators; ends the program for one that offers nothing."""
    if importlib.util.find_spec(f"{service}.operating") is None:
        raise click.UsageError(f"{service} has nothing of that kind; {_have()}.")
    found: Offer = importlib.import_module(f"{service}.operating").OFFER
    return found


class ServiceName(click.ParamType[str]):
    """The name of a service that there is code of."""

    name = "service"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name as it is; ends the program, with what there is, for another."""
        if not exists(value):
            self.fail(f"there is no service {value} here; {_have()}.", param, ctx)
        return str(value)


def _have() -> str:
    return f"there is {', '.join(here())}" if here() else "run it in the image of a service"


def named_or_all(ctx: click.Context, param: click.Parameter, value: str | None) -> list[str]:
    """The service that was named, else all that are here; ends the program where none is."""
    found = [value] if value else here()
    if not found:
        raise click.UsageError(f"No service is here: {_have()}.")
    return found


of_services = click.argument("services", metavar="[SERVICE]", required=False, type=ServiceName(), callback=named_or_all)
"""The service that is meant; all that are here unless one is named."""
