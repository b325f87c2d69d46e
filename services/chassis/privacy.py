"""Masks for personal data in what is shown: phones, identity numbers, names (docs/domain.md §5)."""

import re
from collections.abc import Callable
from unicodedata import normalize

_GAP = r"[ \t\-\u2010-\u2015\u2212]{0,3}"
"""What people write between the groups of a number; a line break ends it."""

_IDENTITY = re.compile(
    r"(?<![0-9])(?:[0-9]{17}[0-9Xx](?![0-9])"
    rf"|[0-9]{{6}}{_GAP}[0-9]{{8}}{_GAP}[0-9]{{3}}[0-9Xx](?![0-9A-Za-z]))"
)
"""18 characters, or its groups of 6, 8 and 4; the number of a case goes on after its fourth letter."""

_PHONE = re.compile(
    rf"(?<![0-9])(?P<country>(?:\+|00)?86{_GAP})?"
    rf"(?P<phone>1[0-9]{{10}}|1[2-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}})(?![0-9])"
)
"""A mobile number, at one go or in its groups of 3, 4 and 4, with or without the country's code."""


def masked_phone(phone: str) -> str:
    """First three and last four digits."""
    return f"{phone[:3]}****{phone[-4:]}"


def masked_name(name: str) -> str:
    """The first character of the name, which is most often the family name."""
    return f"{name[:1]}**"


def masked_text(text: str) -> str:
    """The text with every phone and identity number in it masked, whatever digits and gaps they are written in."""
    return _replaced(_replaced(text, _IDENTITY, _masked_identity), _PHONE, _masked_number)


def without_identities(text: str) -> str:
    """The text as it may be kept where no identity number has a place (docs/domain.md §5): those are masked."""
    return _replaced(text, _IDENTITY, _masked_identity)


def _replaced(text: str, pattern: re.Pattern[str], mask: Callable[[re.Match[str]], str]) -> str:
    """The text with what the pattern finds in its folded form masked, and nothing else touched."""
    pieces, end = [], 0
    for found in pattern.finditer(_folded(text)):
        pieces += [text[end : found.start()], mask(found)]
        end = found.end()
    return "".join((*pieces, text[end:]))


def _folded(text: str) -> str:
    """Full-width digits, signs and blanks as plain ones (NFKC), each still where it was."""
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    plain = normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def _masked_identity(found: re.Match[str]) -> str:
    return f"{found[0][:6]}********{found[0][-4:]}"


def _masked_number(found: re.Match[str]) -> str:
    return f"{found['country'] or ''}{masked_phone(found['phone'])}"
