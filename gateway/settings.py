"""Settings of the gateway, read from the environment; the shared ones are in `chassis.settings`."""

import re
from dataclasses import dataclass
from pathlib import Path

from environs import Env, EnvError
from limits import parse_many
from marshmallow import ValidationError
from marshmallow.validate import Range, Regexp

from chassis.settings import PORT, web_address, web_address_or_none
from chassis.tls import Trust, Unusable, served
from gateway.tokens import private_key

DISTRICT_OR_NONE = Regexp(r"([0-9]{6})?\Z", error="Not a district of six digits.")
ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
POSITIVE = Range(min=0, min_inclusive=False)
WEEK = 7 * 86_400
STORE = Regexp(
    r"(memory://|mongodb(\+srv)?://\S+)\Z", error="Neither memory:// nor an address like mongodb://host:27017/."
)


@dataclass(frozen=True)
class Settings:
    """Where the gateway listens, the keys of its tokens, and the internal addresses of the services' instances.

    `sign_in_rate`, `reading_rate` (of what is read without signing in), `station_use_rate` and `anonymous_rate` (of
    reports without an account and their photos) are per client address; `rate_store` is where their counters are
    (`memory://` or `mongodb://…`, as the library limits writes it). `person_rate` is that of everything that one person
    or program asks, `address_rate` that of everything from one client address; each process counts them for itself.
    `proxies` is how many of our own stand in front and name the client's address.
    `public_url` is the address under which everybody reaches us, in every link that is given out ("": the one that a
    request came to). `certificate_font` is the path of the font that certificates embed ("": none).
    `head_seconds` is how long a head may take to arrive, `body_seconds` what is waited for a body, and for an answer
    to be taken, besides a second for every `body_rate` bytes. `streams` are open at most at once, of one person
    `streams_of_one`.
    `open311_district` is the district that Open311 is about where none is named ("": one has to be).
    `tls_cert_file` and `tls_key_file` are what the public port shows of itself under TLS ("": it has none).
    `internal_ca_file` has the authorities that services at `https://` are believed by ("": those that requests knows).
    """

    host: str
    port: int
    token_key: str
    cases_urls: tuple[str, ...]
    members_urls: tuple[str, ...]
    notify_urls: tuple[str, ...]
    access_seconds: int = 900
    sign_in_rate: str = "600 per minute"
    reading_rate: str = "600 per minute"
    station_use_rate: str = "60 per minute"
    anonymous_rate: str = "60 per minute"
    person_rate: str = "30000 per minute"
    address_rate: str = "120000 per minute"
    rate_store: str = "memory://"
    web_origins: tuple[str, ...] = ()
    proxies: int = 0
    public_url: str = ""
    certificate_font: str = ""
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    body_rate: int = 8192
    open311_district: str = ""
    streams: int = 2500
    streams_of_one: int = 10
    tls_cert_file: str = ""
    tls_key_file: str = ""
    internal_ca_file: str = ""

    @property
    def service_urls(self) -> dict[str, tuple[str, ...]]:
        """The internal addresses of each service, by its name."""
        return {"cases": self.cases_urls, "members": self.members_urls, "notify": self.notify_urls}


def read(env: Env) -> Settings:
    """The settings as the environment has them; raises `environs.EnvError` that names a missing or bad one."""
    return Settings(
        host=env.str("GATEWAY_HOST", "127.0.0.1") or "127.0.0.1",
        port=env.int("GATEWAY_PORT", 8000, validate=PORT),
        token_key=env.str("TOKEN_KEY", validate=_keys),
        cases_urls=_urls(env.list("CASES_URL", validate=_addresses)),
        members_urls=_urls(env.list("MEMBERS_URL", validate=_addresses)),
        notify_urls=_urls(env.list("NOTIFY_URL", validate=_addresses)),
        access_seconds=env.int("ACCESS_SECONDS", 900, validate=Range(1, WEEK)),
        sign_in_rate=env.str("SIGN_IN_RATE", "600 per minute", validate=_rate),
        reading_rate=env.str("READING_RATE", "600 per minute", validate=_rate),
        station_use_rate=env.str("STATION_USE_RATE", "60 per minute", validate=_rate),
        anonymous_rate=env.str("ANONYMOUS_RATE", "60 per minute", validate=_rate),
        person_rate=env.str("PERSON_RATE", "30000 per minute", validate=_rate),
        address_rate=env.str("ADDRESS_RATE", "120000 per minute", validate=_rate),
        rate_store=env.str("RATE_STORE", "memory://", validate=STORE),
        web_origins=_origins(env.list("WEB_ORIGINS", [])),
        proxies=env.int("TRUSTED_PROXIES", 0, validate=Range(min=0)),
        public_url=env.str("PUBLIC_URL", "", validate=web_address_or_none),
        certificate_font=_file(env.str("CERTIFICATE_FONT", "")),
        head_seconds=env.float("HEAD_SECONDS", 10.0, validate=POSITIVE),
        body_seconds=env.float("BODY_SECONDS", 30.0, validate=POSITIVE),
        body_rate=env.int("BODY_RATE", 8192, validate=POSITIVE),
        open311_district=env.str("OPEN311_DISTRICT", "", validate=DISTRICT_OR_NONE),
        streams=env.int("STREAMS", 2500, validate=POSITIVE),
        streams_of_one=env.int("STREAMS_OF_ONE", 10, validate=POSITIVE),
        **_certificate(env.str("TLS_CERT_FILE", ""), env.str("TLS_KEY_FILE", "")),
        internal_ca_file=_authorities(env.str("INTERNAL_CA_FILE", "")),
    )


def _keys(said: str) -> None:
    try:
        for each in said.split(","):
            private_key(each)
    except (ValueError, TypeError) as reason:  # the library takes a key with a password for a wrong call
        raise ValidationError(f"{reason}.") from None


def _rate(said: str) -> None:
    try:
        [found] = parse_many(said)
    except ValueError:
        found = None
    if found is None or found.amount < 1:
        raise ValidationError("Not a rate like 600 per minute.")


def _addresses(listed: list[str]) -> None:
    urls = _urls(listed)
    if not urls:
        raise ValidationError("No address.")
    for each in urls:
        web_address(each)


def _urls(listed: list[str]) -> tuple[str, ...]:
    return tuple(url.strip().rstrip("/") for url in listed if url.strip())


def _origins(listed: list[str]) -> tuple[str, ...]:
    """As browsers write them; one of another form would match nothing, and nobody would see why."""
    origins = tuple(each.strip() for each in listed if each.strip())
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise EnvError(f"WEB_ORIGINS: {origin} is no origin like https://host or http://host:port")
    return origins


def _certificate(cert_file: str, key_file: str) -> dict[str, str]:
    if not (cert_file or key_file):
        return {}
    try:
        served(cert_file, key_file)
    except Unusable as reason:
        raise EnvError(f"TLS_CERT_FILE, TLS_KEY_FILE: {reason}") from None
    return {"tls_cert_file": cert_file, "tls_key_file": key_file}


def _authorities(ca_file: str) -> str:
    try:
        return Trust(ca_file).ca_file
    except Unusable as reason:
        raise EnvError(f"INTERNAL_CA_FILE: {reason}") from None


def _file(path: str) -> str:
    if path and not Path(path).is_file():
        raise EnvError(f"CERTIFICATE_FONT names no file: {path}")
    return path
