"""Settings that every process shares, read once from the environment."""

from dataclasses import dataclass

from environs import Env


@dataclass(frozen=True)
class Settings:
    """Where the servers are, how this process listens, how long it waits."""

    amqp_uri: str
    mongo_uri: str
    database_prefix: str
    internal_host: str
    internal_port: int
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
    return Settings(
        amqp_uri=env.str("AMQP_URI", "amqp://guest:guest@127.0.0.1:5672//"),
        mongo_uri=env.str("MONGO_URI", "mongodb://127.0.0.1:27017/?replicaSet=rs0"),
        database_prefix=env.str("DATABASE_PREFIX", ""),
        internal_host=env.str("INTERNAL_HOST", "127.0.0.1"),
        internal_port=env.int("INTERNAL_PORT", 0),
        grace_seconds=env.float("GRACE_SECONDS", 8.0),
        rpc_seconds=env.float("RPC_SECONDS", 5.0),
        attempts=env.int("ATTEMPTS", 8),
        log_level=env.str("LOG_LEVEL", "INFO"),
        clock_file=env.str("CLOCK_FILE", None),
        crash_at=env.str("CRASH_AT", None),
        audit_heads_file=env.str("AUDIT_HEADS_FILE", None),
        audit_heads_seconds=env.float("AUDIT_HEADS_SECONDS", 60.0),
    )


settings = read(Env())
