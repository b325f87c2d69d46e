"""What counts as a photo, and what of it is kept: pixels alone; knows nothing of cases or of where bytes are stored."""

import io
import warnings
from dataclasses import dataclass

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError

from chassis.errors import Refusal

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 60_000_000
THUMBNAIL_SIDE = 480
QUALITY = 88

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
"""The accepted media types, told by content and never by name, with Pillow's word for each."""


@dataclass(frozen=True)
class Photo:
    """A cleaned picture with its thumbnail; sizes in pixels."""

    media_type: str
    content: bytes
    thumbnail: bytes
    width: int
    height: int


def cleaned(content: bytes) -> Photo:
    """The picture without metadata (place, camera, comments), turned upright, and its thumbnail.

    Raises `Refusal`: `photo_too_large` over 10 MB or 60 megapixels, `photo_not_readable` for what is no JPEG, PNG
    or WebP (docs/domain.md §5: metadata is stripped from photos).
    """
    if len(content) > MAX_BYTES:
        raise Refusal("photo_too_large", limit=MAX_BYTES)
    kind = filetype.guess(content)
    media_type = kind.mime if kind else ""
    if media_type not in FORMATS:
        raise Refusal("photo_not_readable", accepted=sorted(FORMATS))
    picture = _upright(content, FORMATS[media_type])
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Photo(media_type, _encoded(picture, media_type), _encoded(small, media_type), *picture.size)


def _upright(content: bytes, format: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[format]) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise Refusal("photo_too_large", limit_pixels=MAX_PIXELS)
                opened.load()
                return ImageOps.exif_transpose(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refusal("photo_too_large", limit_pixels=MAX_PIXELS) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Refusal("photo_not_readable", accepted=sorted(FORMATS)) from None


def _encoded(picture: Image.Image, media_type: str) -> bytes:
    """The pixels, encoded anew: Pillow writes metadata only when it is handed over, and here it is not."""
    plain = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    if picture.mode == "P" and (palette := picture.getpalette()):
        plain.putpalette(palette)
    if media_type == "image/jpeg" and plain.mode not in {"RGB", "L"}:
        plain = plain.convert("RGB")
    out = io.BytesIO()
    plain.save(out, FORMATS[media_type], **({} if media_type == "image/png" else {"quality": QUALITY}))
    return out.getvalue()
