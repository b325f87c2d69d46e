"""Charts as they leave the gateway: real pictures, Chinese in them, the same again, and nothing of it left behind."""

import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import psutil
import pytest
import reportlab
import requests
from defusedxml.ElementTree import fromstring
from PIL import Image

from gateway.charts import figures
from gateway.charts.canvas import Canvas
from gateway.charts.pictures import PAINTER
from gateway.problems import Text
from gateway.sheets import indicators as indicator_sheets
from tests.component.gateway.running import Running

ZEN_HEI = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"
"""Of Debian's fonts-wqy-zenhei, as the image has it; `make test` installs it."""

LATIN = str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")

NO_CHARACTER = "\U000effff"
"""Which no font has: what is painted for it is painted for everything that is missing."""

TREND = "/v1/indicators/chart?area=360704100012&from=2026-01-01&rates=closure"
RANKING = "/v1/indicator-ranking/chart?area=360704100012&from=2026-01-01&by=grid&rate=closure"


def painted(svg: bytes, *font: str) -> Image.Image:
    done = subprocess.run(
        [sys.executable, "-I", PAINTER, *font], input=svg, capture_output=True, check=True, timeout=60
    )
    return Image.open(BytesIO(done.stdout)).convert("L")


def png(answer: requests.Response) -> Image.Image:
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png"), answer.text
    return Image.open(BytesIO(answer.content)).convert("RGB")


@pytest.mark.parametrize("path", [TREND, RANKING])
def test_a_picture_can_be_opened_and_shows_what_its_svg_says(running: Running, path: str) -> None:
    drawn = running.ask(path)
    said = [each.text for each in fromstring(drawn.content).iter("{http://www.w3.org/2000/svg}text")]
    assert {"2026-01-01 至 2026-12-31", "n=41", "n=52", "100 %"} <= {str(each).split(" · ")[0] for each in said}
    assert str(said[0]).startswith("滨江社区")
    picture = png(running.ask(f"{path}&format=png"))
    root = fromstring(drawn.content)
    assert picture.size == tuple(round(int(root.get(side, "")) * 1.5) for side in ("width", "height"))
    colours = {colour for _, colour in picture.getcolors(1_000_000) or ()}
    assert {(255, 255, 255), (0x00, 0x72, 0xB2)} <= colours


@pytest.mark.parametrize("path", [TREND, RANKING])
@pytest.mark.parametrize("format_", ["svg", "png"])
def test_the_same_figures_are_the_same_bytes(running: Running, path: str, format_: str) -> None:
    first, second = (running.ask(f"{path}&format={format_}") for _ in range(2))
    assert (first.content, first.headers["ETag"]) == (second.content, second.headers["ETag"])
    english = running.ask(f"{path}&format={format_}", headers={"Accept-Language": "en"})
    assert english.content != first.content


def characters() -> list[str]:
    """Every Chinese character and sign that a chart may hold besides names."""
    tables: Iterable[Any] = (vars(figures).values(), indicator_sheets.COUNTS.values(), indicator_sheets.RATES.values())
    texts = [each for table in tables for each in table if isinstance(each, Text)]
    return sorted({letter for text in texts for letter in text.zh if ord(letter) > 127} | set("滨江社区网格高新彩虹"))


def glyphs(letters: Iterable[str], *font: str) -> dict[str, bytes]:
    """How each letter is painted, in a square of its own."""
    side, several = 40, list(letters)
    canvas = Canvas(side * len(several), side, "")
    for nth, letter in enumerate(several):
        canvas.text(nth * side + 5, 30, letter, 24)
    sheet = painted(canvas.svg(), *font)
    at = sheet.height
    return {each: sheet.crop((n * at, 0, (n + 1) * at, at)).tobytes() for n, each in enumerate(several)}


@pytest.mark.parametrize("font", [(), (ZEN_HEI,)], ids=["of the system", "as it is named"])
def test_every_chinese_character_is_there_and_none_is_an_empty_box(font: tuple[str, ...]) -> None:
    assert Path(ZEN_HEI).is_file(), "Install fonts-wqy-zenhei: make system does it."
    found = glyphs([NO_CHARACTER, " ", *characters()], *font)
    box, blank = found.pop(NO_CHARACTER), found.pop(" ")
    assert len(found) > 80
    assert [letter for letter, painted in found.items() if painted in {box, blank}] == []
    assert len(set(found.values())) == len(found)


def test_a_font_without_chinese_is_told_by_the_same_look() -> None:
    """What the test before would find if the font were missing."""
    found = glyphs([NO_CHARACTER, "结", "案"], LATIN)
    assert len(set(found.values())) == 1


def test_nothing_of_the_painter_stays_in_the_gateway(running: Running) -> None:
    """Many pictures, several asked for at once: all are painted, and the process has none of the library in it."""
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(running.ask, [f"{TREND}&format=png"] * 8))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    gateway = psutil.Process(running.processes["gateway"].pid)
    mapped = {Path(each.path).name for each in gateway.memory_maps()}
    assert any(name.startswith("_ssl") or "greenlet" in name for name in mapped)
    assert [name for name in mapped if "resvg" in name or "matplotlib" in name] == []
    assert [each for each in gateway.children(recursive=True) if "painter.py" in " ".join(each.cmdline())] == []
