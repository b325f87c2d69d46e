"""Texts at rest: sealed with the newest of a service's keys and opened with any of them; no settings here."""

import re
from hashlib import sha256
from typing import Any

from bson.codec_options import TypeEncoder
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from chassis.secret import Secret

_FORM = re.compile(r"[A-Za-z0-9_-]{43}=")


class WrongKeys(Exception):
    """None of the keys opens what was sealed with another one."""


class NoKeys(ValueError):
    """What a setting holds are not keys; it is named, and what it holds is not told."""


class Sealer:
    """Seals with the first key (AES-128-CBC with HMAC, Fernet) and opens with any."""

    def __init__(self, keys: str, setting: str = "the keys") -> None:
        """`keys` are Fernet keys (32 bytes, base64url), comma-separated, the newest first; `setting` is their name.

        Raises `NoKeys` for another form.
        """
        named = [key.strip() for key in keys.split(",")]
        if not all(map(_FORM.fullmatch, named)):  # Fernet itself passes over what follows a key
            raise NoKeys(f"{setting}: not Fernet keys (32 bytes, base64url) separated by commas")
        fernets = [Fernet(key) for key in named]
        self.setting = setting
        self._newest, self._oldest, self._all = fernets[0], fernets[-1], MultiFernet(fernets)
        self.newest = sha256(named[0].encode()).hexdigest()[:16]
        """Names the first key without telling it."""

    def close(self, text: str) -> str:
        """The text sealed; twice the same text gives two results."""
        return self._newest.encrypt(text.encode()).decode("ascii")

    def close_with_oldest(self, text: str) -> str:
        """The same with the last of the keys."""
        return self._oldest.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """The text again; raises `WrongKeys`."""
        try:
            return self._all.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise WrongKeys(f"{self.setting}: none of these keys opens what was sealed with another one") from None

    def reveal(self, secret: Secret) -> str:
        """The text of a marked field; raises `WrongKeys`."""
        return secret.text if secret.text is not None else self.open(str(secret.sealed))

    def is_newest(self, sealed: str) -> bool:
        """Whether it is sealed with the first key."""
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True

    def renewed(self, sealed: str) -> str:
        """The same text sealed with the first key; as it was where it is already. Raises `WrongKeys`."""
        return sealed if self.is_newest(sealed) else self.close(self.open(sealed))


class SecretEncoder(TypeEncoder):
    """Has the driver write every marked text sealed, with the newest key, so that none can be written plain."""

    python_type = Secret

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def transform_python(self, value: Secret) -> dict[str, Any]:
        """What a document holds of it: its mask, and the sealed text."""
        return sealed_field(value, self._sealer)


def sealed_field(secret: Secret, sealer: Sealer) -> dict[str, Any]:
    """What a document holds of a marked text."""
    sealed = sealer.close(secret.text) if secret.text is not None else sealer.renewed(str(secret.sealed))
    return {"mask": secret.mask, "sealed": sealed}
