"""Deadlines that count a year whose holidays are not published yet: said in the caller's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.problem_answers import spoken
from gateway.problems.problem import Text, phrase

PRESUMED = "presumed_years"
"""The field in which cases names the years; it leaves as `calendar`."""

RULE = "monday_to_friday"
"""How such a year is counted meanwhile (docs/domain.md §2.3)."""

SENTENCE = Text(
    "{years}的节假日安排尚未公布；公布之前，办理时限按周一至周五为工作日计算。",
    "The holidays of {years} are not published yet; until they are, deadlines count Monday to Friday as working days.",
)
YEAR = Text("{}年", "{}")
BETWEEN = Text("、", " and ")


def worded(data: Any) -> Any:
    """A copy of an answer with words in the place of the years, in each case that it holds, however deep."""
    if isinstance(data, list):
        return [worded(each) for each in data]
    if not isinstance(data, Mapping):
        return data
    found = {name: worded(value) for name, value in data.items() if name != PRESUMED}
    return {**found, "calendar": notice(data[PRESUMED], spoken())} if PRESUMED in data else found


def notice(years: Sequence[int], language: str) -> dict[str, Any] | None:
    """Which years are concerned, which rule was used instead, and both in words; None where every year is known."""
    if not years:
        return None
    told = phrase(BETWEEN, language).join(phrase(YEAR, language).format(year) for year in years)
    return {"years": list(years), "rule": RULE, "text": phrase(SENTENCE, language).format(years=told)}
