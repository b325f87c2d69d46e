"""Personal data at rest: a phone is stored sealed and found by a keyed fingerprint; no settings here."""

import hmac
from hashlib import sha256

from chassis.marked import Marked
from chassis.sealing import Sealer

SETTING = "PERSON_KEY"

MARKED = (
    Marked("people", "phone", "the phone of a person"),
    Marked("people", "addresses.*", "where else a person is told: e-mail, topics, device keys"),
    Marked("workers", "phone", "the phone of somebody whom the census knows"),
    Marked("second_factors", "secret", "the secret of a second factor"),
    Marked("visit_notes", "text", "the private note of a visit"),
)
"""What members keeps sealed (docs/domain.md §5)."""


class Seal(Sealer):
    """Seals and opens personal data, and fingerprints it with another key; derives one key for each other purpose."""

    def __init__(self, person_keys: str, code_key: str) -> None:
        """`person_keys` are those of a `Sealer`; `code_key` is any long secret.

        Raises `NoKeys` for `person_keys` of another form.
        """
        super().__init__(person_keys, SETTING)
        self._code_key = code_key.encode()
        self._print_key = self.key("phone")

    def fingerprint(self, text: str) -> str:
        """The keyed hash by which the text is found."""
        return hmac.new(self._print_key, text.encode(), sha256).hexdigest()

    def key(self, purpose: str) -> bytes:
        """The key for one purpose (`code`, `token`), so that no two purposes share one."""
        return hmac.new(self._code_key, purpose.encode(), sha256).digest()
