"""Files that are sent as photos and mean harm: two things at once, gigabytes once unpacked, or too much to say."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image

from tests.unit.cases.test_photo import chunk, picture

Build = Callable[[], bytes]

SCRIPT = b"<?php system($_GET['c']); ?>"
MEBIBYTE = 1024 * 1024


def png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def png_head(width: int, height: int) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def jpeg_with(*segments: bytes) -> bytes:
    """An ordinary JPEG with these segments right behind its first bytes."""
    ordinary = picture("JPEG", (64, 48))
    return ordinary[:2] + b"".join(segments) + ordinary[2:]


def noisy(format: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((200, 200), 100).convert("RGB").save(out, format)
    return out.getvalue()


def frames(format: str, number: int) -> bytes:
    """A picture with so many frames, each of another colour."""
    many = [Image.new("RGB", (64, 64), (n % 256, 0, n // 256)) for n in range(number)]
    out = io.BytesIO()
    many[0].save(out, format, save_all=True, append_images=many[1:])
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("run.js", "alert(1)")
    return out.getvalue()


def directory(entries: int, length: int) -> bytes:
    """Exif data of so many entries that all name the same `length` bytes, to be copied for each of them."""
    head = b"II*\0" + struct.pack("<LH", 8, entries)
    return head + b"".join(struct.pack("<HHLL", 0x9000 + n, 7, length, 8) for n in range(entries)) + bytes(length)


def huge_exif_in_jpeg(segments: int) -> bytes:
    """Exif data of 65 KB a segment, in segments that belong together."""
    first = b"Exif\0\0" + directory(2_700, 32_000)
    more = b"Exif\0\0" + bytes(65_000)
    return jpeg_with(segment(0xE1, first), *[segment(0xE1, more)] * (segments - 1))


def huge_exif_in_png() -> bytes:
    return png(png_head(4, 4), chunk(b"eXIf", directory(20_000, 5 * MEBIBYTE)), rows(4, 4), chunk(b"IEND", b""))


def rows(width: int, height: int) -> bytes:
    return chunk(b"IDAT", zlib.compress(bytes((1 + 3 * width) * height)))


def too_much_text() -> bytes:
    """Texts of a megabyte each that take a kilobyte each."""
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(MEBIBYTE - 1), 9))
    return png(png_head(4, 4), *[text] * 60, rows(4, 4), chunk(b"IEND", b""))


def too_many_rows() -> bytes:
    """A picture of four rows that unpacks to 200 megabytes."""
    squeezer = zlib.compressobj(9)
    packed = b"".join(squeezer.compress(bytes(MEBIBYTE)) for _ in range(200)) + squeezer.flush()
    return png(png_head(4, 4), chunk(b"IDAT", packed), chunk(b"IEND", b""))


def canvas(side: int) -> bytes:
    """A WebP of one pixel on a canvas of `side` by `side`."""
    body = picture("WEBP", (1, 1), lossless=True)[12:]
    edge = (side - 1).to_bytes(3, "little")
    head = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + edge + edge
    frame = bytes(12) + (100).to_bytes(3, "little") + b"\0" + body
    riff = b"WEBP" + head + b"ANIM" + struct.pack("<I", 6) + bytes(6) + b"ANMF" + struct.pack("<I", len(frame)) + frame
    return b"RIFF" + struct.pack("<I", len(riff)) + riff


def wide_jpeg() -> bytes:
    """A JPEG whose head names 65,000 by 65,000 pixels."""
    ordinary = bytearray(picture("JPEG", (64, 48)))
    at = ordinary.index(b"\xff\xc0") + 5
    ordinary[at : at + 4] = struct.pack(">HH", 65_000, 65_000)
    return bytes(ordinary)


def located() -> bytes:
    """A JPEG that says where it was taken, when, and with what."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "MAKER-4711", "2026:03:12 19:40:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (25.0, 52.0, 2.0), "E", (115.0, 0.0, 21.0)
    return picture("JPEG", (64, 48), exif=exif.tobytes())


BIT_OF_EXIF = segment(0xE1, b"Exif\0\0" + bytes(10))
NOTES = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\0" * 5_400
PROFILE = chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(MEBIBYTE - 1), 9))


NUMBERS = b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHLL", 274, 5, 1_000_000, 8) + bytes(8_000_000)


def webp_with(chunks: bytes) -> bytes:
    """A small WebP with these behind its pixels."""
    body = picture("WEBP", (4, 4))[12:]
    edge = (3).to_bytes(3, "little")
    riff = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x08\0\0\0" + edge + edge + body + chunks
    return b"RIFF" + struct.pack("<I", len(riff)) + riff


def passes(number: int, between: bytes = b"") -> bytes:
    """A grey JPEG that becomes clear in so many passes of ten bytes, each of which goes over all its pixels."""
    sides = struct.pack(">HH", 64, 64)
    code = segment(0xC4, b"\0\1" + bytes(15) + b"\0") + segment(0xC4, b"\x10\1" + bytes(15) + b"\xe0")
    head = segment(0xDB, b"\0" + b"\1" * 64) + segment(0xC2, b"\x08" + sides + b"\1\1\x11\0") + code
    first, other = segment(0xDA, b"\1\1\0\0\0\0"), segment(0xDA, b"\1\1\0\1\x3f\0")
    return b"\xff\xd8" + head + first + between + other * number + b"\xff\xd9"


TWO_THINGS: dict[str, Build] = {
    "archive behind": lambda: noisy("JPEG") + archive(),
    "script in Exif": lambda: jpeg_with(segment(0xE1, b"Exif\0\0" + SCRIPT)),
    "script in a comment": lambda: jpeg_with(segment(0xFE, SCRIPT)),
    "script in a text of PNG": lambda: png(
        png_head(4, 4), chunk(b"tEXt", b"Comment\0" + SCRIPT), rows(4, 4), chunk(b"IEND", b"")
    ),
    "script behind a PNG": lambda: noisy("PNG") + SCRIPT,
    "script behind a WebP": lambda: noisy("WEBP") + SCRIPT,
    "document in a comment": lambda: jpeg_with(segment(0xFE, b"%PDF-1.7 " + SCRIPT)),
}
"""What is a picture and something else: the picture is kept, and nothing of the rest."""

TOO_MANY_PARTS: dict[str, Build] = {
    "Exif in small pieces": lambda: jpeg_with(segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0"), *[BIT_OF_EXIF] * 160_000),
    "huge Exif in a JPEG": lambda: huge_exif_in_jpeg(20),
    "huge Exif in a PNG": huge_exif_in_png,
    "numbers without end in a PNG": lambda: png(png_head(4, 4), chunk(b"eXIf", NUMBERS), rows(4, 4)),
    "numbers without end in a WebP": lambda: webp_with(b"EXIF" + struct.pack("<I", len(NUMBERS)) + NUMBERS),
    "WebP of empty chunks": lambda: webp_with(b"abcd\0\0\0\0" * 1_000_000),
    "Exif in large pieces": lambda: huge_exif_in_jpeg(140),
    "tables without end": lambda: jpeg_with(*[segment(0xDB, (b"\0" + b"\1" * 64) * 1_000)] * 140),
    "sizes without end": lambda: jpeg_with(*[segment(0xC0, b"\x08\0\x40\0\x40\x03" + bytes(60_000))] * 140),
    "notes of Photoshop without end": lambda: jpeg_with(*[segment(0xED, NOTES)] * 140),
    "comments without end": lambda: jpeg_with(*[segment(0xFE, b"")] * 400_000),
    "padding without end": lambda: jpeg_with(b"\xff" * 9_000_000),
    "passes without end": lambda: passes(50_000),
    "passes behind a mark that is none": lambda: passes(50_000, segment(0xC4, b"\xff\xd9")),
    "chunks without end": lambda: png(png_head(4, 4), *[chunk(b"aaAa", b"")] * 800_000, rows(4, 4)),
    "profiles without end": lambda: png(png_head(4, 4), *[PROFILE] * 2_000, rows(4, 4), chunk(b"IEND", b"")),
}
"""What Pillow would work on for seconds, however few pixels it has."""

NO_PHOTOS: dict[str, Build] = {
    "GIF and JavaScript": lambda: b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)//",
    "GIF of many frames": lambda: frames("GIF", 400),
    "SVG": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "SVG behind two right bytes": lambda: b"\xff\xd8\xff<svg onload='alert(1)'/>",
    "HTML": lambda: b"<!doctype html><script>alert(1)</script>",
    "archive in front": lambda: archive() + noisy("JPEG"),
    "moving PNG": lambda: frames("PNG", 30),
    "TIFF": lambda: picture("TIFF", (64, 48)),
    "cut JPEG": lambda: noisy("JPEG")[: len(noisy("JPEG")) // 2],
    "cut PNG": lambda: noisy("PNG")[: len(noisy("PNG")) // 2],
    "cut WebP": lambda: noisy("WEBP")[: len(noisy("WEBP")) // 2],
    "too much text": too_much_text,
    **TOO_MANY_PARTS,
}
"""What is refused as `photo_not_readable`."""

TOO_LARGE: dict[str, Build] = {
    "PNG of 60,000 by 60,000": lambda: png(png_head(60_000, 60_000), rows(4, 4), chunk(b"IEND", b"")),
    "JPEG of 65,000 by 65,000": wide_jpeg,
    "WebP of 16,383 by 16,383": lambda: canvas(16_383),
    "WebP of 12,000 by 12,000": lambda: canvas(12_000),
    "WebP of 4,000 by 4,000": lambda: canvas(4_000),
    "PNG of 1 by 9,000,000": lambda: png(png_head(1, 9_000_000), rows(1, 9_000_000), chunk(b"IEND", b"")),
    "PNG of 8,000 by 8,000": lambda: png(png_head(8_000, 8_000), rows(4, 4), chunk(b"IEND", b"")),
}
"""What is refused as `photo_too_large`, before it is unpacked."""

HARMLESS: dict[str, Build] = {
    "much Exif in a JPEG": lambda: huge_exif_in_jpeg(1),
    "more rows than there are": too_many_rows,
    "WebP of many frames": lambda: frames("WEBP", 400),
    "JPEG of many frames": lambda: frames("MPO", 100),
    "JPEG of some passes": lambda: passes(30),
    "film behind a JPEG": lambda: picture("JPEG", (64, 48)) + b"\xff\xda\0\x02" * 1_000,
}
"""What becomes an ordinary small photo by being cleaned."""
