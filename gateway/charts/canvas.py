"""A picture as SVG (SVG 1.1): lines, bars, dots and words, written alike for the same picture; knows no figures."""

import re
from collections.abc import Iterable
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element, SubElement, tostring

FONTS = "'WenQuanYi Zen Hei','Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
"""Typefaces with Chinese characters of Linux, macOS and Windows; a reader takes the first that is there."""

INK, GREY, PALE = "#222222", "#666666", "#dddddd"
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not have (§2.2)."""


class Canvas:
    """A sheet of so many pixels, white, with its title for those who cannot see it."""

    def __init__(self, width: int, height: int, title: str) -> None:
        size = {"width": str(width), "height": str(height), "viewBox": f"0 0 {width} {height}"}
        self._root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "role": "img"})
        self._root.set("font-family", FONTS)
        SubElement(self._root, "title").text = _plain(title)
        self._add("rect", width=width, height=height, fill="#ffffff")

    def text(self, x: float, y: float, words: str, size: int = 13, anchor: str = "start", colour: str = INK) -> None:
        """Words on the base line `y`, that begin, have their middle or end at `x`."""
        found = self._add("text", x=x, y=y, fill=colour)
        found.set("font-size", str(size))
        found.set("text-anchor", anchor)
        found.text = _plain(words)

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str = PALE, dashes: str = "") -> None:
        """A straight line."""
        (x1, y1), (x2, y2) = start, end
        found = self._add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour)
        if dashes:
            found.set("stroke-dasharray", dashes)

    def path(self, points: Iterable[tuple[float, float]], colour: str, dashes: str = "") -> None:
        """A line through points."""
        through = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        found = self._add("polyline", points=through, fill="none", stroke=colour)
        found.set("stroke-width", "2")
        if dashes:
            found.set("stroke-dasharray", dashes)

    def bar(self, corner: tuple[float, float], width: float, height: float, colour: str, told: str) -> None:
        """A bar from its upper left corner, which says what it stands for where it is pointed at."""
        x, y = corner
        found = self._add("rect", x=x, y=y, width=width, height=height, fill=colour)
        SubElement(found, "title").text = _plain(told)

    def dot(self, at: tuple[float, float], radius: float, colour: str, told: str) -> None:
        """A dot, which says what it stands for where it is pointed at."""
        found = self._add("circle", cx=at[0], cy=at[1], r=radius, fill=colour)
        SubElement(found, "title").text = _plain(told)

    def svg(self) -> bytes:
        """The picture in UTF-8."""
        written: bytes = tostring(self._root, encoding="utf-8", xml_declaration=True)
        return written

    def _add(self, name: str, **attributes: str | float) -> Element:
        kept = {key: each if isinstance(each, str) else number(each) for key, each in attributes.items()}
        return SubElement(self._root, name, kept)


def number(value: float) -> str:
    """A length as it is written: two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def shortened(words: str, letters: int) -> str:
    """The words, or as many of them as `letters` letters are wide; a Chinese character is as wide as two."""
    taken, across = "", 0
    for letter in words:
        across += 2 if east_asian_width(letter) in "WF" else 1
        if across > letters:
            return taken[:-1] + "…"
        taken += letter
    return words


def _plain(words: str) -> str:
    return NOT_XML.sub("\ufffd", words)
