"""What `make run` makes of its arguments and settings."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from honcho.environ import parse_procfile

from dev.layout import PROCESSES, ROOT, Layout, base_port
from dev.run import addresses, advice, instances, layout, told
from dev.suite import Suite


def test_what_is_broken_off_before_anything_has_been_started_ends_without_a_word(tmp_path: Path) -> None:
    """While Python imports: the module that is imported here sends Ctrl-C."""
    (tmp_path / "psutil.py").write_text("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(9)\n")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal, also for what is started
    try:
        environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ['PYTHONPATH']}"}
        command = [sys.executable, "-m", "dev.run", "PORT=65000"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_numbers_of_instances_are_read() -> None:
    assert instances({"cases": "2", "notify": "3"}) == {"cases": 2, "notify": 3}


@pytest.mark.parametrize("wrong", ["", "0", "two", "-1", "²"])
def test_a_wrong_number_of_instances_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="cases=2"):
        instances({"cases": wrong})


def test_the_processes_are_the_lines_of_the_procfile() -> None:
    assert tuple(parse_procfile((ROOT / "Procfile").read_text()).processes) == PROCESSES


def test_cases_gives_the_memory_of_pictures_back_wherever_it_is_started() -> None:
    setting = "MALLOC_MMAP_THRESHOLD_=1048576"
    assert f"ENV {setting}\n" in (ROOT / "services/Dockerfile").read_text()
    assert f"{setting} " in parse_procfile((ROOT / "Procfile").read_text()).processes["cases"]
    assert f"`{setting}`" in (ROOT / "docs/operations.md").read_text()


@pytest.mark.parametrize("misspelt", ["case=2", "prot=9000", "case"])
def test_a_misspelt_name_is_refused_with_the_names_that_exist(misspelt: str) -> None:
    with pytest.raises(
        ValueError, match=r"(case|prot)\. It takes gateway, cases, members, notify, PORT, .*WEB_ORIGINS"
    ):
        layout([misspelt])


def test_settings_after_the_target_count_like_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8000")
    monkeypatch.setenv("WEB_ORIGINS", "")
    assert layout(["PORT=9000", "cases=2", "WEB_ORIGINS=http://localhost:5173"]) == Layout(9000, {"cases": 2})
    assert os.environ["WEB_ORIGINS"] == "http://localhost:5173"


def test_certificates_in_the_environment_have_the_suite_reached_by_https(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PUBLIC_URL", raising=False)

    def suite() -> Suite:
        return Suite(tmp_path, Layout(9000), "amqp://", "mongodb://", told([]))

    for name in ("TLS_CERT_FILE", "INTERNAL_CERT_FILE"):
        monkeypatch.setenv(name, "")
    assert (suite().url, suite().internal_url("cases.1").partition(":")[0]) == ("http://127.0.0.1:9000", "http")
    for name in ("TLS_CERT_FILE", "INTERNAL_CERT_FILE"):
        monkeypatch.setenv(name, "/certs/chain.pem")
    assert (suite().url, suite().internal_url("cases.1").partition(":")[0]) == ("https://127.0.0.1:9000", "https")
    assert suite().environment["PUBLIC_URL"] == suite().url


@pytest.mark.parametrize("wrong", ["abc", "", "-1", "80", "1023", "65126", "70000", "²"])
def test_a_port_that_leaves_no_room_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=f"PORT={wrong}: it has to be a number from 1024 to 65125"):
        base_port(wrong)


@pytest.mark.parametrize("base", [1024, 8000, 65_125])
def test_a_port_that_leaves_room_is_taken_and_the_advice_is_such_a_port(base: int) -> None:
    assert base_port(str(base)) == base
    assert base_port(advice(Layout(base)).partition("PORT=")[2]) != base


def test_a_process_that_the_procfile_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no process lamps"):
        Layout(instances={"lamps": 2}).commands()


def test_the_gateway_has_the_base_port_and_no_port_is_used_twice() -> None:
    layout = Layout(9000, {"gateway": 2, "cases": 3})
    ports = [*layout.listeners().values(), *layout.server_ports().values()]
    assert layout.url == "http://127.0.0.1:9000"
    assert layout.listeners()["gateway.1"] == 9000
    assert len(ports) == len(set(ports)) == 7 + 2 + 5


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("amqp://guest:guest@127.0.0.1:5680//", [("127.0.0.1", 5680)]),
        ("amqp://broker//", [("broker", 5672)]),
        ("mongodb://a:b@one:1,two/?replicaSet=rs0", [("one", 1), ("two", 27017)]),
        ("mongodb+srv://a:b@cluster/", []),
    ],
)
def test_the_servers_that_a_uri_names_are_found(uri: str, expected: list[tuple[str, int]]) -> None:
    assert addresses(uri) == expected
