"""A certificate of volunteer hours as a PDF: number, period, hours, services, issuer, and a QR code to check it with.

Where a font is named, what is used of it goes into the paper, which then looks the same everywhere. Otherwise the
typeface is one that readers of PDF bring along for Chinese, or that the system has; who has neither sees no Chinese.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

PDF = "application/pdf"

FACE = "STSong-Light"
MARGIN, CODE_SIZE = 20 * mm, 32 * mm
GRID_COLOUR = "#999999"


@dataclass(frozen=True)
class Styles:
    """How the lines of the paper look."""

    title: ParagraphStyle
    body: ParagraphStyle
    small: ParagraphStyle


def paper(found: Mapping[str, Any], address: str, font: str = "") -> bytes:
    """The certificate as its person has it, in Chinese, to be checked at `address`.

    `font` is the path of a font with TrueType outlines and Chinese characters, of which what is used is embedded.
    """
    styles = _styles(_face(font))
    kept = BytesIO()
    document = SimpleDocTemplate(
        kept,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=f"志愿服务记录证明 {found['number']}",
        author=found["issuer_name"],
        invariant=1,
    )
    document.build([*_head(found, styles), _services(found["services"], styles), *_foot(found, address, styles)])
    return kept.getvalue()


def _face(font: str) -> str:
    """The name of the typeface, which the library knows from then on: a large file is read once."""
    name = Path(font).stem if font else FACE
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, font) if font else UnicodeCIDFont(FACE))
    return name


def _styles(face: str) -> Styles:
    return Styles(
        ParagraphStyle("title", fontName=face, fontSize=20, leading=28, alignment=1),
        ParagraphStyle("body", fontName=face, fontSize=11, leading=18, wordWrap="CJK"),
        ParagraphStyle("small", fontName=face, fontSize=9, leading=13, wordWrap="CJK"),
    )


def _head(found: Mapping[str, Any], styles: Styles) -> list[Any]:
    said = (
        f"兹证明 {found['name']} 自 {found['first']} 至 {found['last']} 参加志愿服务，"
        f"经记录机构核定共 {found['hours']:.1f} 小时（{found['minutes']} 分钟）。"
    )
    return [
        Paragraph("志愿服务记录证明", styles.title),
        Spacer(1, 4 * mm),
        Paragraph(f"编号：{escape(found['number'])}", styles.body),
        Paragraph(escape(said), styles.body),
        Spacer(1, 4 * mm),
    ]


def _services(services: list[Mapping[str, Any]], styles: Styles) -> Table:
    lines = [
        [
            Paragraph(escape(each["day"]), styles.small),
            Paragraph(escape(each["title"]), styles.small),
            str(each["minutes"]),
        ]
        for each in services
    ]
    table = Table([["日期", "服务内容", "分钟"], *lines], colWidths=[30 * mm, 115 * mm, 25 * mm], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), styles.small.fontName),
                ("FONTSIZE", (0, 0), (-1, -1), 9),
                ("GRID", (0, 0), (-1, -1), 0.5, GRID_COLOUR),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        )
    )
    return table


def _foot(found: Mapping[str, Any], address: str, styles: Styles) -> list[Any]:
    code = QrCodeWidget(address, barLevel="M", barWidth=CODE_SIZE, barHeight=CODE_SIZE)
    drawing = Drawing(CODE_SIZE, CODE_SIZE)
    drawing.add(code)
    said = [
        Paragraph(f"记录机构：{escape(found['issuer_name'])}", styles.body),
        Paragraph(f"开具日期：{escape(found['issued_on'])}", styles.body),
        Paragraph(f"扫码或访问以下网址核验真伪与状态：{escape(address)}", styles.small),
    ]
    return [Spacer(1, 8 * mm), Table([[drawing, said]], colWidths=[CODE_SIZE + 6 * mm, 130 * mm])]
