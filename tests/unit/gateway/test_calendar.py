from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.calendar import RULE, notice
from tests.unit.gateway.fakes import RECEIPT, FakeServices, said
from tests.unit.gateway.test_conventions import case


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-CN", "2027年、2028年的节假日安排尚未公布；公布之前，办理时限按周一至周五为工作日计算。"),
        (
            "en",
            "The holidays of 2027 and 2028 are not published yet; "
            "until they are, deadlines count Monday to Friday as working days.",
        ),
    ],
)
def test_years_without_a_calendar_are_named_with_the_rule(language: str, text: str) -> None:
    assert notice([2027, 2028], language) == {"years": [2027, 2028], "rule": RULE, "text": text}


def test_a_known_year_needs_no_words() -> None:
    assert notice([], "en") is None


@pytest.mark.parametrize(("language", "word"), [("en", "holidays of 2027"), ("zh", "2027年的节假日安排尚未公布")])
def test_a_case_its_line_and_a_receipt_say_it_in_the_language_of_the_caller(
    client: FlaskClient, services: FakeServices, language: str, word: str
) -> None:
    headers = {"Accept-Language": language}
    case(services, presumed_years=[2027])
    seen = said(client.get("/v1/cases/c-1", headers=headers))
    services.outcomes["cases.move"] = {**RECEIPT, "presumed_years": [2027]}
    receipt = said(client.post("/v1/cases/c-1/accept", headers=headers))
    services.outcomes["cases.cases"] = {"items": [{"case_id": "c-1", "presumed_years": [2027]}], "next": None}
    [line] = said(client.get("/v1/cases", headers=headers))["items"]
    for each in (seen, receipt, line):
        assert word in each["calendar"]["text"]
        assert "presumed_years" not in each


@pytest.mark.parametrize(
    "wrap", [lambda each: {"items": [{"case": each}]}, lambda each: {"items": [{"duplicates": [{"case": each}]}]}]
)
def test_a_case_within_another_answer_says_it_too(
    client: FlaskClient, services: FakeServices, wrap: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    services.outcomes["cases.intake_session"] = wrap({"case_id": "c-1", "presumed_years": [2027]}) | {"version": 1}
    seen = said(client.get("/v1/intake-sessions/s-1", headers={"Accept-Language": "en"}))
    assert "presumed_years" not in str(seen)
    assert "holidays of 2027" in str(seen)
