"""A program of its own that paints one picture: the SVG comes in, the PNG goes out, and nothing of it stays in memory.

It is started by its path, with the path of a font or nothing for those of the system, and imports nothing of the
gateway.
"""

import sys

import resvg_py
from PIL import ImageFont

ZOOM = 1.5
"""So many pixels for each of the SVG: some 200 to the inch across a sheet of A4."""


def painted(svg: str, font: str = "") -> bytes:
    """The picture as PNG: with that font alone, or with what the system has."""
    if not font:
        return resvg_py.svg_to_bytes(svg_string=svg, zoom=ZOOM)
    # A family that is not there leaves its words out, so the last one of every list is that of the font.
    family, _ = ImageFont.truetype(font).getname()
    return resvg_py.svg_to_bytes(
        svg_string=svg, zoom=ZOOM, skip_system_fonts=True, font_files=[font], sans_serif_family=family
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(painted(sys.stdin.buffer.read().decode(), *sys.argv[1:]))
