"""Settings of the gateway, read from the environment; the shared ones are in `chassis.settings`."""

from dataclasses import dataclass

from environs import Env


@dataclass(frozen=True)
class Settings:
    """Where the gateway listens, the key of its tokens, and the internal addresses of the services.

    `sign_in_rate` is per client address; `rate_store` is where its counters are (`memory://` or `mongodb://…`, as
    the library limits writes it); `proxies` is how many of our own stand in front and name the client's address.
    """

    host: str
    port: int
    token_key: str
    cases_url: str
    members_url: str
    notify_url: str
    access_seconds: int = 900
    sign_in_rate: str = "600 per minute"
    rate_store: str = "memory://"
    web_origins: tuple[str, ...] = ()
    proxies: int = 0

    @property
    def service_urls(self) -> dict[str, str]:
        """The internal address of each service, by its name."""
        return {"cases": self.cases_url, "members": self.members_url, "notify": self.notify_url}


def read(env: Env) -> Settings:
    """The settings as the environment has them; raises `environs.EnvError` that names a missing or bad one."""
    return Settings(
        host=env.str("GATEWAY_HOST", "127.0.0.1"),
        port=env.int("GATEWAY_PORT", 8000),
        token_key=env.str("TOKEN_KEY"),
        cases_url=env.str("CASES_URL").rstrip("/"),
        members_url=env.str("MEMBERS_URL").rstrip("/"),
        notify_url=env.str("NOTIFY_URL").rstrip("/"),
        access_seconds=env.int("ACCESS_SECONDS", 900),
        sign_in_rate=env.str("SIGN_IN_RATE", "600 per minute"),
        rate_store=env.str("RATE_STORE", "memory://"),
        web_origins=tuple(env.list("WEB_ORIGINS", [])),
        proxies=env.int("TRUSTED_PROXIES", 0),
    )
