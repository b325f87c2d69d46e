"""Only pixels are kept, and only of what really is a photo."""

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from cases.photo import (
    ANYBODYS_MAX_PIXELS,
    MAX_BYTES,
    MAX_PIXELS,
    MEDIUM_SIDE,
    THUMBNAIL_SIDE,
    cleaned,
    medium,
    weight,
    weight_of,
)
from chassis.errors import Refusal

MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def picture(format: str, size: tuple[int, int] = (1200, 800), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "orange" if mode == "RGB" else 3).save(out, format, **options)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def without_palette() -> bytes:
    """A PNG of palette colours that has no palette."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 3, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0\0\0\0" * 4)) + chunk(b"IEND", b"")


def too_wide() -> bytes:
    """A WebP whose frames are one pixel wide on a canvas of 16,400, which no WebP encoder writes."""
    body = picture("WEBP", (1, 1), lossless=True)[12:]
    canvas = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + (16_399).to_bytes(3, "little") + b"\0\0\0"
    frame = b"\0" * 12 + (100).to_bytes(3, "little") + b"\0" + body
    animation = b"ANIM" + struct.pack("<I", 6) + b"\0" * 6 + b"ANMF" + struct.pack("<I", len(frame)) + frame
    riff = b"WEBP" + canvas + animation
    return b"RIFF" + struct.pack("<I", len(riff)) + riff


def with_place(size: tuple[int, int] = (40, 20), orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "taken at home"
    return picture("JPEG", size, exif=exif.tobytes())


@pytest.mark.parametrize("format", list(MEDIA_TYPES))
def test_a_photo_keeps_its_type_and_size_and_gets_a_thumbnail(format: str) -> None:
    photo = cleaned(picture(format))
    assert (photo.media_type, photo.width, photo.height) == (MEDIA_TYPES[format], 1200, 800)
    assert Image.open(io.BytesIO(photo.thumbnail)).size == (400, 267)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
@pytest.mark.parametrize("side", [1, THUMBNAIL_SIDE, THUMBNAIL_SIDE + 1, 4000])
def test_a_thumbnail_shows_the_whole_picture_within_its_side(mode: str, side: int) -> None:
    out = io.BytesIO()
    picture = Image.new("RGB", (side, 3), "white")
    picture.paste("black", (side // 2, 0, side, 3))
    picture.convert(mode).save(out, "PNG")
    thumbnail = Image.open(io.BytesIO(cleaned(out.getvalue()).thumbnail)).convert("L")
    assert min(side, THUMBNAIL_SIDE / 2) <= thumbnail.width <= THUMBNAIL_SIDE
    assert thumbnail.getpixel((thumbnail.width - 1, 0)) == 0
    assert thumbnail.getpixel((0, 0)) == (255 if side > 1 else 0)


@pytest.mark.parametrize("format", list(MEDIA_TYPES))
@pytest.mark.parametrize(("size", "expected"), [((2600, 1300), (1280, 640)), ((1300, 5200), (320, 1280))])
def test_the_medium_size_is_the_whole_picture_in_its_own_format_within_its_side(
    format: str, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    photo = cleaned(picture(format, size))
    made = Image.open(io.BytesIO(medium(photo.content, photo.media_type)))
    assert (made.size, made.format) == (expected, format)
    assert max(made.size) == MEDIUM_SIDE


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
def test_the_medium_size_looks_like_the_photo_whatever_its_colours_are(mode: str) -> None:
    source = Image.new("RGB", (2600, 8), "white")
    source.paste("black", (1300, 0, 2600, 8))
    out = io.BytesIO()
    source.convert(mode).save(out, "PNG")
    made = Image.open(io.BytesIO(medium(cleaned(out.getvalue()).content, "image/png"))).convert("L")
    assert (made.getpixel((0, 0)), made.getpixel((made.width - 1, 0))) == (255, 0)


def test_what_is_transparent_is_so_in_the_medium_size() -> None:
    source = Image.new("RGBA", (2600, 8), (255, 0, 0, 0))
    source.paste((255, 0, 0, 255), (1300, 0, 2600, 8))
    out = io.BytesIO()
    source.save(out, "PNG")
    made = Image.open(io.BytesIO(medium(cleaned(out.getvalue()).content, "image/png")))
    left, right = made.getpixel((0, 0)), made.getpixel((made.width - 1, 0))
    assert (left[-1], right) == (0, (255, 0, 0, 255))  # type: ignore[index]  # RGBA has four


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


@pytest.mark.parametrize(
    ("format", "mode"),
    [("JPEG", "RGB"), ("WEBP", "RGB"), *(("PNG", mode) for mode in ("RGB", "RGBA", "L", "LA", "P", "1", "I;16"))],
)
@pytest.mark.parametrize("turned", [1, 6])
def test_no_kind_of_metadata_is_left_in_any_format(format: str, mode: str, turned: int) -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "taken at home", turned
    extras: dict[str, Any] = {"exif": exif.tobytes(), "icc_profile": b"taken at home", "xmp": b"taken at home"}
    if format == "JPEG":
        extras["comment"] = b"taken at home"
    out = io.BytesIO()
    Image.new(mode, (1200, 800)).save(out, format, **extras)
    assert b"taken at home" in out.getvalue()
    photo = cleaned(out.getvalue())
    for kept in (photo.content, photo.thumbnail, medium(photo.content, photo.media_type)):
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


def test_sixteen_bits_of_grey_become_eight() -> None:
    source = Image.new("I;16", (10, 10), 0x8123)
    out = io.BytesIO()
    source.save(out, "PNG")
    again = Image.open(io.BytesIO(cleaned(out.getvalue()).content))
    assert (again.mode, again.getpixel((5, 5))) == ("L", 0x81)


@pytest.mark.parametrize("turned", [1, 6])
@pytest.mark.parametrize("mode", ["RGB", "L", "P", "1"])
def test_what_was_transparent_stays_so_in_each_size(mode: str, turned: int) -> None:
    source, exif = Image.new("1", (2600, 2600), 255), Image.Exif()
    source.paste(0, (0, 0, 1300, 1300))
    exif[0x0112] = turned
    out = io.BytesIO()
    source.convert(mode).save(out, "PNG", transparency=(0, 0, 0) if mode == "RGB" else 0, exif=exif.tobytes())
    photo = cleaned(out.getvalue())
    for size in (photo.content, photo.thumbnail, medium(photo.content, photo.media_type)):
        made = Image.open(io.BytesIO(size)).convert("RGBA")
        seen = [made.getpixel((x, 0))[-1] for x in (0, made.width - 1)]  # type: ignore[index]  # RGBA has four
        assert seen == ([255, 0] if turned > 1 else [0, 255])


@pytest.mark.parametrize("mode", ["L", "P", "1"])
def test_few_colours_take_no_more_room_where_one_is_transparent(mode: str) -> None:
    source, apart = Image.effect_noise((600, 600), 80).convert(mode), io.BytesIO()
    plain = io.BytesIO()
    source.save(plain, "PNG")
    source.save(apart, "PNG", transparency=0)
    assert len(cleaned(apart.getvalue()).content) < 1.01 * len(cleaned(plain.getvalue()).content)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_to_hold_a_camera_is_turned_upright(orientation: int) -> None:
    source = Image.new("RGB", (16, 8), "black")
    source.paste("white", (0, 0, 8, 4))
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    source.save(out, "PNG", exif=exif.tobytes())
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(out.getvalue())))
    assert Image.open(io.BytesIO(cleaned(out.getvalue()).content)).tobytes() == expected.tobytes()


def test_a_photo_whose_exif_data_are_broken_is_turned_upright_all_the_same() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x0100] = 6, 5
    width_as_text = exif.tobytes().replace(b"\x01\x00\x00\x04", b"\x01\x00\x00\x02")
    assert width_as_text != exif.tobytes()
    photo = cleaned(picture("JPEG", (40, 20), exif=width_as_text))
    assert (photo.width, photo.height) == (20, 40)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"\xff\xd8\xff\xe0 no photo after all",
        picture("GIF"),
        picture("JPEG")[:200],
        without_palette(),
        too_wide(),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        cleaned(content)
    assert refused.value.code == "photo_not_readable"


def test_what_would_be_too_large_to_keep_is_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.effect_noise((400, 300), 100)
    out = io.BytesIO()
    picture.save(out, "PNG")
    limit = len(out.getvalue()) // 3
    monkeypatch.setattr("cases.photo.KEPT_BYTES", limit)
    found = cleaned(out.getvalue())
    assert (found.width, found.height) == Image.open(io.BytesIO(found.content)).size == (200, 150)
    assert len(found.content) <= limit


def test_a_photo_over_ten_megabytes_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        cleaned(picture("JPEG") + b"\0" * MAX_BYTES)
    assert refused.value.code == "photo_too_large"


def test_a_photo_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Refusal) as refused:
        cleaned(picture("PNG", (12_000, 10_000), mode="L"))
    assert refused.value.code == "photo_too_large"


@pytest.mark.parametrize(("format", "times"), [("JPEG", 1), ("PNG", 1), ("WEBP", 4)])
def test_the_head_of_a_photo_tells_what_room_it_needs(format: str, times: int) -> None:
    needed = weight(picture(format))
    assert needed == weight_of(MEDIA_TYPES[format], 1200, 800) == times * 1200 * 800


def test_a_jpeg_of_several_pictures_needs_the_room_of_a_jpeg() -> None:
    out = io.BytesIO()
    Image.new("RGB", (1200, 800)).save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (4, 4))])
    assert weight(out.getvalue()) == weight(picture("JPEG"))


@pytest.mark.parametrize(("mode", "progressive"), [("RGB", True), ("CMYK", False), ("CMYK", True)])
def test_what_is_held_twice_weighs_twice(mode: str, progressive: bool) -> None:
    out = io.BytesIO()
    Image.new(mode, (1200, 800)).save(out, "JPEG", progressive=progressive)
    assert weight(out.getvalue()) == 2 * weight(picture("JPEG"))


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_what_says_apart_which_pixels_are_transparent_weighs_twice(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (1200, 800)).save(out, "PNG", transparency=0)
    assert weight(out.getvalue()) == 2 * weight(picture("PNG"))


def test_passes_weigh_whatever_the_picture_calls_itself() -> None:
    ordinary = picture("JPEG")
    assert weight(ordinary[:-2] + b"\xff\xda\0\x08\1\1\0\0\0\0" + ordinary[-2:]) == 2 * weight(ordinary)
    preview = b"\xff\xe1\0\x0eExif\0\0\xff\xda\0\0\0\0"
    assert weight(ordinary[:2] + preview + ordinary[2:]) == weight(ordinary)


def test_nobody_without_an_account_sends_more_than_fifteen_megapixels_by_weight() -> None:
    assert {weight_of(MEDIA_TYPES[format], most, 1) for format, most in ANYBODYS_MAX_PIXELS.items()} == {15_000_000}


@pytest.mark.parametrize(("format", "size"), [("PNG", (5000, 3001)), ("JPEG", (5000, 3001)), ("WEBP", (2500, 1501))])
def test_what_only_people_with_an_account_may_send_is_refused_to_others(format: str, size: tuple[int, int]) -> None:
    sent = picture(format, size)
    with pytest.raises(Refusal) as refused:
        cleaned(sent, ANYBODYS_MAX_PIXELS)
    assert (refused.value.code, refused.value.details) == (
        "photo_too_large",
        {"limit_pixels": ANYBODYS_MAX_PIXELS[format]},
    )
    assert weight(sent, MAX_PIXELS) > weight(sent, ANYBODYS_MAX_PIXELS) == 0


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", picture("GIF")])
def test_what_is_no_photo_needs_no_room(content: bytes) -> None:
    assert weight(content) == 0


@settings(max_examples=60)
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
