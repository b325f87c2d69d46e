"""Files as people send them: a small photo of each kind, and spreadsheets with headings of our own."""

from collections.abc import Mapping
from io import BytesIO

from PIL import Image

from gateway.sheets.receiving import CSV
from gateway.sheets.spreadsheet import XLSX, Sheet, text, xlsx

ROWS = (
    ("name", "unit_type", "credit_code"),
    ("测试企业971", "ENTERPRISE", "913607040000097062"),
)


def photo(media_type: str) -> bytes:
    """A photo of a few pixels."""
    file = BytesIO()
    Image.new("RGB", (8, 8), (90, 80, 40)).save(file, media_type.removeprefix("image/").upper())
    return file.getvalue()


def sheets() -> Mapping[str, list[bytes]]:
    """Spreadsheets by media type: with a line, with its headings alone, and with nothing."""
    whole, empty = (Sheet("1", ROWS[0], rows) for rows in (ROWS[1:], ()))
    return {CSV: [text(whole), text(empty), b""], XLSX: [xlsx([whole]), xlsx([empty]), b"PK\x03\x04"]}
