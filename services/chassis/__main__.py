"""`python -m chassis run|setup|parked|replay <service>`: how operators start and look after a service."""

import eventlet

eventlet.monkey_patch()

import argparse  # noqa: E402
import importlib.util  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m chassis")
    parser.add_argument("action", choices=["run", "setup", "parked", "replay"])
    parser.add_argument("service")
    parser.add_argument("letter", nargs="*", help="replay: ids of letters; all of them when none is given")
    arguments = parser.parse_args()
    if not _exists(arguments.service):
        parser.error(f"there is no service {arguments.service}")
    {"run": _run, "setup": _setup, "parked": _parked, "replay": _replay}[arguments.action](arguments)


def _exists(service: str) -> bool:
    try:
        return importlib.util.find_spec(f"{service}.service") is not None
    except ModuleNotFoundError:
        return False


def _run(arguments: argparse.Namespace) -> None:
    from chassis.launcher import run  # noqa: PLC0415 - after monkey patching

    run(arguments.service)


def _setup(arguments: argparse.Namespace) -> None:
    from chassis.setup import prepare  # noqa: PLC0415

    for queue in prepare(arguments.service):
        print(f"{queue} was gone and is declared anew; {arguments.service} will ask for what it missed")


def _parked(arguments: argparse.Namespace) -> None:
    from chassis.operator import ask  # noqa: PLC0415

    letters = ask(arguments.service, "list_parked")
    for letter in letters:
        print(json.dumps(letter, ensure_ascii=False))
    if not letters:
        _say_nothing_parked()


def _replay(arguments: argparse.Namespace) -> None:
    from chassis.operator import ask  # noqa: PLC0415

    ids = arguments.letter or [letter["_id"] for letter in ask(arguments.service, "list_parked")]
    for id in ids:
        taken = ask(arguments.service, "replay_parked", id=id)
        print(f"{id}: {'back in its queue' if taken else 'not parked, or not taken by the broker'}")
    if not ids:
        _say_nothing_parked()


def _say_nothing_parked() -> None:
    """To whoever looks on; what is piped further holds letters alone."""
    print("nothing parked", file=sys.stderr)


if __name__ == "__main__":
    main()
