"""What this service reads from the environment: the key of partners' secrets, and the ways out of the inbox."""

from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

from environs import Env
from marshmallow import ValidationError
from marshmallow.validate import Regexp

from chassis.settings import web_address_or_none
from notify.webhooks.address import Network

MANAGEMENT = Regexp(r"(https?://\S+)?\Z", error="Not an address like http://user:password@host:15672.")
PARTNERS = Regexp(r"(amqps?://\S+)?\Z", error="Not an address like amqps://host:5671/partners.")


@dataclass(frozen=True)
class Settings:
    """`secret_key` seals webhook secrets, `console_file` is where the console channel writes, `channels_file`
    lists the channels to people outside: each if there is one. Without `management_url` partners get no queues;
    `partner_amqp_url` is where they reach the broker.
    """

    secret_key: str
    console_file: Path | None
    channels_file: Path | None
    webhook_networks: tuple[Network, ...]
    public_url: str
    management_url: str
    partner_amqp_url: str


def read(env: Env) -> Settings:
    """The settings as the environment has them; raises `environs.EnvError` that names a bad one."""
    console, channels = env.str("CONSOLE_FILE", None), env.str("CHANNELS_FILE", None)
    return Settings(
        secret_key=env.str("SECRET_KEY"),
        console_file=Path(console) if console else None,
        channels_file=Path(channels) if channels else None,
        webhook_networks=_networks(env.str("WEBHOOK_NETWORKS", "", validate=_are_networks)),
        public_url=env.str("PUBLIC_URL", "", validate=web_address_or_none).rstrip("/"),
        management_url=env.str("MANAGEMENT_URL", "", validate=MANAGEMENT),
        partner_amqp_url=env.str("PARTNER_AMQP_URL", "", validate=PARTNERS),
    )


def _are_networks(text: str) -> None:
    try:
        _networks(text)
    except ValueError as reason:
        raise ValidationError(f"{reason}.") from None


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
