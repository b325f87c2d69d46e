"""A JPEG as a phone's browser sends it after scaling down: some 250 kB of a scene with grain, always the same."""

import io
import random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (1600, 1200)
QUALITY = 84
SEED = 360704


def jpeg() -> bytes:
    """The picture, with the metadata that phones add."""
    image = _scene(random.Random(SEED))  # noqa: S311 - a picture, no secret
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Synthetic", "Phone 1", 1
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, exif=exif)
    return out.getvalue()


def _scene(dice: random.Random) -> Image.Image:
    """Blurred shapes like walls and shadows, under the grain of a small sensor."""
    image = Image.new("RGB", SIZE, (96, 104, 112))
    pen = ImageDraw.Draw(image)
    for _ in range(220):
        x, y = dice.randrange(SIZE[0]), dice.randrange(SIZE[1])
        colour = tuple(dice.randrange(30, 226) for _ in range(3))
        pen.rectangle([x, y, x + dice.randrange(20, 260), y + dice.randrange(20, 260)], fill=colour)
    image = image.filter(ImageFilter.GaussianBlur(1.5))
    grain = Image.frombytes("L", SIZE, dice.randbytes(SIZE[0] * SIZE[1])).filter(ImageFilter.GaussianBlur(0.8))
    return Image.blend(image, grain.convert("RGB"), 0.10)
