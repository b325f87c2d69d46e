"""Reads the digits of a text as people mean them, whatever script, markup or signs stand for them or between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from html import unescape
from unicodedata import category, decimal, digit, normalize

SEPARATORS = " (-./:·"
"""What stands between the digits of a number, each for its kind: what has no width is a blank, any symbol a dot."""

_KINDS = {
    written: kind
    for kind, kinds in {
        " ": " \t\u00a0\u115f\u1160\u2800\u3164\uffa0",
        "(": "()[]{}<>【】〔〕「」〈〉《》",
        "-": "-_~‐‑‒–—―−〜",
        ".": ".",
        "/": "/\\|",
        ":": ":",
        "·": "·・•",
    }.items()
    for written in kinds
}

_LINE_ENDS = "\n\r\v\f\x85"

_SPELT = {
    each: str(n)
    for n, written in enumerate(
        ("〇零○洞", "一壹幺弌", "二贰貳弍两兩", "三叁參弎", "四肆", "五伍", "六陆陸", "七柒拐", "八捌", "九玖勾")
    )
    for each in written
}
"""Chinese numerals that are read out digit by digit."""

_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>|&#?[0-9A-Za-z]{1,8};")
"""A tag, or an entity for a character."""


class Numerals(Enum):
    """What counts as a digit, and whether markup counts as what it is shown as."""

    PLAIN = "the digits of any script, no markup"
    SPELT = "Chinese numerals too"
    SIGNS = "those, and digits in circles, brackets or raised"


@dataclass(frozen=True)
class Reading:
    """A text as it is read: a sign for each of its pieces, and where each piece stands in the text.

    Digits are those of ASCII. Between two other signs there is one separator of each kind at most. `spelt` are the
    indexes of the signs that stand for a Chinese numeral.
    """

    numerals: Numerals
    signs: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    spelt: frozenset[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where these signs stand in the text."""
        return self.starts[start], self.ends[end - 1]


def read(text: str, numerals: Numerals) -> Reading:
    """The text as it is read with these numerals."""
    signs: list[str] = []
    places: list[tuple[int, int]] = []
    spelt: set[int] = set()
    gap = ""
    for start, end, character in _pieces(text, marked=numerals is not Numerals.PLAIN):
        sign = sign_of(character, numerals)
        if sign in gap:
            continue
        gap = gap + sign if sign in SEPARATORS else ""
        if character in _SPELT and sign.isdigit():
            spelt.add(len(signs))
        signs.append(sign)
        places.append((start, end))
    starts, ends = (tuple(each[n] for each in places) for n in (0, 1))
    return Reading(numerals, "".join(signs), starts, ends, frozenset(spelt))


def digits_in(text: str) -> int:
    """How many digits there are at most, however they are written."""
    return sum(sign_of(character, Numerals.SIGNS).isdigit() for character in text)


def reads_in_several_ways(text: str) -> bool:
    """Whether anything in it is not the same with all numerals."""
    return any(each in "<&" or sign_of(each, Numerals.SIGNS) != sign_of(each, Numerals.PLAIN) for each in set(text))


def _pieces(text: str, *, marked: bool) -> Iterator[tuple[int, int, str]]:
    """Each character of the text with its place; of markup, if it is `marked`, what is shown in its place."""
    at = 0
    for found in _MARKUP.finditer(text) if marked else ():
        shown = " " if found[0].startswith("<") else unescape(found[0])
        if len(shown) == 1:
            yield from ((n, n + 1, text[n]) for n in range(at, found.start()))
            yield found.start(), found.end(), shown
            at = found.end()
    yield from ((n, n + 1, text[n]) for n in range(at, len(text)))


@lru_cache(maxsize=8_192)
def sign_of(character: str, numerals: Numerals) -> str:
    """A digit of ASCII, a separator, or the character itself (NFKC, where that is one)."""
    number = decimal(character, None)
    if number is None and numerals is Numerals.SIGNS:
        number = digit(character, None)
    if number is not None:
        return str(number)
    if numerals is not Numerals.PLAIN and character in _SPELT:
        return _SPELT[character]
    return _separator(character) or _plain(character)


def _separator(character: str) -> str | None:
    plain = _plain(character)
    if plain in _KINDS:
        return _KINDS[plain]
    kind = category(character)
    if kind in {"Cf", "Mn", "Me"} or (kind == "Cc" and character not in _LINE_ENDS):
        return " "
    signs = kind in {"So", "Sk"} and character >= "\u2190" and normalize("NFKC", character) == character
    return "·" if signs else None


def _plain(character: str) -> str:
    plain = normalize("NFKC", character)
    return plain if len(plain) == 1 and not plain.isdigit() else character
