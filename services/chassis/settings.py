"""Settings that every process shares, read once from the environment."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env, EnvError
from marshmallow import ValidationError
from marshmallow.validate import Range, Regexp

from chassis.tls import Trust, Unusable, certificate

PORT = Range(min=0, max=65_535)
BROKERS = Regexp(
    r"amqps?://[^;]+(;\s*amqps?://[^;]+)*[;\s]*\Z", error="Not amqp:// or amqps://, nor several with ; between."
)
DATABASE = Regexp(r"mongodb(\+srv)?://.", error="Not an address like mongodb://host:27017/?replicaSet=rs0.")
LEVEL = Regexp("(DEBUG|INFO|WARNING|ERROR)?\\Z", re.IGNORECASE, error="Must be one of: DEBUG, INFO, WARNING, ERROR.")
ADDRESS = re.compile(r"https?://(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?(?:/[\w.~%/-]*)?")


@dataclass(frozen=True)
class Settings:
    """Where the servers are, how this process listens, how long it waits.

    `amqp_trust` is for nodes of the broker at `amqps://`, and for its management API at `https://`. What the internal
    port shows of itself under TLS is in `internal_cert_file` and `internal_key_file` ("": it has none).
    """

    amqp_uri: str
    amqp_trust: Trust
    mongo_uri: str
    database_prefix: str
    internal_host: str
    internal_port: int
    internal_cert_file: str
    internal_key_file: str
    grace_seconds: float
    rpc_seconds: float
    attempts: int
    log_level: str
    clock_file: str | None
    crash_at: str | None
    audit_heads_file: str | None
    audit_heads_seconds: float


def read(env: Env) -> Settings:
    """The settings as the environment has them; raises `environs.EnvError` that names a bad one."""
    amqp_uri = _nodes(env.str("AMQP_URI", "amqp://guest:guest@127.0.0.1:5672//", validate=BROKERS))
    internal = env.str("INTERNAL_CERT_FILE", ""), env.str("INTERNAL_KEY_FILE", "")
    _check_certificate(*internal)
    return Settings(
        amqp_uri=amqp_uri,
        amqp_trust=_trust(env, amqp_uri),
        mongo_uri=env.str("MONGO_URI", "mongodb://127.0.0.1:27017/?replicaSet=rs0", validate=DATABASE),
        database_prefix=env.str("DATABASE_PREFIX", ""),
        internal_host=env.str("INTERNAL_HOST", "127.0.0.1") or "127.0.0.1",
        internal_port=env.int("INTERNAL_PORT", 0, validate=PORT),
        internal_cert_file=internal[0],
        internal_key_file=internal[1],
        grace_seconds=env.float("GRACE_SECONDS", 8.0, validate=Range(1, 3_600)),
        rpc_seconds=env.float("RPC_SECONDS", 5.0, validate=Range(0.1, 600)),
        attempts=env.int("ATTEMPTS", 8, validate=Range(1, 1_000)),
        log_level=env.str("LOG_LEVEL", "INFO", validate=LEVEL).upper() or "INFO",
        clock_file=env.str("CLOCK_FILE", None),
        crash_at=env.str("CRASH_AT", None),
        audit_heads_file=env.str("AUDIT_HEADS_FILE", None, validate=in_a_directory),
        audit_heads_seconds=env.float("AUDIT_HEADS_SECONDS", 60.0, validate=Range(1, 86_400)),
    )


def web_address(said: str) -> None:
    """Raises ValidationError for what is no `http://host[:port][/path]`, nor the same with https."""
    try:
        fits = ADDRESS.fullmatch(said) and urlsplit(said).port != 0  # raises for a port that there is not
    except ValueError:
        fits = False
    if not fits:
        raise ValidationError("Not an address like https://host or http://host:port.")


def web_address_or_none(said: str) -> None:
    """Raises ValidationError as `web_address`, unless nothing is said."""
    if said:
        web_address(said)


def in_a_directory(said: str) -> None:
    """Raises ValidationError for a file whose directory is not there."""
    if said and not Path(said).parent.is_dir():
        raise ValidationError("Not in a directory that is there.")


def _nodes(uri: str) -> str:
    return ";".join(node.strip() for node in uri.split(";") if node.strip())


def _trust(env: Env, amqp_uri: str) -> Trust:
    files = env.str("AMQP_CA_FILE", ""), env.str("AMQP_CERT_FILE", ""), env.str("AMQP_KEY_FILE", "")
    try:
        trust = Trust(*files)
    except Unusable as reason:
        raise EnvError(f"AMQP_CA_FILE, AMQP_CERT_FILE, AMQP_KEY_FILE: {reason}") from None
    if trust and "amqps://" not in amqp_uri:
        raise EnvError("AMQP_CA_FILE and AMQP_CERT_FILE are for TLS, which AMQP_URI names with amqps://")
    return trust


def _check_certificate(cert_file: str, key_file: str) -> None:
    try:
        certificate(cert_file, key_file)
    except Unusable as reason:
        raise EnvError(f"INTERNAL_CERT_FILE, INTERNAL_KEY_FILE: {reason}") from None


settings = read(Env())
