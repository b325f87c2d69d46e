"""Charts over HTTP: what is asked of cases, SVG and PNG with their tags, and what is refused."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from cases.indicators.permission import Audience
from chassis.errors import Refusal
from gateway.charts import pictures
from gateway.facade import ErrandFailed
from tests.unit.gateway.boards import AREA, GRIDS, MONTHS, board, ranking_board
from tests.unit.gateway.fakes import FakeServices, said

TREND = {"area": AREA, "from": "2026-01-01", "to": "2026-04-30", "rates": "closure,on_time"}
RANKING = {"area": AREA, "from": "2026-01-01", "to": "2026-04-30", "by": "grid", "rate": "closure"}
SIX = "closure,on_time,resolution,satisfaction,coverage,composite"
TRENDS, RANKINGS = "/v1/indicators/chart", "/v1/indicator-ranking/chart"


@pytest.fixture(autouse=True)
def boards(services: FakeServices) -> None:
    def indicators(*, by: str, **_: Any) -> dict[str, Any]:
        return board(by, MONTHS)

    services.outcomes["cases.indicators"] = indicators
    services.outcomes["cases.indicator_ranking"] = ranking_board("closure", GRIDS)


@pytest.mark.parametrize(
    ("path", "query", "more"),
    [
        (TRENDS, TREND, {"by": "month"}),
        (TRENDS, {**TREND, "by": "day"}, {"by": "day"}),
        (RANKINGS, RANKING, {"by": "grid", "rate": "closure"}),
    ],
)
def test_the_figures_are_those_that_the_caller_is_told(
    client: FlaskClient, services: FakeServices, caller: dict[str, Any], path: str, query: Any, more: Any
) -> None:
    which = {"unit_id": "u-1", "category": "0101"}
    answer = client.get(path, query_string={**query, **which})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    asked = {"area": AREA, "from": "2026-01-01", "to": "2026-04-30", **which, **more}
    assert services.last == {"caller": caller, **asked}
    assert services.commands == []


@pytest.mark.parametrize(("path", "query"), [(TRENDS, TREND), (RANKINGS, RANKING)])
def test_who_has_the_picture_is_not_sent_it_again_and_nothing_is_painted(
    client: FlaskClient, services: FakeServices, path: str, query: dict[str, str]
) -> None:
    svg = client.get(path, query_string=query)
    png = client.get(path, query_string={**query, "format": "png"})
    assert svg.headers["ETag"] != png.headers["ETag"]
    for format_, first in (("svg", svg), ("png", png)):
        services.commands.clear()
        headers = {"If-None-Match": first.headers["ETag"]}
        again = client.get(path, query_string={**query, "format": format_}, headers=headers)
        assert (again.status_code, again.data, services.commands) == (304, b"", [])
    assert client.get(path, query_string={**query, "format": "png"}).data == png.data
    english = client.get(path, query_string=query, headers={"Accept-Language": "en"})
    assert english.headers["ETag"] != svg.headers["ETag"]
    assert (svg.headers["Content-Language"], english.headers["Content-Language"]) == ("zh-CN", "en")
    assert "Accept-Language" in svg.headers["Vary"]


def test_more_days_than_a_year_has_are_drawn_by_month_and_the_picture_says_so(
    client: FlaskClient, services: FakeServices
) -> None:
    query = {**TREND, "by": "day", "rates": SIX}
    for days, by, dots in ((366, "day", 6 * 366), (367, "month", 6 * 13), (3660, "month", 6 * 121)):
        services.outcomes["cases.indicators"] = lambda *, by, n=days, **_: long_board(by, n)
        answer = client.get(TRENDS, query_string=query, headers={"Accept-Language": "en"})
        assert (answer.status_code, services.last["by"], answer.text.count("<title>") - 1) == (200, by, dots)
        assert ("The period has more than 366 days, so it is drawn by month." in answer.text) is (by == "month")


def test_six_rates_over_ten_years_of_days_are_painted(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.indicators"] = lambda *, by, **_: long_board(by, 3660)
    query = {**TREND, "by": "day", "rates": SIX, "format": "png"}
    answer = client.get(TRENDS, query_string=query)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")


def long_board(by: str, days: int) -> dict[str, Any]:
    """A board of so many days from 2016 on, each with a case, by day or by month."""
    spans = [(date(2016, 1, 1) + timedelta(n)).isoformat() for n in range(days)]
    found = board("month", MONTHS)
    [some] = [each for each in found["parts"] if each["of"] == "2026-01"]
    parts = dict.fromkeys(span[: 10 if by == "day" else 7] for span in spans)
    return {**found, "from": spans[0], "to": spans[-1], "by": by, "parts": [{**some, "of": of} for of in parts]}


def test_a_png_is_a_picture(client: FlaskClient) -> None:
    answer = client.get(TRENDS, query_string={**TREND, "format": "png"})
    assert answer.headers["Content-Type"] == "image/png"
    with Image.open(BytesIO(answer.data)) as picture:
        assert (picture.format, picture.width) == ("PNG", 1650)


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        (TRENDS, {"rates": "closure,weather"}, "rates"),
        (TRENDS, {"rates": "closure,closure"}, "rates"),
        (TRENDS, {"rates": ""}, "rates"),
        (TRENDS, {"by": "grid"}, "by"),
        (TRENDS, {"format": "gif"}, "format"),
        (TRENDS, {"from": "1 March"}, "from"),
        (RANKINGS, {"most": "0"}, "most"),
        (RANKINGS, {"most": "61"}, "most"),
        (RANKINGS, {"format": "pdf"}, "format"),
        (RANKINGS, {"rates": "closure"}, "rates"),
    ],
)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_bad_question_is_told_which_parameter_is_wrong(
    client: FlaskClient, services: FakeServices, path: str, query: dict[str, str], parameter: str, language: str
) -> None:
    good = TREND if path == TRENDS else RANKING
    answer = client.get(path, query_string={**good, **query}, headers={"Accept-Language": language})
    assert (answer.status_code, said(answer)["code"]) == (422, "invalid")
    [error] = said(answer)["errors"]
    assert error["parameter"] == parameter
    assert error["detail"].isascii() is (language == "en")
    assert services.calls == []


@pytest.mark.parametrize(("path", "needed"), [(TRENDS, {"area", "from", "rates"}), (RANKINGS, {"area", "by"})])
def test_what_is_missing_is_named_at_once(client: FlaskClient, path: str, needed: set[str]) -> None:
    answer = client.get(path)
    assert {error["parameter"] for error in said(answer)["errors"]} == needed


def test_seven_rates_are_too_many_for_one_picture(client: FlaskClient) -> None:
    rates = "closure,on_time,response,resolution,satisfaction,coverage,composite"
    answer = client.get(TRENDS, query_string={**TREND, "rates": rates})
    assert (answer.status_code, said(answer)["code"]) == (422, "too_many_rates")
    assert said(answer)["details"] == {"most": 6}
    six = rates.rpartition(",")[0]
    assert client.get(TRENDS, query_string={**TREND, "rates": six}).status_code == 200


def test_refusals_of_cases_and_rates_that_are_not_told_arrive_as_they_are(
    client: FlaskClient, services: FakeServices
) -> None:
    services.outcomes["cases.indicators"] = Refusal("period_reversed", **{"from": "2026-05-01", "to": "2026-04-30"})
    assert said(client.get(TRENDS, query_string=TREND))["code"] == "period_reversed"
    services.outcomes["cases.indicators"] = board("month", MONTHS, Audience.PUBLIC)
    answer = client.get(TRENDS, query_string={**TREND, "rates": "rework"})
    assert (answer.status_code, said(answer)["code"]) == (403, "rates_not_told")
    assert said(answer)["details"]["rates"] == ["rework"]


def test_a_picture_that_cannot_be_painted_says_what_else_there_is(
    client: FlaskClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "PAINTER", "/nowhere.py")
    query = {**TREND, "format": "png"}
    answer = client.get(TRENDS, query_string=query, headers={"Accept-Language": "en"})
    assert (answer.status_code, said(answer)["code"]) == (503, "picture_not_painted")
    assert "format=svg" in said(answer)["detail"]
    assert int(answer.headers["Retry-After"]) >= 1
    with pytest.raises(ErrandFailed, match="nowhere"):
        services.run(services.commands[-1], b"")
