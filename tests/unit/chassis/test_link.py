"""A broker of several nodes: each is tried in turn."""

from itertools import islice

from chassis.link import addresses


def test_one_address_is_tried_again_and_again() -> None:
    assert list(islice(addresses("amqp://a//"), 3)) == ["amqp://a//"] * 3


def test_several_nodes_are_tried_by_turns_beginning_anywhere() -> None:
    nodes = ["amqp://a//", "amqp://b//", "amqp://c//"]
    tries = list(islice(addresses(";".join(nodes)), 6))
    assert sorted(tries[:3]) == nodes
    assert tries[3:] == tries[:3]
    assert {next(addresses(";".join(nodes))) for _ in range(100)} == set(nodes)
