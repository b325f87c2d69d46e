"""The muster code of a day: names its activity and the local day, and carries a mark that only the suite can make."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from chassis.errors import Refusal

FORM = "M1"
MARK_BYTES = 15
"""Of the mark's 32 bytes so many are in the code: what is drawn is scanned the faster, and nobody guesses 120 bits."""


@dataclass(frozen=True)
class MusterCode:
    """What a code says: whoever is at the muster point of that activity on that day may show it."""

    activity_id: str
    day: date


def issued(code: MusterCode, key: bytes) -> str:
    """The code as it is drawn: `M1.<activity>.<day>.<mark>`."""
    named = f"{FORM}.{code.activity_id}.{code.day:%Y%m%d}"
    return f"{named}.{_mark(named, key)}"


def read(text: str, key: bytes) -> MusterCode:
    """What the code says; refuses `muster_code_forged` for one that was not made with this key."""
    named, _, mark = text.rpartition(".")
    form, _, rest = named.partition(".")
    activity_id, _, day = rest.rpartition(".")
    if form != FORM or not hmac.compare_digest(mark.encode(), _mark(named, key).encode()):
        raise Refusal("muster_code_forged")
    return MusterCode(activity_id, datetime.strptime(day, "%Y%m%d").date())  # noqa: DTZ007 - a day of the calendar


def _mark(named: str, key: bytes) -> str:
    return urlsafe_b64encode(hmac.new(key, named.encode(), sha256).digest()[:MARK_BYTES]).decode()
