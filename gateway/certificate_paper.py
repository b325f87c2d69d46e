"""A certificate of volunteer hours as a PDF: number, period, hours, services, issuer, and a QR code to check it with.

The typeface is one of those that every reader of PDF brings along for Chinese, so that none has to be shipped.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

PDF = "application/pdf"

FACE = "STSong-Light"
MARGIN, CODE_SIZE = 20 * mm, 32 * mm
GRID_COLOUR = "#999999"

TITLE = ParagraphStyle("title", fontName=FACE, fontSize=20, leading=28, alignment=1)
BODY = ParagraphStyle("body", fontName=FACE, fontSize=11, leading=18, wordWrap="CJK")
SMALL = ParagraphStyle("small", fontName=FACE, fontSize=9, leading=13, wordWrap="CJK")


def paper(found: Mapping[str, Any], address: str) -> bytes:
    """The certificate as its person has it, in Chinese, to be checked at `address`."""
    pdfmetrics.registerFont(UnicodeCIDFont(FACE))
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
    document.build([*_head(found), _services(found["services"]), *_foot(found, address)])
    return kept.getvalue()


def _head(found: Mapping[str, Any]) -> list[Any]:
    said = (
        f"兹证明 {found['name']} 自 {found['first']} 至 {found['last']} 参加志愿服务，"
        f"经记录机构核定共 {found['hours']:.1f} 小时（{found['minutes']} 分钟）。"
    )
    return [
        Paragraph("志愿服务记录证明", TITLE),
        Spacer(1, 4 * mm),
        Paragraph(f"编号：{escape(found['number'])}", BODY),
        Paragraph(escape(said), BODY),
        Spacer(1, 4 * mm),
    ]


def _services(services: list[Mapping[str, Any]]) -> Table:
    lines = [
        [Paragraph(escape(each["day"]), SMALL), Paragraph(escape(each["title"]), SMALL), str(each["minutes"])]
        for each in services
    ]
    table = Table([["日期", "服务内容", "分钟"], *lines], colWidths=[30 * mm, 115 * mm, 25 * mm], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), FACE),
                ("FONTSIZE", (0, 0), (-1, -1), 9),
                ("GRID", (0, 0), (-1, -1), 0.5, GRID_COLOUR),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        )
    )
    return table


def _foot(found: Mapping[str, Any], address: str) -> list[Any]:
    code = QrCodeWidget(address, barLevel="M", barWidth=CODE_SIZE, barHeight=CODE_SIZE)
    drawing = Drawing(CODE_SIZE, CODE_SIZE)
    drawing.add(code)
    said = [
        Paragraph(f"记录机构：{escape(found['issuer_name'])}", BODY),
        Paragraph(f"开具日期：{escape(found['issued_on'])}", BODY),
        Paragraph(f"扫码或访问以下网址核验真伪与状态：{escape(address)}", SMALL),
    ]
    return [Spacer(1, 8 * mm), Table([[drawing, said]], colWidths=[CODE_SIZE + 6 * mm, 130 * mm])]
