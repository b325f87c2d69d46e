"""What nameko hands to this service's methods besides its store: the ways out, made once from the settings."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

import eventlet
import structlog
from environs import Env
from nameko.extensions import DependencyProvider

from chassis.keyring import Keyring
from chassis.settings import settings as chassis_settings
from notify.bell import Bell
from notify.channels.configured import configured
from notify.channels.console import Console
from notify.channels.port import Channel
from notify.partner_queues.filling import Filler, PartnerPublisher
from notify.partner_queues.management import Management
from notify.partner_queues.provisioning import Provisioning
from notify.partner_queues.queues import PartnerQueues
from notify.partners.post_room import AT_ONCE, PostRoom
from notify.sealed import MARKED, sealer
from notify.settings import Settings, read
from notify.webhooks.channel import WebhookChannel

log = structlog.get_logger()

LAST_POSTS_SECONDS = 2.0

SENT_AT_ONCE = 25
"""To how many people of a lot a message is sent at the same time: half of one, for it is no flood either."""


class PostRoomProvider(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects the room for posts to partners; a missing or malformed key keeps the service from starting."""

    bell = Bell("deliveries")
    publisher = PartnerPublisher()

    def setup(self) -> None:
        """Open the room."""
        settings = read(Env())
        self._pool = eventlet.GreenPool(AT_ONCE)
        channel = WebhookChannel(settings.webhook_networks)
        queues = self._queues(settings) if settings.management_url else None
        self._room = PostRoom(channel, sealer(), self._pool.spawn_n, self.bell.ring, queues)

    def _queues(self, settings: Settings) -> PartnerQueues:
        publishes_as = unquote(urlsplit(chassis_settings.amqp_uri.split(";")[0]).username or "guest")
        management = Management(settings.management_url, chassis_settings.amqp_trust)
        provisioning = Provisioning(management, publishes_as)
        return PartnerQueues(provisioning, Filler(self.publisher.publish), settings.partner_amqp_url)

    def stop(self) -> None:
        """Give the last posts a moment; what is cut is sent again after its lease."""
        with eventlet.Timeout(LAST_POSTS_SECONDS, exception=False):
            self._pool.waitall()

    def get_dependency(self, worker_ctx: object) -> PostRoom:
        """The room."""
        return self._room


class AtOnceProvider(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects what sends to several people at once; each lot has threads of its own, so that none waits for another."""

    def get_dependency(self, worker_ctx: object) -> Callable[[Callable[[Any], Any], Iterable[Any]], list[Any]]:
        """Does the work for each of the things, and gives the results in their order."""
        return lambda work, things: list(eventlet.GreenPool(SENT_AT_ONCE).imap(work, things))


class SealerProvider(Keyring):
    """Injects what seals secrets and links; missing, malformed or wrong keys keep the service from starting."""

    def __init__(self) -> None:
        super().__init__(sealer, MARKED)


class PublicUrlProvider(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects where readers of messages reach the gateway, empty where that was not told."""

    def setup(self) -> None:
        """Take it from the settings."""
        self._url = read(Env()).public_url

    def get_dependency(self, worker_ctx: object) -> str:
        """The address, without a slash at its end."""
        return self._url


class ChannelsProvider(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects the channels to people outside, in the order in which they take over from each other; maybe none."""

    def setup(self) -> None:
        """Make them from the settings."""
        settings = read(Env())
        listed = configured(settings.channels_file) if settings.channels_file else ()
        console = (Console(settings.console_file),) if settings.console_file else ()
        self._channels: tuple[Channel, ...] = (*listed, *console)

    def get_dependency(self, worker_ctx: Any) -> tuple[Channel, ...]:
        """The channels."""
        return self._channels
