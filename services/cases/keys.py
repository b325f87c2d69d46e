"""The keys of this service, read from the settings: what seals its marked fields, and what makes pseudonyms."""

import hmac
from collections.abc import Callable
from functools import partial
from hashlib import sha256

from environs import Env
from nameko.extensions import DependencyProvider

from cases.marked import MARKED
from chassis.keyring import Keyring
from chassis.sealing import Sealer


def sealer() -> Sealer:
    """The sealer with the keys of the settings; raises `environs.EnvError` or `NoKeys` that names them."""
    return Sealer(Env().str("CASES_PERSON_KEYS"), "CASES_PERSON_KEYS")


class PseudonymProvider(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects what gives the name that stands for an id; a missing key keeps the service from starting."""

    def setup(self) -> None:
        """Read the key."""
        key = Env().str("CASES_PSEUDONYM_KEY").encode()
        self._pseudonym: Callable[[str], str] = partial(pseudonym, key)

    def get_dependency(self, worker_ctx: object) -> Callable[[str], str]:
        """What gives the name."""
        return self._pseudonym


def pseudonym(key: bytes, id: str) -> str:
    """The keyed name that stands for an id: it tells nothing without the key."""
    return f"pseudonym-{hmac.new(key, id.encode(), sha256).hexdigest()[:32]}"


class SealProvider(Keyring):
    """Injects the sealer; missing, malformed or wrong keys keep the service from starting."""

    def __init__(self) -> None:
        super().__init__(sealer, MARKED)
