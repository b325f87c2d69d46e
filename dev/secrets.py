"""Secrets for one suite, made once and kept where only their owner can read them.

`python -m dev.secrets .env` makes those of docker-compose.yml.
"""

import base64
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path


def _key() -> str:
    """32 random bytes in base64url with padding, as Fernet keys and Ed25519 seeds are written."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _password() -> str:
    return "-".join(secrets.token_hex(2) for _ in range(4))


def _long_password() -> str:
    return secrets.token_hex(24)


DEVELOPMENT: dict[str, Callable[[], str]] = {
    "TOKEN_KEY": _key,
    "CASES_PERSON_KEYS": _key,
    "CASES_PSEUDONYM_KEY": _key,
    "CODE_KEY": _key,
    "PERSON_KEY": _key,
    "SECRET_KEY": _key,
    "DEMO_PASSWORD": _password,
    "DEMO_API_KEY": _long_password,
}
COMPOSE = DEVELOPMENT | dict.fromkeys(
    [
        "RABBITMQ_PASSWORD",
        "MONGO_ROOT_PASSWORD",
        "REPLICA_KEY",
        "CASES_DB_PASSWORD",
        "MEMBERS_DB_PASSWORD",
        "NOTIFY_DB_PASSWORD",
        "GATEWAY_DB_PASSWORD",
    ],
    _long_password,
)


def read(path: Path) -> dict[str, str]:
    """The secrets in a file of `NAME=value` lines; none when there is no file."""
    if not path.exists():
        return {}
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)


def ensure(path: Path, makers: Mapping[str, Callable[[], str]] = DEVELOPMENT) -> dict[str, str]:
    """The secrets in the file, after adding those of `makers` that are missing."""
    kept = read(path)
    known = kept | {name: make() for name, make in makers.items() if not kept.get(name)}
    if known != kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text("".join(f"{name}={value}\n" for name, value in known.items()))
    return known


if __name__ == "__main__":
    ensure(Path(sys.argv[1]), COMPOSE)
