"""The paper of a certificate: what it says can be read back, in Chinese and by a scanner."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import reportlab
from environs import Env, EnvError
from pypdf import PdfReader

from gateway.certificate_paper import paper
from gateway.settings import read
from tests.drawn_code import read_off_paper
from tests.unit.gateway.fakes import SEED

LATIN = str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")
ADDRESS = "https://sandan.example/v1/certificates/V360704-20260331-7K3F9Q?code=0123456789ABCDEF"
FOUND: dict[str, Any] = {
    "number": "V360704-20260331-7K3F9Q",
    "name": "谢测001",
    "first": "2026-01-01",
    "last": "2026-03-31",
    "minutes": 1470,
    "hours": 24.5,
    "issuer_name": "高新社区",
    "issued_on": "2026-03-31",
    "services": [{"day": "2026-03-12", "title": "扮靓周四：清扫楼道 <1 & 2>", "minutes": 123}],
}


def words(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "")


@pytest.mark.parametrize(
    "said",
    [
        "志愿服务记录证明",
        "V360704-20260331-7K3F9Q",
        "谢测001",
        "2026-01-01 至 2026-03-31",
        "24.5 小时",
        "1470 分钟",
        "高新社区",
        "开具日期：2026-03-31",
        "扮靓周四：清扫楼道 <1 & 2>",
        "code=0123456789ABCDEF",
    ],
)
def test_the_paper_says(said: str) -> None:
    """F58: number, period, hours, issuer and where to check it."""
    assert said in words(paper(FOUND, ADDRESS))


def test_a_scanner_reads_the_address_off_the_code() -> None:
    """F58: QR check."""
    assert read_off_paper(paper(FOUND, ADDRESS)) == [ADDRESS]


def test_many_services_go_on_over_several_pages() -> None:
    many = [{"day": "2026-03-12", "title": f"清扫{n}", "minutes": 30} for n in range(200)]
    pdf = paper({**FOUND, "services": many}, ADDRESS)
    assert len(PdfReader(BytesIO(pdf)).pages) > 1
    assert "清扫199" in words(pdf)


def embeds_a_font(pdf: bytes) -> bool:
    return b"/FontFile2" in pdf


def test_no_typeface_is_shipped() -> None:
    pdf = paper(FOUND, ADDRESS)
    assert (len(pdf) < 30_000, embeds_a_font(pdf)) == (True, False)


def test_a_font_that_is_named_goes_into_the_paper() -> None:
    """A reader without typefaces of its own shows the paper, too."""
    pdf = paper(FOUND, ADDRESS, LATIN)
    assert embeds_a_font(pdf)
    assert "V360704-20260331-7K3F9Q" in words(pdf)
    assert not embeds_a_font(paper(FOUND, ADDRESS))


def test_a_font_that_is_not_there_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_KEY", SEED)
    for name in ("CASES_URL", "MEMBERS_URL", "NOTIFY_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("CERTIFICATE_FONT", LATIN)
    assert read(Env()).certificate_font == LATIN
    monkeypatch.setenv("CERTIFICATE_FONT", "/nowhere.ttf")
    with pytest.raises(EnvError, match="CERTIFICATE_FONT"):
        read(Env())
