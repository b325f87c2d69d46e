"""Where the settings say that the bytes of photos are kept: in the database, or in a bucket of an S3 store."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from environs import Env, EnvError
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from cases.photo_line import WAITS, PhotoLine
from cases.store import PhotoStore
from cases.store.photo_place import InBucket
from chassis.mongo import Home
from chassis.tls import Trust, Unusable

if TYPE_CHECKING:
    from cases.store.bucket import Bucket


@dataclass(frozen=True)
class BucketSettings:
    """Which bucket, at `http://host[:port]` or `https://…`, and who we are there; `trust` is for TLS."""

    endpoint: str
    name: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str
    trust: Trust = field(default_factory=Trust)

    def opened(self, waits: tuple[float, float] = WAITS) -> "Bucket":
        """The bucket, which is waited for so long; nobody is asked yet whether it is there."""
        # The client takes 12 MB, which nobody pays who has no bucket.
        from cases.store.bucket import Bucket  # noqa: PLC0415

        line = PhotoLine(self.trust, waits)
        return Bucket.at(self.endpoint, self.name, (self.access_key, self.secret_key), self.region, line)


def bucket_settings(env: Env) -> BucketSettings | None:
    """Those of the environment, None where none are set.

    Raises `environs.EnvError` that names what is missing or wrong, and never shows a key.
    """
    needed = {
        "PHOTO_S3_ENDPOINT": env.str("PHOTO_S3_ENDPOINT", ""),
        "PHOTO_S3_BUCKET": env.str("PHOTO_S3_BUCKET", ""),
        "PHOTO_S3_ACCESS_KEY": env.str("PHOTO_S3_ACCESS_KEY", ""),
        "PHOTO_S3_SECRET_KEY": env.str("PHOTO_S3_SECRET_KEY", ""),
    }
    files = (env.str("PHOTO_S3_CA_FILE", ""), env.str("PHOTO_S3_CERT_FILE", ""), env.str("PHOTO_S3_KEY_FILE", ""))
    if not any((*needed.values(), *files)):
        return None
    if missing := [name for name, said in needed.items() if not said]:
        raise EnvError(f"Photos in a bucket need {', '.join(missing)} too; without any PHOTO_S3_… there is none")
    endpoint, name, access_key, secret_key = needed.values()
    _check_bucket(name)
    trust = _trust(_address(endpoint), *files)
    return BucketSettings(endpoint, name, access_key, secret_key, env.str("PHOTO_S3_REGION", "us-east-1"), trust)


def photo_store(home: Home) -> PhotoStore:
    """The photos of this service, with their bytes where the settings say; raises `environs.EnvError`."""
    found = bucket_settings(Env())
    return PhotoStore(home, None if found is None else InBucket(home, found.opened()))


def _address(endpoint: str) -> Url:
    try:
        url = parse_url(endpoint)
    except LocationParseError:
        url = Url()
    beside = url.auth or url.path not in {None, "", "/"} or url.query or url.fragment
    if url.scheme not in {"http", "https"} or not url.host or beside:
        # It is not shown: some write keys into it.
        raise EnvError("PHOTO_S3_ENDPOINT is no address like https://s3.example.cn, with nothing but a port behind it")
    return url


def _check_bucket(name: str) -> None:
    from cases.store.bucket import check_name  # noqa: PLC0415

    try:
        check_name(name)
    except ValueError as reason:
        raise EnvError(f"PHOTO_S3_BUCKET: {reason}") from None


def _trust(address: Url, ca_file: str, cert_file: str, key_file: str) -> Trust:
    try:
        trust = Trust(ca_file, cert_file, key_file)
    except Unusable as reason:
        raise EnvError(f"PHOTO_S3_CA_FILE, PHOTO_S3_CERT_FILE, PHOTO_S3_KEY_FILE: {reason}") from None
    if trust and address.scheme != "https":
        raise EnvError(
            "PHOTO_S3_CA_FILE and PHOTO_S3_CERT_FILE are for TLS, which PHOTO_S3_ENDPOINT names with https://"
        )
    return trust
