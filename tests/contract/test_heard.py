"""An event that no queue takes keeps its document's next events back: so every type that is published is heard."""

from collections.abc import Iterator
from inspect import getmembers
from typing import Any

import pymongo
import pytest

from cases.service import CasesService
from chassis.mongo import Home
from chassis.ordered import OrderedSubscription
from chassis.service import Service
from chassis.store import Store
from chassis.subscription import Subscription
from members.service import MembersService
from notify.service import NotifyService

SERVICES: tuple[type[Service], ...] = (CasesService, MembersService, NotifyService)


def subscriptions() -> Iterator[Subscription]:
    for service in SERVICES:
        for _, method in getmembers(service):
            entrypoints = getattr(method, "nameko_entrypoints", ())
            yield from (each for each in entrypoints if isinstance(each, Subscription))


def published(service: type[Service]) -> set[str]:
    with pymongo.MongoClient[dict[str, Any]](connect=False) as client:
        home = Home(client["unread"])
        for _, provider in getmembers(service):
            if isinstance(provider, Store):
                provider.factory(home)
        return {type for outbox in home.outboxes.values() for type in outbox.published}


def heard(source: str) -> set[str]:
    return {type for each in subscriptions() if each.source == source for type in each.types}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_type_that_is_published_is_heard(service: type[Service]) -> None:
    all_of_it = any(isinstance(each, OrderedSubscription) and each.source == service.name for each in subscriptions())
    assert all_of_it or published(service) <= heard(service.name)


def test_the_events_of_cases_and_members_are_found() -> None:
    assert "case.dispatched" in published(CasesService)
    assert {"grid.opened", "person.left"} <= published(MembersService)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_no_type_has_two_handlers_in_one_service(service: type[Service]) -> None:
    """They would share its one queue, and each would miss what the other takes."""
    found = [
        (each.source, type)
        for _, method in getmembers(service)
        for each in getattr(method, "nameko_entrypoints", ())
        if isinstance(each, Subscription)
        for type in each.types
    ]
    assert sorted(found) == sorted(set(found))
