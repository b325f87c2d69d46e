"""Personal data at rest: a phone is stored encrypted and found by a keyed fingerprint; no settings here."""

import hmac
from hashlib import sha256

from cryptography.fernet import Fernet


class Seal:
    """Encrypts, decrypts and fingerprints with two keys; derives one key for each other purpose."""

    def __init__(self, person_key: str, code_key: str) -> None:
        """`person_key` is a Fernet key (32 bytes, base64url); `code_key` is any long secret.

        Raises ValueError for a `person_key` of another form.
        """
        self._fernet = Fernet(person_key)
        self._code_key = code_key.encode()
        self._print_key = self.key("phone")

    def close(self, text: str) -> str:
        """The text encrypted (AES-128-CBC with HMAC, Fernet); twice the same text gives two results."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text again; raises `cryptography.fernet.InvalidToken` if it was not sealed with this key."""
        return self._fernet.decrypt(sealed.encode()).decode()

    def fingerprint(self, text: str) -> str:
        """The keyed hash by which the text is found."""
        return hmac.new(self._print_key, text.encode(), sha256).hexdigest()

    def key(self, purpose: str) -> bytes:
        """The key for one purpose (`code`, `token`), so that no two purposes share one."""
        return hmac.new(self._code_key, purpose.encode(), sha256).digest()
