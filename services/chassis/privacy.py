"""Masks for personal data in what is shown: phones, identity numbers, names (docs/domain.md §5)."""

import re
from collections.abc import Callable
from unicodedata import decimal, normalize

_UNSEEN = r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\ufe00-\ufe0f\ufeff"
"""What has no width, and what makes a digit a key of a telephone."""

_BETWEEN = rf"[ \t.()\-_·・•/\u2010-\u2015\u2212{_UNSEEN}]"
"""What people write between the digits of a number; a line break ends it."""

_GAP = _BETWEEN + "{0,3}"

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


_SPELT = {
    each: str(n)
    for n, written in enumerate(("〇零○", "一壹幺", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for each in written
}
"""Chinese numerals that are read out digit by digit."""

_NUMERAL = f"[0-9{''.join(_SPELT)}]"

_RUN = re.compile(rf"{_NUMERAL}(?:{_GAP}{_NUMERAL}){{10,}}(?:{_GAP}[Xx](?![0-9A-Za-z]))?")
"""Eleven digits and more in a row, some of them perhaps spelt out."""

_PHONE_IN_RUN = re.compile(r"1[2-9][0-9]{9}")
_IDENTITY_IN_RUN = re.compile(
    r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9])"
)
"""With a day of birth in it, for in a run any gap may be anywhere."""

_APART = re.compile(rf"(?<![0-9])1(?:{_BETWEEN}{{1,3}}[0-9]){{10}}(?![0-9])")
"""A mobile number, digit by digit."""


def masked_phone(phone: str) -> str:
    """First three and last four digits."""
    return f"{phone[:3]}****{phone[-4:]}"


def masked_name(name: str) -> str:
    """The first character of the name, which is most often the family name."""
    return f"{name[:1]}**"


def masked_text(text: str) -> str:
    """The text with every phone and identity number in it masked, whatever digits and gaps they are written in."""
    found = _in_runs(_replaced(without_identities(text), _PHONE, _masked_number), _PHONE_IN_RUN, spelt=True)
    return _replaced(found, _APART, lambda run: masked_phone(re.sub(_BETWEEN, "", run[0])))


def without_identities(text: str) -> str:
    """The text as it may be kept where no identity number has a place (docs/domain.md §5): those are masked."""
    return _in_runs(_replaced(text, _IDENTITY, _masked_identity), _IDENTITY_IN_RUN, spelt=False)


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
    """A digit of whatever script as that of ASCII."""
    digit = decimal(character, None)
    plain = normalize("NFKC", character) if digit is None else str(digit)
    return plain if len(plain) == 1 else character


def _masked_identity(found: re.Match[str]) -> str:
    return f"{found[0][:6]}********{found[0][-4:]}"


def _masked_number(found: re.Match[str]) -> str:
    return f"{found['country'] or ''}{masked_phone(found['phone'])}"


def _in_runs(text: str, number: re.Pattern[str], *, spelt: bool) -> str:
    """The text with such a number in a run of digits masked; only in runs of which some are `spelt`, if it says so."""
    pieces, end = [], 0
    for run in _RUN.finditer(_folded(text)):
        at = [n for n in range(run.start(), run.end()) if not re.match(_BETWEEN, _plain(text[n]))]
        digits = "".join(_SPELT.get(text[n], _plain(text[n])) for n in at)
        found = number.search(digits) if not spelt or any(text[n] in _SPELT for n in at) else None
        if found:
            mask = masked_phone(found[0]) if number is _PHONE_IN_RUN else f"{found[0][:6]}********{found[0][-4:]}"
            pieces += [text[end : at[found.start()]], mask]
            end = at[found.end() - 1] + 1
    return "".join((*pieces, text[end:]))
