"""`make parked` and `make replay`: messages that handlers gave up on, over all services or one."""

import sys
from collections.abc import Sequence

from dev import running
from dev.given import given
from dev.layout import SERVICES
from dev.operating import sandan
from dev.running import NotRunning, Running

ACTIONS = {"list": "parked", "replay": "replay"}
NAMES = {"list": ("service",), "replay": ("service", "id")}


def main() -> None:
    """List or replay; ends with the first failure of a service's own command."""
    action, *arguments = sys.argv[1:]
    try:
        services, letters = chosen(ACTIONS[action], given(arguments, NAMES[action], ACTIONS[action]))
        suite = running.find()
    except (NotRunning, ValueError) as error:
        sys.exit(str(error))
    for service in services:
        _ask(suite, ACTIONS[action], service, letters)


def chosen(target: str, wanted: dict[str, str]) -> tuple[Sequence[str], list[str]]:
    """The services that are meant, all when none is named, and the letters; ValueError says what is wrong."""
    service, letters = wanted.get("service", ""), wanted.get("id", "").split()
    if service and service not in SERVICES:
        raise ValueError(f"There is no service {service}: make {target} service={'|'.join(SERVICES)}")
    if letters and not service:
        raise ValueError(f"Say whose letter it is: make {target} service={'|'.join(SERVICES)} id={' '.join(letters)}")
    return [service] if service else SERVICES, letters


def _ask(suite: Running, action: str, service: str, letters: list[str]) -> None:
    print(f"{service}:", flush=True)
    if code := sandan(suite, action, service, *letters):
        sys.exit(code)


if __name__ == "__main__":
    main()
