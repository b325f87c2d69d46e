"""The demo's cases as they are played in memory, once for whoever asks: the database is never asked."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

import pymongo
import structlog

from cases.case import Case
from cases.demo.district import District, district
from cases.demo.plan import Planner
from cases.demo.player import Player
from cases.demo.story import Plan
from chassis.mongo import Home


@contextmanager
def quietly() -> Iterator[None]:
    """The clock of a play logs little, thousands of times."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    yield
    structlog.reset_defaults()


@cache
def demo() -> District:
    """The district of the play."""
    return district()


@cache
def plan() -> Plan:
    """What is to happen."""
    return Planner(demo()).plan()


@cache
def played() -> Player:
    """The whole play; the database is never asked."""
    with quietly(), pymongo.MongoClient[dict[str, Any]](connect=False) as client:
        player = Player(Home(client["unread"]), demo())
        player.play(plan())
        return player


def cases() -> list[Case]:
    """Every case as it stands at the end."""
    return [case for case, _ in played().histories()]


def registered() -> list[Case]:
    """Those that were registered."""
    return [case for case in cases() if case.dues.resolve_rule is not None]


def spent(case: Case) -> list[tuple[datetime, str]]:
    """When which act was done."""
    return [(entry.at, entry.data["act"]) for entry in played().docket.histories[case.id]]
