"""Masks for personal data in what is shown: phones, identity numbers, names (docs/domain.md §5)."""

import re

_IDENTITY = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
_PHONE = re.compile(r"(?<![0-9])1[0-9]{10}(?![0-9])")


def masked_phone(phone: str) -> str:
    """First three and last four digits."""
    return f"{phone[:3]}****{phone[-4:]}"


def masked_name(name: str) -> str:
    """The first character of the name, which is most often the family name."""
    return f"{name[:1]}**"


def masked_text(text: str) -> str:
    """The text with every phone and identity number in it masked."""
    without_ids = _IDENTITY.sub(lambda found: f"{found[0][:6]}********{found[0][-4:]}", text)
    return _PHONE.sub(lambda found: masked_phone(found[0]), without_ids)
