"""`make run`: servers, demo data and the whole suite on this machine, until Ctrl-C.

Uses `AMQP_URI` and `MONGO_URI` where they are set, else private servers below .local/. Arguments are numbers
of instances, such as `cases=2`, and settings, such as `PORT=9000`, that count as if the environment had them.
"""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

if signal.getsignal(signal.SIGINT) is signal.default_int_handler and __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until something has been started there is nothing to stop

from dev import running
from dev.given import given
from dev.layout import HIGHEST_BASE, PROCESSES, ROOT, Layout, base_port
from dev.ports import HOST, PortTaken, require_free
from dev.processes import Process, StartFailed
from dev.running import LOCAL, AlreadyRunning
from dev.servers import Broker, Mongod, ServerMissing
from dev.suite import WITH_CASES, Suite

SETTINGS = ("PORT", "AMQP_URI", "MONGO_URI", "WEB_ORIGINS", "PUBLIC_URL", "LOG_LEVEL", "PYTHON")
"""What may stand after `make run` besides numbers of instances."""
CERTIFICATES = ("TLS_CERT_FILE", "INTERNAL_CERT_FILE")
"""With these the suite is reached by https, by everybody and by the probes."""
DEFAULT_PORTS = {"amqp": 5672, "amqps": 5671, "pyamqp": 5672, "mongodb": 27017}
RESTART_AFTER = 1.0
GIVE_UP_BELOW = 10.0
"""A process that ends again within these seconds of its restart ends the run."""


class Ended(Exception):
    """A signal asks the run to end."""


def main() -> None:
    """Run until a signal, then leave no process behind."""
    try:
        _on_signals(_end)
        with ExitStack() as stack:
            stack.callback(_ignore_signals)
            run(stack, layout(sys.argv[1:]))
    except Ended:
        pass  # what was asked for; the stack has stopped everything on the way here
    except (AlreadyRunning, PortTaken, ServerMissing, StartFailed, ValueError) as failure:
        sys.exit(f"✗ {failure}")


def layout(arguments: list[str]) -> Layout:
    """The processes and ports that are asked for; puts the other settings into the environment, or ValueError."""
    wanted = given(arguments, [*PROCESSES, *SETTINGS], "run")
    os.environ.update({name: value for name, value in wanted.items() if name in SETTINGS})
    numbers = {name: value for name, value in wanted.items() if name not in SETTINGS}
    return Layout(base_port(os.environ.get("PORT") or "8000"), instances(numbers))


def instances(numbers: Mapping[str, str]) -> dict[str, int]:
    """`{"cases": "2"}` as numbers; raises ValueError for what is none, or 0."""
    for name, number in numbers.items():
        if not (number.isdecimal() and int(number)):
            raise ValueError(f"{name}={number} is no number of processes: write it like cases=2.")
    return {name: int(number) for name, number in numbers.items()}


def run(stack: ExitStack, layout: Layout) -> None:
    """Start everything in order, say how to use it, and watch over it."""
    stack.enter_context(running.alone())
    servers: list[Broker | Mongod] = []
    require_free(layout.listeners(), advice(layout))
    stack.callback(lambda: say(f"stopped; {_where_data_stays()}"))
    amqp_uri = _given("AMQP_URI") or _start(stack, _broker(layout), servers, advice(layout))
    mongo_uri = _given("MONGO_URI") or _start(stack, _mongod(layout), servers, advice(layout))
    suite = Suite(LOCAL, layout, amqp_uri, mongo_uri, told(servers))
    suite.prepare(lambda step: say(f"… {step}"), WITH_CASES)
    say(f"… {', '.join(suite.processes)}")
    stack.callback(suite.stop)
    suite.start(advice=advice(layout))
    suite.copy_cases()
    stack.enter_context(running.announced(suite.url, amqp_uri, mongo_uri))
    _welcome(suite, suite.memory() + sum(server.memory() for server in servers))
    watch(
        {server.process: server.restart for server in servers} | {each: each.start for each in suite.processes.values()}
    )


def told(servers: Iterable[Broker | Mongod]) -> dict[str, str]:
    """What the processes are told besides: what a broker of ours asks for, and what the environment says of TLS."""
    asked = {name: value for server in servers if isinstance(server, Broker) for name, value in server.settings.items()}
    return asked | {name: os.environ[name] for name in CERTIFICATES if os.environ.get(name)}


def _where_data_stays() -> str:
    """The data of a database that is not ours are nothing that we remove."""
    if os.environ.get("MONGO_URI"):
        return "the data stays in the database that MONGO_URI names, and its keys in .local until make clean"
    return "the data stays in .local until make clean"


def advice(layout: Layout) -> str:
    """What to do about a taken port."""
    other = layout.base + (1000 if layout.base + 1000 <= HIGHEST_BASE else -1000)
    return f"Stop what listens there, or choose other ports: make run PORT={other}"


def _given(name: str) -> str | None:
    """The URI in the environment, if there is one; raises `ServerMissing` when nothing answers there."""
    uri = os.environ.get(name) or None
    for host, port in addresses(uri) if uri else []:
        try:
            socket.create_connection((host, port), timeout=5).close()
        except OSError as error:
            raise ServerMissing(f"Nothing answers at {host}:{port}, which {name} names ({error}).") from None
    return uri


def addresses(uri: str) -> list[tuple[str, int]]:
    """Host and port of each server that a URI names; none for `mongodb+srv`."""
    parts = urlsplit(uri)
    default = DEFAULT_PORTS.get(parts.scheme)
    hosts = [urlsplit(f"//{host}") for host in parts.netloc.rpartition("@")[2].split(",")]
    return [(host.hostname or HOST, host.port or default) for host in hosts] if default else []


def _broker(layout: Layout) -> Broker:
    ports = layout.server_ports()
    return Broker(LOCAL / "rabbitmq", ports["broker"], ports["distribution"], ports["mapper"], ports["management"])


def _mongod(layout: Layout) -> Mongod:
    return Mongod(LOCAL / "mongod", layout.server_ports()["database"])


def _start(stack: ExitStack, server: Broker | Mongod, servers: list[Broker | Mongod], hint: str) -> str:
    say(f"… {server.process.name} on 127.0.0.1:{server.port}")
    stack.callback(server.stop)
    server.start(hint)
    servers.append(server)
    return server.uri


def watch(starts: Mapping[Process, Callable[[], None]]) -> None:
    """Start again what ends, as an operator's supervisor would; raises `StartFailed` if that does not help.

    `starts` says for each process how it is started again.
    """
    started = dict.fromkeys(starts, 0.0)
    while True:
        time.sleep(RESTART_AFTER)
        for process, start in starts.items():
            if not process.alive():
                _say_end(process, time.monotonic() - started[process])
                start()
                started[process] = time.monotonic()


def _say_end(process: Process, lived: float) -> None:
    if lived < GIVE_UP_BELOW:
        raise StartFailed(f"{process.name} {process.end()} again. The end of {process.log}:\n{process.tail()}")
    say(f"! {process.name} {process.end()}; it is started again. Its log: {process.log}")


def _welcome(suite: Suite, memory: int) -> None:
    seconds = time.time() - float(os.environ.get("STARTED") or time.time())
    say(f"""✓ Sandan is ready after {seconds:.0f} s, with {memory / 1e6:.0f} MB resident in all

  API         {suite.url}/v1     page {suite.url}/docs     OpenAPI {suite.url}/openapi.json
  sign in     make -s token who=resident    (or rider, dispatcher, member, volunteer, inspector, admin, open311)
  watch       make demo                     (a street lamp from report to rating)
  logs        {_relative(suite.directory / "log")}
  messages    {_relative(suite.console_file)} (one-time codes; notices, most of which wait at 22:00–07:00 China time)

  Ctrl-C stops everything. The data stays in .local; make clean removes it.""")


def _relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def say(line: str) -> None:
    """A line for the person at the terminal, at once."""
    print(line, flush=True)


def _end(number: int, frame: object) -> NoReturn:
    _ignore_signals()
    raise Ended


def _ignore_signals() -> None:
    _on_signals(signal.SIG_IGN)


def _on_signals(then: Callable[[int, object], NoReturn] | signal.Handlers) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, then)


if __name__ == "__main__":
    main()
