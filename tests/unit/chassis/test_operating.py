"""The command `sandan`: what it lists, what each command's help says, how it fails, and that it is quiet in a pipe."""

import inspect
import io
import os
import signal
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from environs import EnvError, EnvNotSetError, EnvValidationError
from kombu.exceptions import OperationalError
from pymongo.errors import ServerSelectionTimeoutError

from cases import trail as cases_trail
from chassis.errors import Busy
from chassis.launcher import service_class
from chassis.operating import exporting, front, reach
from chassis.operating.exporting import _hand_over, exports
from chassis.operating.front import sandan
from chassis.operating.reach import offer
from chassis.operating.speaking import BrokenOff, Progress, Verb
from chassis.rpc.server import Rpc
from chassis.sealing import NoKeys
from dev.layout import ROOT, SERVICES
from members import trail as members_trail
from members.permission import PERMISSIONS

CONTEXT = click.Context(sandan)
COMMANDS = sandan.list_commands(CONTEXT)
CHANGES_NOTHING = {"parked", "audit", "export"}
STARTS = {"run", "setup"}


def command(name: str) -> click.Command:
    found = sandan.get_command(CONTEXT, name)
    assert found is not None
    return found


def ran(*words: str) -> Result:
    return CliRunner().invoke(sandan, list(words), prog_name="sandan")


def test_a_checkout_has_the_commands_of_every_service() -> None:
    assert {"run", "setup", "parked", "replay", "rebuild", "reseal", "audit", "recount", "retain"} <= set(COMMANDS)
    assert all(name in ran("--help").output for name in COMMANDS)


def test_an_image_has_those_of_its_own_service_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (front, reach):
        monkeypatch.setattr(module, "here", lambda: ["notify"])
    assert "recount" not in sandan.list_commands(CONTEXT)
    assert "reseal" in sandan.list_commands(CONTEXT)
    assert ran("recount").exit_code == 2


def test_a_service_that_is_not_named_is_every_one_that_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def meant(*words: str) -> object:
        return command("parked").make_context("parked", list(words)).params["services"]

    assert meant() == sorted(SERVICES)
    assert meant("notify") == ["notify"]
    monkeypatch.setattr(reach, "here", list)
    with pytest.raises(click.UsageError, match="in the image of a service"):
        meant()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_names_each_of_its_options_and_says_what_it_does(name: str) -> None:
    help_ = ran(name, "--help")
    assert help_.exit_code == 0
    assert (command(name).help or "").split(".")[0].split()[:3] == help_.output.split("\n\n")[1].split()[:3]
    for each in command(name).params:
        if isinstance(each, click.Option):
            assert each.help, each.name
            assert all(word in help_.output for word in each.opts)
        else:
            assert each.make_metavar(CONTEXT) in help_.output


@pytest.mark.parametrize("name", sorted({*COMMANDS} - CHANGES_NOTHING - STARTS))
def test_what_changes_something_can_be_looked_at_beforehand(name: str) -> None:
    assert "--dry-run" in {word for each in command(name).params for word in each.opts}


def entrypoints(service: str) -> set[str]:
    """What a service can be asked over the broker."""
    members = inspect.getmembers(service_class(service), inspect.isfunction)
    return {name for name, found in members if any(isinstance(each, Rpc) for each in _of(found))}


def _of(method: object) -> Iterable[object]:
    found: Iterable[object] = getattr(method, "nameko_entrypoints", ())
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_copy_and_list_is_asked_of_an_entrypoint_that_there_is(service: str) -> None:
    offered = offer(service)
    assert offered.copies
    for copies in offered.copies:
        assert copies.made_by in entrypoints(service)
        assert copies.told_by in entrypoints(copies.owner)
    for each in offered.exports:
        assert {each.entrypoint, "note_download", "knows_area"} <= entrypoints(service)


def test_a_list_leaves_only_in_a_role_that_reads_it() -> None:
    assert exports().keys() == {"cases", "ledger", "people"}
    read_in = {"cases": cases_trail.READ_IN, "members": {"people": PERMISSIONS[members_trail.READ_BY["people"]].roles}}
    for service, each in exports().values():
        assert each.role in read_in[service][each.kind]


def test_the_help_of_an_export_names_the_lists_that_are_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Lists here: cases, ledger (takes --since and --until), people." in ran("export", "--help").output
    monkeypatch.setattr(exporting, "here", lambda: ["notify"])
    assert "Lists here: none." in ran("export", "--help").output


def test_the_command_of_a_checkout_helps_without_a_suite() -> None:
    helped = subprocess.run([ROOT / "sandan", "recount", "--help"], capture_output=True, text=True, check=False)
    assert (helped.returncode, "Usage: sandan recount" in helped.stdout) == (0, True)


def test_no_command_hides_another() -> None:
    offered = Counter(each.name for service in SERVICES for each in offer(service).commands)
    assert offered
    assert set(offered.values()) == {1}
    assert offered.keys().isdisjoint(sandan.commands)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("recuont",), "No such command 'recuont'"),
        (("parked", "case"), "there is no service case here; there is cases, members, notify"),
        (("retain", "--dru"), "No such option"),
        (("recount", "cases"), "unexpected extra argument"),
        (("audit", "--heads", "/nowhere/at/all"), "does not exist"),
    ],
)
def test_what_is_not_understood_ends_with_two_and_says_why(words: tuple[str, ...], said: str) -> None:
    done = ran(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ServerSelectionTimeoutError("…"), "The database that MONGO_URI names"),
        (OperationalError("[Errno 111] Connection refused"), "The broker that AMQP_URI names"),
        (EnvNotSetError('Environment variable "PERSON_KEY" not set'), "Error: PERSON_KEY: It has to be set."),
        (EnvValidationError("Environment variable \"ATTEMPTS\" invalid: ['No.']", ["No."]), "Error: ATTEMPTS: No.\n"),
        (EnvError("MONGO_URI: no"), "Error: MONGO_URI: no\n"),
        (NoKeys("PERSON_KEY: not Fernet keys"), "with the settings of the service itself"),
        (Busy(), "run the command again"),
    ],
)
def test_what_an_operator_can_put_right_ends_with_one_and_says_how(error: Exception, said: str) -> None:
    def fail() -> None:
        raise error

    done = CliRunner().invoke(Verb("fail", callback=fail))
    assert (done.exit_code, done.stdout) == (1, "")
    assert said.casefold() in done.stderr.casefold()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"LOG_LEVEL": "loud"}, "Error: LOG_LEVEL: Must be one of: DEBUG, INFO, WARNING, ERROR.\n"),
        (
            {"GATEWAY_PORT": "99999"},
            "Error: GATEWAY_PORT: Must be greater than or equal to 0 and less than or equal to 65535.\n",
        ),
    ],
)
def test_a_setting_that_cannot_be_ends_the_start_in_one_sentence(setting: dict[str, str], said: str) -> None:
    command = [sys.executable, "-m", "chassis", "run", "gateway"]
    done = subprocess.run(command, env=os.environ | setting, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


@pytest.fixture
def heeding() -> Iterator[None]:
    """Signals as in a terminal: a shell has what it starts in the background ignore SIGINT."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def go_on(number: signal.Signals) -> Result:
    def go_on() -> None:
        os.kill(os.getpid(), number)
        click.echo("done")

    return CliRunner().invoke(Verb("go-on", callback=go_on))


@pytest.mark.usefixtures("heeding")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_what_a_signal_breaks_off_says_so_and_ends_as_shells_have_it(number: signal.Signals, code: int) -> None:
    before = signal.getsignal(number)
    done = go_on(number)
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr == "Broken off. What was done before is kept.\n"
    assert signal.getsignal(number) is before


@pytest.mark.usefixtures("heeding")
def test_a_signal_that_is_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert (go_on(signal.SIGINT).stdout, signal.getsignal(signal.SIGINT)) == ("done\n", signal.SIG_IGN)


def test_a_file_has_its_name_when_it_is_whole_and_is_not_there_before(tmp_path: Path) -> None:
    class Kept(io.StringIO):
        def read(self, size: int | None = -1) -> str:
            assert not file.exists()
            if broken_off:
                raise BrokenOff(signal.SIGTERM)
            return super().read(size)

    file, broken_off = tmp_path / "cases.jsonl", True
    with pytest.raises(BrokenOff):
        _hand_over(Kept("{}\n"), file)
    assert not [*tmp_path.iterdir()]
    broken_off = False
    _hand_over(Kept("{}\n"), file)
    assert [*tmp_path.iterdir()] == [file]
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("{}\n", 0o600)


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match="No such file or directory"):
        _hand_over(io.StringIO("{}"), tmp_path / "none" / "cases.jsonl")
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(click.ClickException, match="there already"):
        _hand_over(io.StringIO("{}"), tmp_path / "mine")
    assert [*tmp_path.iterdir()] == [tmp_path / "mine"]
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.parametrize("list_", ["cases", "ledger", "people"])
@pytest.mark.parametrize("area", ["9", "36", "36\n0704", "360704\n", "３６０７０４", "nonsense", ""])
def test_what_is_no_code_of_an_area_is_not_understood(list_: str, area: str) -> None:
    done = ran("export", list_, "--area", area, "--to", "-")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Invalid value for '--area': Not a grid code of 15 digits, or its first 6, 9 or 12." in done.stderr


@pytest.mark.parametrize("option", ["--since", "--until"])
@pytest.mark.parametrize("said", ["yesterday", "2026-03-01", "2026-03-01T00:00:00"])
def test_a_period_that_is_none_is_not_understood_and_told_by_its_option(option: str, said: str) -> None:
    done = ran("export", "ledger", "--area", "360704", "--to", "-", option, said)
    assert (done.exit_code, done.stdout) == (2, "")
    wanted = f"Invalid value for '{option}': '{said}' is no instant with its offset, like 2026-03-01T00:00:00+08:00."
    assert wanted in " ".join(done.stderr.split())


def test_progress_is_told_where_a_terminal_is_and_nowhere_else() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    piped, terminal = io.StringIO(), Terminal()
    for stream in (piped, terminal):
        with Progress(stream) as progress:
            progress("page 1")
            progress("page 2")
    assert piped.getvalue() == ""
    assert terminal.getvalue() == "\r\x1b[K… page 1\r\x1b[K… page 2\r\x1b[K"
