"""The few small pictures that the demo's photos show: nobody's, and a few hundred bytes each."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from cases.photo import Photo, cleaned

SIZE = (96, 72)
GROUND, THINGS = "#c8d2c0", ("#b5651d", "#3b6ea5", "#7a8b69", "#a23b3b", "#d9a441", "#555555")


def pictures() -> Sequence[Photo]:
    """One for each colour, as an upload leaves it."""
    return [cleaned(_drawn(colour)) for colour in THINGS]


def _drawn(colour: str) -> bytes:
    picture, out = Image.new("RGB", SIZE, GROUND), io.BytesIO()
    ImageDraw.Draw(picture).rectangle((24, 18, 72, 60), fill=colour)
    picture.save(out, "JPEG")
    return out.getvalue()
