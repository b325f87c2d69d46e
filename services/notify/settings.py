"""What this service reads from the environment: the key of partners' secrets, and the ways out of the inbox."""

from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

from environs import Env

from notify.webhooks.address import Network


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
    """The settings as the environment has them; raises `environs.EnvError` or ValueError that names a bad one."""
    console, channels = env.str("CONSOLE_FILE", None), env.str("CHANNELS_FILE", None)
    return Settings(
        secret_key=env.str("SECRET_KEY"),
        console_file=Path(console) if console else None,
        channels_file=Path(channels) if channels else None,
        webhook_networks=_networks(env.str("WEBHOOK_NETWORKS", "")),
        public_url=env.str("PUBLIC_URL", "").rstrip("/"),
        management_url=env.str("MANAGEMENT_URL", ""),
        partner_amqp_url=env.str("PARTNER_AMQP_URL", ""),
    )


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
