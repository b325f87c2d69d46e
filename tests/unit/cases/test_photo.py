"""Only pixels are kept, and only of what really is a photo."""

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cases.photo import MAX_BYTES, THUMBNAIL_SIDE, cleaned
from chassis.errors import Refusal

MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def picture(format: str, size: tuple[int, int] = (1200, 800), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "orange" if mode == "RGB" else 3).save(out, format, **options)
    return out.getvalue()


def with_place(size: tuple[int, int] = (40, 20), orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "taken at home"
    return picture("JPEG", size, exif=exif.tobytes())


@pytest.mark.parametrize("format", list(MEDIA_TYPES))
def test_a_photo_keeps_its_type_and_size_and_gets_a_thumbnail(format: str) -> None:
    photo = cleaned(picture(format))
    assert (photo.media_type, photo.width, photo.height) == (MEDIA_TYPES[format], 1200, 800)
    assert max(Image.open(io.BytesIO(photo.thumbnail)).size) == THUMBNAIL_SIDE


def test_metadata_is_gone_from_the_photo_and_from_its_thumbnail() -> None:
    original = with_place()
    assert b"taken at home" in original
    photo = cleaned(original)
    assert b"taken at home" not in photo.content + photo.thumbnail
    assert not Image.open(io.BytesIO(photo.content)).getexif()


def test_comments_in_a_png_are_gone_too() -> None:
    notes = PngInfo()
    notes.add_text("Comment", "谢测001 12000000001")
    notes.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>taken at home</x:xmpmeta>")
    photo = cleaned(picture("PNG", pnginfo=notes))
    assert b"Comment" not in photo.content + photo.thumbnail
    assert b"taken at home" not in photo.content + photo.thumbnail


@pytest.mark.parametrize("format", list(MEDIA_TYPES))
def test_no_kind_of_metadata_is_left_in_any_format(format: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    extras: dict[str, Any] = {"exif": exif.tobytes(), "icc_profile": b"taken at home", "xmp": b"taken at home"}
    if format == "JPEG":
        extras["comment"] = b"taken at home"
    original = picture(format, **extras)
    assert b"taken at home" in original
    photo = cleaned(original)
    for kept in (photo.content, photo.thumbnail):
        assert b"taken at home" not in kept
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(Image.open(io.BytesIO(kept)).info)


def test_a_photo_that_was_taken_sideways_is_turned_upright() -> None:
    photo = cleaned(with_place((40, 20), orientation=6))
    assert (photo.width, photo.height) == (20, 40)


def test_a_palette_keeps_its_colours() -> None:
    source = Image.new("P", (10, 10), 1)
    source.putpalette([0, 0, 0, 255, 165, 0] + [0] * 762)
    out = io.BytesIO()
    source.save(out, "PNG")
    again = Image.open(io.BytesIO(cleaned(out.getvalue()).content)).convert("RGB")
    assert again.getpixel((5, 5)) == (255, 165, 0)


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0 no photo after all", picture("GIF"), picture("JPEG")[:200]],
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        cleaned(content)
    assert refused.value.code == "photo_not_readable"


def test_a_photo_over_ten_megabytes_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        cleaned(picture("JPEG") + b"\0" * MAX_BYTES)
    assert refused.value.code == "photo_too_large"


def test_a_photo_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Refusal) as refused:
        cleaned(picture("PNG", (12_000, 10_000), mode="L"))
    assert refused.value.code == "photo_too_large"


@settings(max_examples=60, deadline=None)
@given(noise=st.binary(max_size=400), at=st.integers(0, 600))
def test_damaged_photos_are_refused_or_cleaned_and_nothing_else(noise: bytes, at: int) -> None:
    content = bytearray(picture("JPEG", (64, 64)))
    content[at : at + len(noise)] = noise
    assert outcome(bytes(content)) in {*MEDIA_TYPES.values(), "photo_not_readable", "photo_too_large"}


def outcome(content: bytes) -> str:
    try:
        return cleaned(content).media_type
    except Refusal as refusal:
        return refusal.code
