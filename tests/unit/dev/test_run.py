"""What `make run` makes of its arguments and settings."""

import pytest

from dev.layout import Layout
from dev.run import addresses, instances


def test_numbers_of_instances_are_read() -> None:
    assert instances(["cases=2", "notify=3"]) == {"cases": 2, "notify": 3}


@pytest.mark.parametrize("wrong", ["cases", "cases=", "cases=0", "cases=two", "cases=-1"])
def test_a_wrong_number_of_instances_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="cases=2"):
        instances([wrong])


def test_a_process_that_the_procfile_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no process lamps"):
        Layout(instances={"lamps": 2}).commands()


def test_the_gateway_has_the_base_port_and_no_port_is_used_twice() -> None:
    layout = Layout(9000, {"gateway": 2, "cases": 3})
    ports = [*layout.listeners().values(), *layout.server_ports().values()]
    assert layout.url == "http://127.0.0.1:9000"
    assert layout.listeners()["gateway.1"] == 9000
    assert len(ports) == len(set(ports)) == 7 + 2 + 4


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
