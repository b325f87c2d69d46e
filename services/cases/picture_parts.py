"""Of how many parts a picture consists, counted in its bytes before anything unpacks it.

A decoder does something for each part, however little is in it; and Pillow reads those in front of the pixels itself,
while everything else in the process waits. Cameras write some dozens of them.
"""

import re
from collections import Counter
from collections.abc import Iterator

from PIL.JpegImagePlugin import MARKER

MOST_SEGMENTS = 1_000
"""Of a JPEG; those for colours, depth and captions may be some hundred of 64 KB."""

MOST_READ = 32
"""Segments of a JPEG that Pillow reads line by line, or adds up; ordinary ones have ten of them."""

MOST_EXIF = 128 * 1024
"""Bytes of Exif data, of which Pillow makes numbers one after the other; cameras write less than half of it."""

MOST_SCANS = 40
"""Passes over all pixels by which a JPEG becomes clear step by step; ordinary ones have ten. As many that mean harm
take three seconds at 60 megapixels."""

MOST_PADDING = 64 * 1024
"""Bytes between the segments of a JPEG that belong to none."""

MOST_CHUNKS = 20_000
"""Of a PNG or WebP, most of them pixels: the smallest that programs write have 1 KB or more."""

MOST_OTHERS = 1_000
"""Chunks of a PNG that are no pixels."""

MOST_PROFILES = 4
"""Profiles of colours of a PNG, each of which unpacks to a megabyte; the standard allows one."""

JPEG, PNG, WEBP = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", (b"RIFF", b"WEBP")

SCAN, END, EXIF = 0xDA, 0xD9, 0xE1
SCANS = b"\xff\xda"
READ = {EXIF: b"Exif\0", 0xED: b"Photoshop", 0xDB: b"", 0xDE: b"", **dict.fromkeys(range(0xC0, 0xD0), b"")}
"""What Pillow looks into, and how it begins: Exif data, what Photoshop notes, tables, and sizes."""

MARK = re.compile(rb"\xff+([^\xff\x00])")
MARK_BEHIND_SCAN = re.compile(rb"\xff+([^\xff\x00\xd0-\xd7])")

CHUNK_HEAD, CHUNK_CHECK = 8, 4


class TooManyParts(Exception):
    """More than any camera writes."""


def check_parts(content: bytes) -> None:
    """Raises `TooManyParts`; what is broken passes, since the decoder finds it."""
    if content.startswith(JPEG):
        _check_jpeg(content)
    elif content.startswith(PNG):
        _check_png(content)
    elif content.startswith(WEBP[0]) and content.startswith(WEBP[1], 8):
        _check_webp(content)


def has_passes(content: bytes) -> bool:
    """Whether it is a JPEG of several passes, between which all of it is held in numbers; raises as `check_parts`."""
    if not content.startswith(JPEG):
        return False
    pixels = _check_head(content)
    # Another picture may follow, which is not unpacked; to see that takes longer.
    behind = MARK_BEHIND_SCAN.search(content, pixels) if content.find(SCANS, pixels) >= 0 else None
    return behind is not None and behind[1][0] != END


def _check_jpeg(content: bytes) -> None:
    pixels = _check_head(content)
    # Counting bytes is much faster than going from mark to mark, and finds too many where others follow the picture.
    if content.count(SCANS, pixels) >= MOST_SCANS:
        _check_scans(content, pixels)


def _check_head(content: bytes) -> int:
    """Where the first pixels begin."""
    padding = read = exif = at = 0
    for number, (marker, before, at) in enumerate(_segments(content, 2, MARK)):
        padding += before
        looked_into = marker in READ and content.startswith(READ[marker], at)
        read += looked_into
        exif += _length(content, at - 2, 2) if marker == EXIF and looked_into else 0
        if number >= MOST_SEGMENTS or read > MOST_READ or exif > MOST_EXIF or padding > MOST_PADDING:
            raise TooManyParts
        if marker == SCAN:
            break
    return at


def _check_scans(content: bytes, pixels: int) -> None:
    scans = 1
    for number, (marker, _, _) in enumerate(_segments(content, pixels, MARK_BEHIND_SCAN)):
        scans += marker == SCAN
        if number >= MOST_SEGMENTS or scans > MOST_SCANS:
            raise TooManyParts
        if marker == END:
            return


def _segments(content: bytes, at: int, mark: re.Pattern[bytes]) -> Iterator[tuple[int, int, int]]:
    """The marker of each segment, how many bytes lie before it that belong to none, and where its content begins."""
    while match := mark.search(content, at):
        marker = match[1][0]
        yield marker, match.end() - at - 2, match.end() + 2
        at = match.end() + (_length(content, match.end(), 2) if _has_content(marker) else 0)


def _has_content(marker: int) -> bool:
    """As Pillow has it, which reads the head by its own table."""
    _, _, reading = MARKER.get(0xFF00 | marker, ("", "", None))
    return reading is not None


def _check_png(content: bytes) -> None:
    found = Counter[bytes]()
    at = len(PNG)
    while (kind := content[at + 4 : at + CHUNK_HEAD]) and kind != b"IEND":
        found[kind] += 1
        length, others = _length(content, at, 4), found.total() - found[b"IDAT"]
        if found.total() > MOST_CHUNKS or others > MOST_OTHERS or found[b"iCCP"] > MOST_PROFILES:
            raise TooManyParts
        if kind == b"eXIf" and length > MOST_EXIF:
            raise TooManyParts
        at += CHUNK_HEAD + length + CHUNK_CHECK


def _check_webp(content: bytes) -> None:
    number, at = 0, 12
    while kind := content[at : at + 4]:
        number += 1
        length = int.from_bytes(content[at + 4 : at + CHUNK_HEAD], "little")
        if number > MOST_CHUNKS or (kind == b"EXIF" and length > MOST_EXIF):
            raise TooManyParts
        at += CHUNK_HEAD + length + length % 2


def _length(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size])
