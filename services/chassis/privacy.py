"""Masks for personal data in what is shown: phones, identity numbers, e-mails, names (docs/domain.md §5)."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from chassis.numerals import SEPARATORS, Numerals, Reading, digits_in, read, reads_in_several_ways

_SIGN = f"[{re.escape(SEPARATORS)}]"
_GAP = _SIGN + "{0,3}"

_IDENTITY = re.compile(
    r"(?<![0-9])(?:[0-9]{17}[0-9Xx](?![0-9])"
    rf"|[0-9]{{6}}{_GAP}[0-9]{{8}}{_GAP}[0-9]{{3}}[0-9Xx](?![0-9A-Za-z]))"
)
"""18 characters, or its groups of 6, 8 and 4; the number of a case goes on after its fourth letter."""

_MOBILE = r"(?:1[3-9][0-9]|120)"
"""How numbers begin that are allotted to mobile phones, or made up for tests."""

_GROUPS = rf"(?:[0-9]{{8}}|{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}})"
_COUNTRY = rf"(?<![0-9])(?:(?:\+?(?:00)?86|00?){_GAP})?"
"""The country's code, or the nought that is dialled before a number of another place."""

_PHONE = re.compile(rf"{_COUNTRY}(?P<number>1[0-9]{{10}}|1[2-9][0-9]{_GROUPS})(?![0-9])")
"""A mobile number, at one go or in its groups of 3, 4 and 4, with or without the country's code."""

_SIGNED_PHONE = re.compile(rf"{_COUNTRY}(?P<number>{_MOBILE}{_GROUPS})(?![0-9])")
"""The same in digits that may be no digits: these have to begin as a number does that is allotted."""

_SPELT_PHONE = re.compile(rf"{_MOBILE}{_GROUPS}")
"""The same among numerals that belong to the words around it."""

_APART = re.compile(rf"(?<![0-9])1(?:{_SIGN}{{1,3}}[0-9]){{10}}(?![0-9])")
"""Eleven digits, digit by digit."""

_RUN = re.compile(rf"[0-9][0-9{re.escape(SEPARATORS)}]{{9,}}[0-9](?:{_GAP}[Xx](?![0-9A-Za-z]))?")
"""Digits with anything between them."""

_MERE_PHONE = re.compile(rf"(?:(?:00)?86|00?)?(?P<number>{_MOBILE}[0-9]{{8}})")
_MERE_IDENTITY = re.compile(
    r"(?P<number>[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx])"
)
"""With a day of birth in it, for the gaps may be anywhere."""

_CLOCK = r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
_TIME = rf"{_CLOCK}(?: ?- ?{_CLOCK})?"
_DAY = r"(?:20)?[0-9]{2}[\-./](?:0?[1-9]|1[0-2])[\-./](?:0?[1-9]|[12][0-9]|3[01])"
_ROOM = r"[1-9][0-9]?(?:-[1-9][0-9]?)?-[1-9][0-9]{2,3}"
_COUNT = r"[1-9][0-9]{0,3}"
_LONGITUDE, _LATITUDE = r"(?:7[3-9]|[89][0-9]|1[0-3][0-9])\.[0-9]{2,}", r"(?:1[89]|[2-4][0-9]|5[0-4])\.[0-9]{2,}"
_BYTE = r"(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])"

_READS_AS_ANOTHER = re.compile(
    rf"(?:{_TIME}|{_DAY}|{_ROOM})(?: (?:{_TIME}|{_DAY}|{_ROOM}|{_COUNT}))+"
    rf"|{_ROOM}(?: ?/ ?{_ROOM})+"
    rf"|{_LONGITUDE} {_LATITUDE}"
    r"|[0-9]+\.[0-9]{1,2}"
    rf"|{_BYTE}(?:\.{_BYTE}){{3}}(?::[0-9]+)?"
)
"""Times, days and rooms beside each other, a place, a sum of money, the address of a machine."""


_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
"""An address in ASCII, as nearly all are."""


def masked_phone(phone: str) -> str:
    """First three and last four digits."""
    return f"{phone[:3]}****{phone[-4:]}"


def masked_name(name: str) -> str:
    """The first character of the name, which is most often the family name."""
    return f"{name[:1]}**"


def masked_email(email: str) -> str:
    """The first character, and the domain."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}***@{domain}"


def masked_text(text: str) -> str:
    """The text with every e-mail, phone and identity number masked, whatever digits and gaps these are written in."""
    readings = _readings(text)
    numbers = (each for find in (_rows, _identities, _phones) for reading in readings for each in find(reading))
    return _replaced(text, chain(_emails(text), numbers))


def without_identities(text: str) -> str:
    """The text as it may be kept where no identity number has a place (docs/domain.md §5): those are masked."""
    readings = _readings(text)
    return _replaced(
        text, (each for find in (_identity_rows, _identities) for reading in readings for each in find(reading))
    )


_Found = tuple[int, int, str]
"""From where to where something stands in the text, and its mask."""

_SHORTEST = 11
"""Digits of a phone."""


def _readings(text: str) -> list[Reading]:
    """Every way to read the text, the plainest first; none where there are too few digits."""
    if digits_in(text) < _SHORTEST:
        return []
    return [read(text, numerals) for numerals in (list(Numerals) if reads_in_several_ways(text) else [Numerals.PLAIN])]


def _replaced(text: str, found: Iterable[_Found]) -> str:
    """The text with what was found masked, and nothing else touched; what was found first goes before what meets it."""
    taken, kept = bytearray(len(text)), []
    for start, end, mask in found:
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append((start, end, mask))
    pieces, at = [], 0
    for start, end, mask in sorted(kept):
        pieces += [text[at:start], mask]
        at = end
    return "".join((*pieces, text[at:]))


def _emails(text: str) -> Iterator[_Found]:
    for found in _EMAIL.finditer(text) if "@" in text else ():
        yield *found.span(), masked_email(found[0])


def _identities(reading: Reading) -> Iterator[_Found]:
    for found in _IDENTITY.finditer(reading.signs):
        yield *reading.place(*found.span()), _masked_identity(found[0])


def _phones(reading: Reading) -> Iterator[_Found]:
    phone = _PHONE if reading.numerals is Numerals.PLAIN else _SIGNED_PHONE
    for found in phone.finditer(reading.signs):
        yield *reading.place(*found.span("number")), masked_phone(_digits(found["number"]))
    for found in _spelt_or_apart(reading):
        yield *reading.place(*found.span()), masked_phone(_digits(found[0]))


def _spelt_or_apart(reading: Reading) -> Iterator[re.Match[str]]:
    for found in _SPELT_PHONE.finditer(reading.signs) if reading.spelt else ():
        if not reading.spelt.isdisjoint(range(*found.span())):
            yield found
    for found in _APART.finditer(reading.signs):
        if _MERE_PHONE.fullmatch(_digits(found[0])):
            yield found


def _rows(reading: Reading) -> Iterator[_Found]:
    """Numbers behind each other: where they are cut, only all of them together tell."""
    for found, number in _in_rows(reading):
        yield (
            *found,
            _masked_identity(number["number"]) if number.re is _MERE_IDENTITY else masked_phone(number["number"]),
        )


def _identity_rows(reading: Reading) -> Iterator[_Found]:
    for found, number in _in_rows(reading):
        if number.re is _MERE_IDENTITY:
            yield *found, _masked_identity(number["number"])


def _in_rows(reading: Reading) -> Iterator[tuple[tuple[int, int], re.Match[str]]]:
    """Each number, and where it stands, in everything that is digits and gaps, and nothing but numbers."""
    for run in _RUN.finditer(reading.signs):
        numbers = _nothing_but_numbers(_digits(run[0]))
        if numbers and not _READS_AS_ANOTHER.fullmatch(run[0]):
            at = [n for n in range(*run.span()) if reading.signs[n] not in SEPARATORS]
            for each in numbers:
                start, end = each.span("number")
                yield reading.place(at[start], at[end - 1] + 1), each


def _nothing_but_numbers(digits: str) -> list[re.Match[str]]:
    """The phones and identity numbers that the digits are, one behind the other; none where any would be left over."""
    first: dict[int, re.Match[str]] = {}
    for at in range(len(digits) - _SHORTEST, -1, -1):
        found = (kind.match(digits, at) for kind in (_MERE_IDENTITY, _MERE_PHONE))
        fitting = next((each for each in found if each and (each.end() == len(digits) or each.end() in first)), None)
        if fitting:
            first[at] = fitting
    numbers, at = [], 0
    while at in first:
        numbers.append(first[at])
        at = first[at].end()
    return numbers


def _digits(written: str) -> str:
    return re.sub(_SIGN, "", written)


def _masked_identity(number: str) -> str:
    return f"{number[:6]}********{number[-4:]}"
