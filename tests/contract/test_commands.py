"""A command that comes twice at once is carried out once: an index of every collection of records sees to it."""

from collections.abc import Iterator
from inspect import getmembers
from typing import Any

import pymongo
import pytest

from cases.service import CasesService
from chassis.mongo import Home
from chassis.records import COMMANDS, Records
from chassis.service import Service
from chassis.store import Store
from members.service import MembersService
from notify.service import NotifyService

ALONG = {"call_lists"}
"""What is written with another record alone, which holds the command."""

SERVICES: tuple[type[Service], ...] = (CasesService, MembersService, NotifyService)


def kept(service: type[Service]) -> Iterator[tuple[str, bool]]:
    """Each collection of records of a service, and whether its indexes hold a command to one record."""
    with pymongo.MongoClient[dict[str, Any]](connect=False) as client:
        for _, provider in getmembers(service):
            if not isinstance(provider, Store):
                continue
            store = provider.factory(Home(client["unread"]))
            names = [each.outbox.collection.name for each in vars(store).values() if isinstance(each, Records)]
            for name in names:
                yield name, COMMANDS in store.INDEXES[name]


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_no_command_is_carried_out_twice_at_once(service: type[Service]) -> None:
    assert [name for name, once in kept(service) if not once and name not in ALONG] == []


def test_the_records_of_members_are_found() -> None:
    assert {"signups", "service_records", "service_hours", "certificates", "attendance", "call_replies"} <= {
        name for name, _ in kept(MembersService)
    }
