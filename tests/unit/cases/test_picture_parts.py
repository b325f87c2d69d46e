"""Pictures of more parts than any camera writes are found before a decoder sees them, and no others."""

import io

import pytest
from PIL import Image

from cases.picture_parts import MOST_CHUNKS, MOST_SCANS, TooManyParts, check_parts
from tests.unit.cases.hostile_pictures import (
    HARMLESS,
    TOO_MANY_PARTS,
    TWO_THINGS,
    Build,
    jpeg_with,
    passes,
    png,
    png_head,
    rows,
    segment,
)
from tests.unit.cases.test_photo import chunk


@pytest.mark.parametrize("build", TOO_MANY_PARTS.values(), ids=TOO_MANY_PARTS)
def test_more_parts_than_any_camera_writes_are_too_many(build: Build) -> None:
    with pytest.raises(TooManyParts):
        check_parts(build())


@pytest.mark.parametrize("build", (HARMLESS | TWO_THINGS).values(), ids=HARMLESS | TWO_THINGS)
def test_odd_pictures_have_no_more(build: Build) -> None:
    check_parts(build())


@pytest.mark.parametrize("progressive", [False, True])
def test_a_picture_of_a_camera_has_no_more(progressive: bool) -> None:
    """With a profile of colours, a preview in its Exif data, and depth in a hundred pieces."""
    out = io.BytesIO()
    noise = Image.effect_noise((1_500, 1_500), 100).convert("RGB")
    noise.save(out, "JPEG", quality=95, progressive=progressive, icc_profile=bytes(600_000), exif=bytes(60_000))
    content = out.getvalue()
    depth = segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(65_000))
    check_parts(content[:2] + depth * 100 + content[2:])


def test_a_png_in_the_smallest_pieces_that_programs_write_has_no_more() -> None:
    pixels = rows(2_000, 1_000)[8:-4]
    pieces = [chunk(b"IDAT", pixels[at : at + 1_024]) for at in range(0, len(pixels), 1_024)]
    check_parts(png(png_head(2_000, 1_000), *pieces * (MOST_CHUNKS // 2 // len(pieces)), chunk(b"IEND", b"")))


def test_the_last_pass_that_is_put_up_with() -> None:
    check_parts(passes(MOST_SCANS - 1))
    with pytest.raises(TooManyParts):
        check_parts(passes(MOST_SCANS))


@pytest.mark.parametrize("whole", [jpeg_with(segment(0xE1, b"Exif\0\0")), png(png_head(4, 4), rows(4, 4))])
def test_what_is_cut_off_anywhere_is_left_to_the_decoder(whole: bytes) -> None:
    for end in range(len(whole)):
        check_parts(whole[:end])
    check_parts(b"GIF89a")
