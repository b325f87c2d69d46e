"""Secrets of partners at rest: sealed with the service's key, several keys while one is being replaced."""

from cryptography.fernet import Fernet, MultiFernet


class Sealer:
    """Seals with the first key, opens with any of them."""

    def __init__(self, keys: str) -> None:
        """`keys` are Fernet keys, comma-separated, the newest first; raises ValueError for another form."""
        self._fernet = MultiFernet([Fernet(key.strip()) for key in keys.split(",")])

    def seal(self, secret: str) -> str:
        """The secret as it may be stored."""
        return self._fernet.encrypt(secret.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """The secret; raises cryptography's InvalidToken if no key fits."""
        return self._fernet.decrypt(sealed).decode()
