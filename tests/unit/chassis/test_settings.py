"""What no process could work with ends its start, and names the variable."""

from pathlib import Path

import pytest
from environs import Env, EnvError

from chassis.settings import read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AMQP_URI", "http://broker"),
        ("AMQP_URI", "amqp://one//;two"),
        ("AMQP_URI", ";"),
        ("MONGO_URI", "foo"),
        ("MONGO_URI", "mongodb://"),
        ("INTERNAL_PORT", "-1"),
        ("INTERNAL_PORT", "65536"),
        ("GRACE_SECONDS", "-1"),
        ("GRACE_SECONDS", "nan"),
        ("RPC_SECONDS", "0"),
        ("RPC_SECONDS", "86400"),
        ("ATTEMPTS", "0"),
        ("LOG_LEVEL", "foo"),
        ("LOG_LEVEL", "info "),
        ("AUDIT_HEADS_FILE", "{here}/none/heads.jsonl"),
        ("AUDIT_HEADS_SECONDS", "0"),
    ],
)
def test_a_value_that_cannot_be_ends_the_start_with_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value.format(here=tmp_path))
    with pytest.raises(EnvError, match=name):
        read(Env())


def test_no_address_is_shown_that_may_hold_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGO_URI", "what://sandan:secret@host")
    with pytest.raises(EnvError) as refused:
        read(Env())
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AMQP_URI", "amqp://guest:guest@one:5672//;amqps://two"),
        ("MONGO_URI", "mongodb+srv://sandan@db.example/?tls=true"),
        ("MONGO_URI", "mongodb://one:27017,two:27017/?replicaSet=rs0"),
        ("INTERNAL_PORT", "0"),
        ("INTERNAL_PORT", "65535"),
        ("GRACE_SECONDS", "4"),
        ("RPC_SECONDS", "0.5"),
        ("ATTEMPTS", "1"),
        ("LOG_LEVEL", "WARNING"),
        ("AUDIT_HEADS_FILE", "{here}/heads.jsonl"),
        ("AUDIT_HEADS_FILE", "heads.jsonl"),
        ("AUDIT_HEADS_FILE", ""),
        ("AUDIT_HEADS_SECONDS", "1"),
    ],
)
def test_what_a_process_can_work_with_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value.format(here=tmp_path))
    found = vars(read(Env()))[name.lower()]
    assert str(found) in {value.format(here=tmp_path), f"{value}.0"}


@pytest.mark.parametrize(
    ("name", "value", "read_as"),
    [
        ("AMQP_URI", "amqp://one//; amqp://two// ;", "amqp://one//;amqp://two//"),
        ("AMQP_URI", "amqp://one; ", "amqp://one"),
        ("LOG_LEVEL", "info", "INFO"),
        ("LOG_LEVEL", "", "INFO"),
        ("INTERNAL_HOST", "", "127.0.0.1"),
    ],
)
def test_what_can_be_meant_in_one_way_is_read_so(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read_as: str
) -> None:
    monkeypatch.setenv(name, value)
    assert vars(read(Env()))[name.lower()] == read_as
