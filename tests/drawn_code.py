"""Reads a QR code back that a PDF draws module by module, and knows which drawings say a text (ISO/IEC 18004)."""

import re
from io import BytesIO

import segno
from pypdf import PdfReader

Modules = tuple[tuple[bool, ...], ...]

RUN = re.compile(r"^n ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re f", re.MULTILINE)
"""A row's neighbouring dark modules, drawn as one rectangle: left, bottom, width and height in points."""

MASKS = range(8)


def drawn_in(pdf: bytes) -> Modules:
    """The dark and light modules of the one QR code in a PDF, without the light margin around it."""
    pages = [page.get_contents() for page in PdfReader(BytesIO(pdf)).pages]
    content = "\n".join(page.get_data().decode("latin-1") for page in pages if page is not None)
    runs = [tuple(float(each) for each in found.groups()) for found in RUN.finditer(content)]
    assert runs, "there is a code"
    size = runs[0][3]
    left, top = min(run[0] for run in runs), max(run[1] for run in runs)
    dark = {
        (round((top - bottom) / size), round((from_left - left) / size) + n)
        for from_left, bottom, width, _ in runs
        for n in range(round(width / size))
    }
    side = max(row for row, _ in dark) + 1
    return tuple(tuple((row, column) in dark for column in range(side)) for row in range(side))


def drawings_of(text: str, side: int) -> set[Modules]:
    """Every drawing of so many modules a side that a scanner reads as this text, at level M: one for each mask."""
    version = (side - 17) // 4
    codes = (
        segno.make_qr(text, error="m", version=version, mask=mask, mode="byte", boost_error=False) for mask in MASKS
    )
    return {tuple(tuple(bool(module) for module in row) for row in code.matrix) for code in codes}


def says(pdf: bytes, text: str) -> bool:
    """Whether the code in a PDF is read as this text."""
    modules = drawn_in(pdf)
    return modules in drawings_of(text, len(modules))
