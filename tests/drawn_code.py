"""Reads QR codes off what the suite draws, by a reader that shares nothing with what draws them."""

from io import BytesIO

import pypdfium2
import resvg_py
import zxingcpp
from PIL import Image

PRINTED_DPI = 150
"""Paper as an office printer has it; a screen is finer, and so is a phone's camera."""

TO_AN_INCH = 72
"""The points of a PDF."""


def read_off_paper(pdf: bytes) -> list[str]:
    """What the codes on the pages of a PDF say, as it is printed."""
    pages = (page.render(scale=PRINTED_DPI / TO_AN_INCH).to_pil() for page in pypdfium2.PdfDocument(pdf))
    return [text for page in pages for text in _scanned(page)]


def read_off_picture(svg: bytes) -> list[str]:
    """What the codes in an SVG say, as a browser draws it on white."""
    return _scanned(Image.open(BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg.decode(), background="#ffffff")))))


def _scanned(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture.convert("L"))]
