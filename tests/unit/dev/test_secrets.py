"""Secrets are made once, and only their owner can read them."""

from pathlib import Path

from dev.secrets import COMPOSE, ensure, read


def test_secrets_are_made_once(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    first = ensure(file)
    assert ensure(file) == first == read(file)
    assert len(set(first.values())) == len(first)


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    ensure(file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_missing_secret_is_added_and_what_somebody_set_is_kept(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("CODE_KEY=mine\nGATEWAY_PORTS=8000-8001\n")
    made = ensure(file, COMPOSE)
    assert made["CODE_KEY"] == "mine"
    assert made["GATEWAY_PORTS"] == "8000-8001"
    assert set(COMPOSE) <= set(made)
