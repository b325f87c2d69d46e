"""The plan of a service day as people print it."""

from typing import Any

from gateway.sheets.rotation import BOUND_KEPT, CALLED_OFF, sheets


def words(text: str) -> dict[str, str]:
    return {"zh": f"{text}的原因", "en": f"Because of {text}."}


TURN: dict[str, Any] = {
    "team": "一队",
    "people": 5,
    "name": "东源胜景小区",
    "compound_id": "c-dongyuan",
    "reason": words("甲"),
    "same_team": None,
    "score": 50,
    "terms": [{"zh": "已等候 5 个服务日，+50 分", "en": "service days of waiting: 5, +50"}],
    "order": None,
}
PLAN: dict[str, Any] = {
    "area": "360704100",
    "day": "2026-04-02",
    "called_off": False,
    "turns": [TURN, {**TURN, "same_team": words("乙")}],
    "displaced": [],
    "people": words("人数"),
    "shortfall": None,
    "unplaced": None,
}


def notes(**fields: Any) -> list[list[Any]]:
    return [list(row) for row in sheets({**PLAN, **fields})[2].rows]


def test_a_turn_says_with_how_many_people_and_why_the_same_team_comes_again() -> None:
    first, second = sheets(PLAN)[0].rows
    assert first[:6] == ["一队", 5, "东源胜景小区", "c-dongyuan", "甲的原因", "Because of 甲."]
    assert second[4:6] == ["甲的原因；乙的原因", "Because of 甲. Because of 乙."]
    assert len(first) == len(sheets(PLAN)[0].head)


def test_the_notes_say_whether_the_bound_is_kept_and_which_cases_call_for_nobody() -> None:
    kept = [BOUND_KEPT["zh"], BOUND_KEPT["en"]]
    assert notes() == [["人数的原因", "Because of 人数."], kept]
    broken = notes(shortfall={"reason": words("短缺")}, unplaced={"case_ids": ["k-1"], **words("案件")})
    assert [zh for zh, _ in broken] == ["人数的原因", "短缺的原因", "案件的原因"]


def test_of_a_day_that_was_called_off_nothing_else_is_said() -> None:
    assert notes(called_off=True, turns=[]) == [[CALLED_OFF["zh"], CALLED_OFF["en"]]]
