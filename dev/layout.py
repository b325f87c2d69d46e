"""Which process listens where: every port of a suite follows from one base port."""

import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from honcho.environ import expand_processes, parse_procfile

from dev.ports import HIGHEST, LOWEST, is_free

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("cases", "members", "notify")
PROCESSES = ("gateway", *SERVICES)
"""The lines of the Procfile."""
STEP = 100
"""Between the first instances of two lines of the Procfile."""
INTERNAL = 50
"""From the gateway's public port to its internal one."""
BROKER, DISTRIBUTION, MAPPER, MANAGEMENT, DATABASE = 400, 401, 402, 403, 410
LOWEST_BASE, HIGHEST_BASE = 1024, 65_535 - DATABASE


@dataclass(frozen=True)
class Layout:
    """The processes of one suite: how many of each (`instances`, 1 when not named), on which ports."""

    base: int = 8000
    instances: Mapping[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the gateway answers the public."""
        return f"http://127.0.0.1:{self.base}"

    def commands(self) -> dict[str, tuple[str, int]]:
        """Shell command and port of each process, by its name such as `cases.1`."""
        lines = parse_procfile((ROOT / "Procfile").read_text()).processes
        unknown = set(self.instances) - set(lines)
        if unknown:
            raise ValueError(f"The Procfile has no process {', '.join(sorted(unknown))}: {', '.join(lines)}.")
        processes = expand_processes(lines, concurrency=self.instances, port=self.base)
        return {process.name: (process.cmd, int(process.env["PORT"])) for process in processes}

    def internal_urls(self, scheme: str = "http") -> dict[str, str]:
        """`CASES_URL` and so on: where the instances of each service answer the gateway."""
        ports = {name: port for name, (_, port) in self.commands().items()}
        urls = {name: f"{scheme}://127.0.0.1:{port}" for name, port in ports.items()}
        return {
            f"{service.upper()}_URL": ",".join(url for name, url in urls.items() if name.startswith(f"{service}."))
            for service in SERVICES
        }

    def listeners(self, names: Collection[str] | None = None) -> dict[str, int]:
        """Every port of the named processes, of all when none are named, by what wants it."""
        ports = {name: port for name, (_, port) in self.commands().items() if names is None or name in names}
        inner = {f"{name} (internal)": port + INTERNAL for name, port in ports.items() if name.startswith("gateway")}
        return ports | inner

    def server_ports(self) -> dict[str, int]:
        """The ports for a private broker and database."""
        offsets = {
            "broker": BROKER,
            "distribution": DISTRIBUTION,
            "mapper": MAPPER,
            "management": MANAGEMENT,
            "database": DATABASE,
        }
        return {name: self.base + offset for name, offset in offsets.items()}


def base_port(port: str) -> int:
    """The base port of a layout; raises ValueError when it is no number or leaves no room for the others."""
    if not (port.isdecimal() and LOWEST_BASE <= int(port) <= HIGHEST_BASE):
        room = f"the suite uses the ports from there to {DATABASE} above"
        raise ValueError(f"PORT={port}: it has to be a number from {LOWEST_BASE} to {HIGHEST_BASE}; {room}.")
    return int(port)


def free_layout(instances: Mapping[str, int] | None = None) -> Layout:
    """A layout whose ports are all free just now."""
    dice = random.SystemRandom()
    while True:
        layout = Layout(dice.randrange(LOWEST, HIGHEST - DATABASE), instances or {})
        if _all_free([*layout.listeners().values(), *layout.server_ports().values()]):
            return layout


def _all_free(ports: Iterable[int]) -> bool:
    return all(is_free(port) for port in ports)
