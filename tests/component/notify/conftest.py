"""The store on a real MongoDB, partners that answer over HTTP, and the service class without its container."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from nameko.testing.services import worker_factory
from pymongo.database import Database

from chassis.audit.store import AuditStore
from chassis.sealing import Sealer
from chassis.setup import indexed
from notify.channels.console import Console
from notify.partners.post_room import PostRoom
from notify.service import NotifyService
from notify.webhooks.channel import WebhookChannel
from tests.component.notify.receiver import Receiver, receiving
from tests.component.notify.samples import MembersStandIn
from tests.component.notify.stores import NotifyStores
from tests.component.set_clock import SetClock

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def store(database: Database[dict[str, Any]]) -> NotifyStores:
    return indexed(database, NotifyStores)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def post_room() -> Iterator[PostRoom]:
    """A room whose posts run in real threads."""
    channel = WebhookChannel(LOOPBACK, seconds=2)
    with ThreadPoolExecutor(30) as pool:
        yield PostRoom(channel, Sealer(Fernet.generate_key().decode()), pool.submit, lambda: None)


@pytest.fixture
def console_file(tmp_path: Path) -> Path:
    return tmp_path / "console.jsonl"


@pytest.fixture
def members() -> MembersStandIn:
    return MembersStandIn()


@pytest.fixture
def service(
    database: Database[dict[str, Any]],
    store: NotifyStores,
    clock: SetClock,
    post_room: PostRoom,
    members: MembersStandIn,
    console_file: Path,
) -> NotifyService:
    made: NotifyService = worker_factory(
        NotifyService,
        audit=indexed(database, AuditStore),
        notices_kept=store.notices,
        calls_in_hand=store.calls,
        weeks_in_hand=store.weeks,
        at_once=map,
        names_kept=store.names,
        messages_kept=store.messages,
        waiting=store.messages,
        message_log=store.message_log,
        preferences_kept=store.preferences,
        templates_kept=store.templates,
        sealer=post_room.sealer,
        public_url="https://sandan.example",
        reached_kept=store.reached,
        events_kept=store.log,
        deliveries_kept=store.deliveries,
        subscriptions_kept=store.subscriptions,
        accounts_kept=store.accounts,
        clock=clock,
        post_room=post_room,
        members=members,
        channels=(Console(console_file),),
    )
    return made
