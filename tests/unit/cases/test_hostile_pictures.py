"""What means harm is refused or made harmless, and takes no more memory than any other picture."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from cases.photo import Photo, cleaned, medium
from tests.unit.cases.hostile_pictures import HARMLESS, NO_PHOTOS, SCRIPT, TOO_LARGE, TWO_THINGS, Build, located, noisy
from tests.unit.cases.test_photo import outcome

UNPACKED_MIB = 48
"""More than any of these may take; cleaning an ordinary photo of a phone takes about as much."""

MEASURE = """
import json, sys
from pathlib import Path
from cases.photo import cleaned, weight
from chassis.errors import Refusal

def peak():
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024

def clean(content):
    weight(content)
    try:
        cleaned(content)
    except Refusal:
        pass

ordinary, *hostile = [Path(each) for each in sys.argv[1:]]
clean(ordinary.read_bytes())
taken = {}
for each in hostile:
    content = each.read_bytes()
    before = peak()
    clean(content)
    taken[each.name] = peak() - before
print(json.dumps(taken))
"""


def kept_of(photo: Photo) -> list[bytes]:
    return [photo.content, photo.thumbnail, medium(photo.content, photo.media_type)]


@pytest.mark.parametrize("build", TWO_THINGS.values(), ids=TWO_THINGS)
def test_of_what_is_two_things_at_once_the_picture_alone_is_kept(build: Build) -> None:
    original = build()
    assert SCRIPT in original or zipfile.is_zipfile(io.BytesIO(original))
    for kept in kept_of(cleaned(original)):
        assert SCRIPT not in kept
        assert b"%PDF" not in kept
        assert not zipfile.is_zipfile(io.BytesIO(kept))


@pytest.mark.parametrize("build", NO_PHOTOS.values(), ids=NO_PHOTOS)
def test_what_is_no_photo_is_refused_whatever_it_looks_like(build: Build) -> None:
    assert outcome(build()) == "photo_not_readable"


@pytest.mark.parametrize("build", TOO_LARGE.values(), ids=TOO_LARGE)
def test_what_would_unpack_to_gigabytes_is_refused_by_its_head(build: Build) -> None:
    content = build()
    assert len(content) < 1_000_000
    assert outcome(content) == "photo_too_large"


@pytest.mark.filterwarnings("ignore::UserWarning")  # as in the service: Pillow tells what it passes over
@pytest.mark.parametrize("build", HARMLESS.values(), ids=HARMLESS)
def test_of_what_says_too_much_one_small_picture_is_left(build: Build) -> None:
    for kept in kept_of(cleaned(build())):
        picture = Image.open(io.BytesIO(kept))
        assert getattr(picture, "n_frames", 1) == 1
        assert picture.format in {"JPEG", "PNG", "WEBP"}
        assert len(kept) < 10_000


def test_where_and_with_what_a_photo_was_taken_is_in_no_size_of_it() -> None:
    original = located()
    assert Image.open(io.BytesIO(original)).getexif().get_ifd(0x8825)
    for kept in kept_of(cleaned(original)):
        assert not dict(Image.open(io.BytesIO(kept)).getexif())
        assert b"MAKER-4711" not in kept
        assert b"Exif" not in kept


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is read from /proc")
def test_nothing_that_means_harm_takes_much_memory(tmp_path: Path) -> None:
    ordinary = tmp_path / "ordinary"
    ordinary.write_bytes(noisy("JPEG"))
    hostile = {**TWO_THINGS, **NO_PHOTOS, **TOO_LARGE, **HARMLESS}
    paths = [tmp_path / name for name in hostile]
    for path in paths:
        path.write_bytes(hostile[path.name]())
    command = [sys.executable, "-c", MEASURE, *map(str, [ordinary, *paths])]
    taken = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=120).stdout)
    assert set(taken) == set(hostile)
    assert {name: mebibytes for name, mebibytes in taken.items() if mebibytes > UNPACKED_MIB} == {}
