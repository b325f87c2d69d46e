"""A private RabbitMQ node on 127.0.0.1."""

import os
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

from dev.ports import HOST, is_free, require_free
from dev.processes import Process
from dev.servers.missing import ServerMissing
from dev.servers.server import Server
from dev.servers.tls import Files

BROKER_SECONDS = 60


class Broker(Server):
    """One RabbitMQ node with its own directories, cookie, home and port mapper (epmd).

    When it is killed, the mapper stays for the restart, and RabbitMQ 3.10 forgets quorum queues that were declared in
    the last seconds before that.
    """

    def __init__(
        self,
        directory: Path,
        port: int,
        distribution_port: int,
        mapper_port: int,
        management_port: int | None = None,
        tls: Files | None = None,
    ) -> None:
        """With `management_port` the node has the management plugin on, there; `tls` puts all under TLS."""
        self.directory = directory.resolve()
        self.port = port
        self.management_port = management_port
        self.tls = tls
        self.uri = f"{self._scheme}://guest:guest@{HOST}:{port}//"
        self.ports = {
            "RabbitMQ": port,
            "RabbitMQ's Erlang distribution": distribution_port,
            "RabbitMQ's epmd": mapper_port,
        }
        if management_port:
            self.ports["RabbitMQ's management"] = management_port
        self.environment = _broker_environment(self.directory, distribution_port, mapper_port)
        self._mapper = Process(
            "epmd",
            ["epmd", "-port", str(mapper_port), "-address", HOST],
            self.directory / "epmd.log",
            self.environment,
        )
        self.process = Process("RabbitMQ", self.command(), self.directory / "rabbitmq.log", self.environment)

    def command(self) -> list[str]:
        """What starts a node."""
        return [str(_rabbitmq_server()), "-noinput"]

    def start(self, advice: str = "") -> None:
        """Start and wait until AMQP is answered; `advice` says how to choose another port if one is taken."""
        require_free(self.ports, advice)
        self.write_configuration()
        self._boot()

    def write_configuration(self, *more: str) -> None:
        """Write the node's files anew; `more` are further lines of its configuration."""
        self.directory.mkdir(parents=True, exist_ok=True)
        lines = [
            *self._listeners(),
            "vm_memory_high_watermark.absolute = 512MB",
            "disk_free_limit.absolute = 200MB",
            "log.console.level = warning",
            *more,
        ]
        lines += self._management_listener() if self.management_port else []
        (self.directory / "rabbitmq.conf").write_text("\n".join(lines) + "\n")
        plugins = "rabbitmq_management" if self.management_port else ""
        (self.directory / "enabled_plugins").write_text(f"[{plugins}].\n")
        (self.directory / "rabbitmq-env.conf").touch()

    @property
    def _scheme(self) -> str:
        return "amqps" if self.tls else "amqp"

    def _listeners(self) -> list[str]:
        if self.tls is None:
            return [f"listeners.tcp.1 = {HOST}:{self.port}"]
        return [
            "listeners.tcp = none",
            f"listeners.ssl.1 = {HOST}:{self.port}",
            *_files("ssl_options", self.tls),
            "ssl_options.verify = verify_peer",
            f"ssl_options.fail_if_no_peer_cert = {str(self.tls.asks_for_one).lower()}",
        ]

    def _management_listener(self) -> list[str]:
        kind = "management.ssl" if self.tls else "management.tcp"
        files = _files(kind, self.tls) if self.tls else []
        return [f"{kind}.ip = {HOST}", f"{kind}.port = {self.management_port}", *files]

    def _boot(self) -> None:
        if not self._mapper.alive():
            self._mapper.start()
        self.process.start()
        self.process.wait_until(self.answers, BROKER_SECONDS)

    @property
    def settings(self) -> dict[str, str]:
        """What the services are told besides its address; with the plugin also what partners need to read queues."""
        if not self.management_port:
            return self.trust
        return self.trust | {
            "MANAGEMENT_URL": f"{'https' if self.tls else 'http'}://guest:guest@{HOST}:{self.management_port}",
            "PARTNER_AMQP_URL": f"{self._scheme}://{HOST}:{self.port}/partners",
        }

    @property
    def trust(self) -> dict[str, str]:
        """What a process is told that comes under TLS; nothing without it."""
        if self.tls is None:
            return {}
        shown = {"AMQP_CERT_FILE": str(self.tls.chain), "AMQP_KEY_FILE": str(self.tls.chain)}
        return {"AMQP_CA_FILE": str(self.tls.authority)} | (shown if self.tls.asks_for_one else {})

    def answers(self) -> bool:
        """Whether an AMQP handshake begins, and the management plugin, if it is on, answers."""
        return self._shakes_hands() and (not self.management_port or not is_free(self.management_port))

    def _shakes_hands(self) -> bool:
        try:
            with ExitStack() as stack:
                connection = stack.enter_context(socket.create_connection((HOST, self.port), timeout=2))
                if self.tls:
                    connection = stack.enter_context(self.tls.client().wrap_socket(connection, server_hostname=HOST))
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                return connection.recv(1) == b"\x01"
        except OSError:
            return False

    def stop(self) -> None:
        """Stop the node and its port mapper cleanly."""
        self.process.stop(grace=30)
        self._mapper.stop()

    def restart(self) -> None:
        """Start the node again with its data, after `kill` or in place of `stop` and `start`."""
        self.process.stop(grace=30)
        self._boot()

    def queues(self) -> dict[str, int]:
        """Every queue of the default virtual host, with the number of its messages, ready or given out."""
        rows = (
            line.split("\t")
            for line in self.control("list_queues", "--no-table-headers", "name", "messages").splitlines()
        )
        return {name: int(number) for name, number in rows}

    def control(self, *words: str) -> str:
        """What rabbitmqctl answers; raises `subprocess.CalledProcessError` when it refuses."""
        program = _rabbitmq_server().with_name("rabbitmqctl")
        done = subprocess.run(
            [str(program), "--quiet", *words],
            env=os.environ | self.environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout

    def memory(self) -> int:
        """Resident bytes of the node and its port mapper."""
        return self.process.memory() + self._mapper.memory()


def _broker_environment(directory: Path, distribution: int, mapper: int) -> dict[str, str]:
    return {
        "HOME": str(directory),
        "ERL_CRASH_DUMP": str(directory / "erl_crash.dump"),
        "RABBITMQ_NODENAME": "sandan@localhost",
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_MNESIA_BASE": str(directory / "data"),
        "RABBITMQ_LOG_BASE": str(directory / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_CONFIG_FILE": str(directory / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(directory / "advanced.config"),
        "RABBITMQ_CONF_ENV_FILE": str(directory / "rabbitmq-env.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "enabled_plugins"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(directory / "config"),
        # Replaces the shell that would stay as the node's parent, so that the process is the node.
        "RABBITMQ_ALLOW_INPUT": "true",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +A 16",
        "ERL_EPMD_PORT": str(mapper),
        "ERL_EPMD_ADDRESS": HOST,
        # An epmd that Erlang starts is a daemon, which nobody would stop; this holds for rabbitmqctl too.
        "ERL_FLAGS": "-start_epmd false",
        "NOTIFY_SOCKET": "",
    }


def _files(prefix: str, tls: Files) -> list[str]:
    return [
        f"{prefix}.cacertfile = {tls.authority}",
        f"{prefix}.certfile = {tls.chain}",
        f"{prefix}.keyfile = {tls.chain}",
    ]


def _rabbitmq_server() -> Path:
    """The package's own script: the one on the PATH switches to the system's user."""
    places = [os.environ.get("RABBITMQ_SERVER", ""), "/usr/lib/rabbitmq/bin/rabbitmq-server"]
    places += [
        "/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server",
        "/usr/local/opt/rabbitmq/sbin/rabbitmq-server",
    ]
    for place in filter(None, places):
        if Path(place).exists():
            return Path(place)
    raise ServerMissing("RabbitMQ is missing: install rabbitmq-server, or set AMQP_URI to a running one.")
