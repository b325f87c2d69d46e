"""Secrets for one development suite, made once and kept where only their owner can read them."""

import base64
import secrets
from collections.abc import Callable
from pathlib import Path


def _key() -> str:
    """32 random bytes in base64url with padding, as Fernet keys and Ed25519 seeds are written."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _password() -> str:
    return "-".join(secrets.token_hex(2) for _ in range(4))


MAKERS: dict[str, Callable[[], str]] = {
    "TOKEN_KEY": _key,
    "CODE_KEY": _key,
    "PERSON_KEY": _key,
    "SECRET_KEY": _key,
    "DEMO_PASSWORD": _password,
}


def read(path: Path) -> dict[str, str]:
    """The secrets in a file of `NAME=value` lines; none when there is no file."""
    if not path.exists():
        return {}
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)


def ensure(path: Path) -> dict[str, str]:
    """The secrets in the file, after adding those that are missing."""
    kept = read(path)
    known = {name: kept.get(name) or make() for name, make in MAKERS.items()}
    if known != kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text("".join(f"{name}={value}\n" for name, value in known.items()))
    return known
