"""What counts as a photo, and what of it is kept: pixels alone; knows nothing of cases or of where bytes are stored."""

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import filetype
from PIL import Image, PngImagePlugin
from PIL.Image import Transpose

from cases.picture_parts import check_parts, has_passes
from chassis.errors import Refusal

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = {"JPEG": 60_000_000, "PNG": 60_000_000, "WEBP": 15_000_000}
"""By Pillow's word for the format. A pixel of a WebP takes four times as much memory as one of a JPEG, and longer."""

ANYBODYS_MAX_PIXELS = {format: most // 4 for format, most in MAX_PIXELS.items()}
"""Of somebody without an account: what a telephone takes fits, and nobody can be asked who sends large ones."""

MAX_SIDE = 30_000
"""Pixels; panoramas have up to 16,000. Of a picture that is all rows and no width the rows take most room."""

KEPT_BYTES = 15 * 1024 * 1024
"""What is kept of a photo, in bytes, at most: it has to fit into one document of the database, of 16 MiB."""

FULL, MEDIUM, THUMBNAIL = "full", "medium", "thumbnail"
SIZES = (FULL, MEDIUM, THUMBNAIL)
"""In which sizes a photo is given out."""

THUMBNAIL_SIDE = 480
MEDIUM_SIDE = 1280
"""Pixels of the longer side, at most: of a thumbnail, made of every photo as it comes, and of the medium size."""

PACKED: dict[str, dict[str, int]] = {"JPEG": {"quality": 88}, "PNG": {}, "WEBP": {"quality": 88, "method": 2}}
"""How Pillow packs a picture. Pillow's own 4 for the method of a WebP makes it a tenth smaller, and takes longer."""

TRANSPARENCY = "transparency"
"""Pillow's word for what of a picture without such a channel is transparent: a colour, or so much of each colour."""

NOT_AVERAGED = {"1", "P"}
"""Modes of Pillow whose numbers stand for colours, or are too few to have a mean."""

# Of a picture that means harm Pillow passes over thousands of entries, and would tell of each.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

PngImagePlugin.MAX_TEXT_MEMORY = 4 * 1024 * 1024
"""Bytes of text that a PNG may unpack to; no text is kept, and Pillow would allow sixteen times as much."""

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
"""The accepted media types, told by content and never by name, with Pillow's word for each."""

ORIENTATION = 0x0112
UPRIGHT: dict[int, Transpose] = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""How a picture is turned upright, by the orientation that its Exif data tells (Exif 3.0, tag 274)."""

WIDE_GREYS = 256
"""What a level of grey of 16 bits is divided by to be one of 8."""


@dataclass(frozen=True)
class Photo:
    """A cleaned picture with its thumbnail; sizes in pixels."""

    media_type: str
    content: bytes
    thumbnail: bytes
    width: int
    height: int


def weight(content: bytes, most: Mapping[str, int] = MAX_PIXELS) -> int:
    """What room the picture needs by what its head names, as of `weight_of`; 0 for what `cleaned` refuses by its head.

    A JPEG of several passes is held once more in numbers, one in the colours of print in those of a screen, and what
    says apart from its pixels which of them are transparent in pixels that say so. `most` is as of `cleaned`.
    """
    try:
        check_parts(content)
        with Image.open(io.BytesIO(content), formats=list(FORMATS.values())) as opened:
            # A JPEG that holds several pictures, as some telephones make it, is called MPO.
            format, pixels = str(opened.format).replace("MPO", "JPEG"), opened.width * opened.height
            twice = opened.mode == "CMYK" or TRANSPARENCY in opened.info or has_passes(content)
            return _weight(format, pixels) * (2 if twice else 1) if pixels <= most[format] else 0
    except Exception:  # noqa: BLE001  # whatever is wrong is found, and told, by the cleaning
        return 0


def weight_of(media_type: str, width: int, height: int) -> int:
    """What room a picture of these pixels a side needs while it is worked on, in pixels of a JPEG."""
    return _weight(FORMATS[media_type], width * height)


def cleaned(content: bytes, most: Mapping[str, int] = MAX_PIXELS) -> Photo:
    """The picture without metadata (place, camera, comments), turned upright, and its thumbnail.

    `most` is how many pixels it may have, by Pillow's word for its format.

    Raises `Refusal`: `photo_too_large` over `MAX_BYTES`, `MAX_SIDE` or `most`, `photo_not_readable` for what is no
    JPEG, PNG or WebP, or has more parts than any (docs/domain.md §5: metadata is stripped from photos).
    """
    if len(content) > MAX_BYTES:
        raise Refusal("photo_too_large", limit=MAX_BYTES)
    kind = filetype.guess(content)
    media_type = kind.mime if kind else ""
    if media_type not in FORMATS:
        raise Refusal("photo_not_readable", accepted=sorted(FORMATS))
    try:
        check_parts(content)
        return _cleaned(content, media_type, most[FORMATS[media_type]])
    except Refusal:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refusal("photo_too_large", limit_pixels=most[FORMATS[media_type]]) from None
    except Exception as error:  # broken pictures make Pillow raise whatever its decoders run into
        raise Refusal("photo_not_readable", accepted=sorted(FORMATS)) from error


def medium(content: bytes, media_type: str) -> bytes:
    """A photo as it is kept, in its own format, within `MEDIUM_SIDE`.

    Of a JPEG no more is unpacked than twice that size needs.
    """
    with Image.open(io.BytesIO(content), formats=[FORMATS[media_type]]) as opened:
        picture = _with_means(opened)
        picture.thumbnail((MEDIUM_SIDE, MEDIUM_SIDE))
        picture.info = {}
        return _encoded(picture, media_type)


def _weight(format: str, pixels: int) -> int:
    return pixels * (MAX_PIXELS["JPEG"] // MAX_PIXELS[format])


def _cleaned(content: bytes, media_type: str, most: int) -> Photo:
    picture = _opened(content, FORMATS[media_type], most)
    while len(kept := _encoded(picture, media_type)) > KEPT_BYTES:
        picture = _reduced(picture, 2)
    return Photo(media_type, kept, _encoded(_small(picture), media_type), *picture.size)


def _opened(content: bytes, format: str, most: int) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=[format]) as opened:
        if opened.width * opened.height > most:
            raise Refusal("photo_too_large", limit_pixels=most)
        if max(opened.size) > MAX_SIDE:
            raise Refusal("photo_too_large", limit_side=MAX_SIDE)
        opened.load()
    turn = UPRIGHT.get(opened.getexif().get(ORIENTATION, 1))
    picture = opened if turn is None else opened.transpose(turn)
    # All that Pillow would write besides pixels unless it is told to; which colours are transparent is of the pixels.
    picture.info = {name: told for name, told in picture.info.items() if name == TRANSPARENCY}
    return _narrow(picture) if picture.mode.startswith("I") else picture


def _narrow(picture: Image.Image) -> Image.Image:
    """One of wide greys in those of 8 bits; a level of 16 bits that was transparent is none of them."""
    narrow = picture.point(lambda grey: grey / WIDE_GREYS).convert("L")
    narrow.info = {}
    return narrow


def _with_means(picture: Image.Image) -> Image.Image:
    """The picture in a mode in which pixels have a mean, what is transparent said by a channel of its own."""
    if TRANSPARENCY in picture.info:
        return picture.convert("RGBA")
    return picture.convert("RGB") if picture.mode in NOT_AVERAGED else picture


def _small(picture: Image.Image) -> Image.Image:
    """A whole fraction of the picture, at most so many pixels a side: averaging takes a third of resampling."""
    return _reduced(picture, -(-max(picture.size) // THUMBNAIL_SIDE))


def _reduced(picture: Image.Image, fraction: int) -> Image.Image:
    return _with_means(picture).reduce(fraction)


def _encoded(picture: Image.Image, media_type: str) -> bytes:
    if media_type == "image/jpeg" and picture.mode not in {"RGB", "L"}:
        picture = picture.convert("RGB")
    out = io.BytesIO()
    picture.save(out, FORMATS[media_type], **PACKED[FORMATS[media_type]])
    return out.getvalue()
