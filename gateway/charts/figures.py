"""What a chart says: of each rate its value, the cases that it is made of, and how it is made; knows no picture."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.errors import Refusal
from gateway.problems import Text, phrase
from gateway.sheets.indicators import COUNTS, RATES, TOTAL, other_versions, ranked
from gateway.sheets.table import Reader
from gateway.times import LOCAL

Board = Mapping[str, Any]
"""The indicators of an area as cases answers them."""

COMPOSITE, COVERAGE = "composite", "coverage"
OPINIONS = frozenset({"resolution", "satisfaction", COMPOSITE})
"""Rates that are only read beside the share of those who were asked and answered (docs/domain.md §2.4)."""


TREND = Text("{area}指标走势", "{area}: trend of indicators")
RANKING = Text("{area}{rate}排名", "{area}: {rate}, ranked")
BETWEEN = " · "
AND = "; "
PERIOD = Text("{first} 至 {last}", "{first} to {last}")
OF_UNIT = Text("承办单位：{unit}", "Unit: {unit}")
OF_CATEGORY = Text("类别：{category}", "Category: {category}")
FALLING = Text("由高到低", "Highest first")
RISING = Text("由低到高", "Lowest first")
FIRST_OF = Text("前 {shown} 个，共 {all} 个", "The first {shown} of {all}")
RATIO = Text("{rate} = {part} ÷ {whole}", "{rate} = {part} ÷ {whole}")
PARTLY = Text("（部分解决计 {partly}）", " (what is partly solved counts {partly})")
CHANGES = Text(
    "其后为与上期（{first} 至 {last}）相比的变化，单位为百分点。",
    "Behind each rate its change against {first} to {last}, in percentage points.",
)
GAPS = Text(
    "n 为分母的案件数；空缺和“–”表示没有案件，或未公布。",
    "n is the number of cases below the line; a gap or “–” means that there are none, or that it is not told.",
)
FEW = Text(
    "解决率、满意率和综合得分只按已结束的整月公布；会显出少于 {fewest} 份有效回访的，不公布。",
    "Resolution, satisfaction and the composite are told for whole months that are over, and not where that would tell "
    "of fewer than {fewest} valid answers.",
)
VERSIONS = Text(
    "{first} 至 {last} 按评分版本 {version} 计算：{method}。",
    "{first} to {last} are made by version {version} of the scoring: {method}.",
)
MOST_SPANS = 366
"""Days that are drawn each, at most: a year of them. More could neither be told apart nor be painted in time."""

COARSER = Text(
    "所选时段超过 {most} 天，改为按月绘制。", "The period has more than {most} days, so it is drawn by month."
)
BY_VERSION = frozenset({"resolution", COMPOSITE})
"""Rates that versions of the scoring make each in its own way."""

ASKED = Text("查询日期 {asked}，统计截至 {counted}。", "Asked on {asked}, counted until {counted}.")


@dataclass(frozen=True)
class Mark:
    """A rate in percent, of how many cases it is one, and how many percent of those asked have answered.

    None where there is nothing to divide by, or where it is not told; coverage is said of opinions alone.
    """

    value: float | None
    sample: int | None
    coverage: float | None


@dataclass(frozen=True)
class Row:
    """A line of a trend, or a bar of a ranking: what it is of, and its numbers."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Head:
    """What stands above and below a picture."""

    title: str
    under: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Trend:
    """Rates over the months or days of a period, of which none is left out."""

    head: Head
    spans: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Place:
    """A bar of a ranking. Equals share a place, who has no rate has none; `change` is in percentage points."""

    place: int | None
    name: str
    mark: Mark
    change: float | None = None


@dataclass(frozen=True)
class Ranking:
    """Areas by one of their rates, the best first, beside the rate of all of them together."""

    head: Head
    places: tuple[Place, ...]
    whole: Place


def too_fine(board: Board) -> bool:
    """Whether a board by day has more days than are drawn each."""
    return len(board["parts"]) > MOST_SPANS


def trend(board: Board, rates: Sequence[str], language: str, *, coarser: bool = False) -> Trend:
    """The rates of a board that is by month or day; refuses `rates_not_told`.

    `coarser` says that days were asked for and it is by month; so does the chart.
    """
    _check_told(board, rates)
    reader = Reader(language, board["names"])
    rows = [
        Row(rate_name(rate, language), tuple(_mark(part, rate, board) for part in board["parts"])) for rate in rates
    ]
    title = phrase(TREND, language).format(area=reader.name(board["area"]))
    said = [phrase(COARSER, language).format(most=MOST_SPANS)] if coarser else []
    head = Head(title, _under(board, reader), (*said, *_notes(board, rates, language)))
    return Trend(head, tuple(part["of"] for part in board["parts"]), tuple(rows))


def ranking(board: Board, most: int, language: str) -> Ranking:
    """The first `most` places of a ranking, as they are told."""
    reader, rate, before = Reader(language, board["names"]), board["rate"], board["before"]
    placed = ranked(board)
    whole = Place(None, phrase(TOTAL, language), _mark(board["total"], rate, board))
    order = phrase(RISING if board["lowest_first"] else FALLING, language)
    cut = [phrase(FIRST_OF, language).format(shown=most, all=len(placed))] if len(placed) > most else []
    title = phrase(RANKING, language).format(area=reader.name(board["area"]), rate=rate_name(rate, language))
    under = BETWEEN.join([_under(board, reader), order, *cut])
    places = tuple(_place(each, board, reader) for each in placed[:most])
    changes = [phrase(CHANGES, language).format(first=before["from"], last=before["to"])] if _move(places) else []
    return Ranking(Head(title, under, (*changes, *_notes(board, [rate], language))), places, whole)


def _move(places: Iterable[Place]) -> bool:
    """Whether a change stands behind any of them: where none does, nothing is said of it."""
    return any(each.change is not None for each in places)


def rate_name(rate: str, language: str) -> str:
    """What the rate is called, without its unit."""
    return phrase(RATES[rate], language).removesuffix("%").rstrip()


def _check_told(board: Board, rates: Sequence[str]) -> None:
    told = board["total"]["rates"]
    if untold := [rate for rate in rates if rate not in told]:
        raise Refusal("rates_not_told", rates=untold, told=list(told))


def _mark(part: Mapping[str, Any], rate: str, board: Board) -> Mark:
    coverage = part["rates"].get(COVERAGE) if rate in OPINIONS else None
    return Mark(part["rates"][rate], part["counts"].get(_whole_of(rate, board)), coverage)


def _whole_of(rate: str, board: Board) -> str:
    """The count below the line; that of the composite is its smallest, the valid answers."""
    whole: str = board["made_of"]["satisfaction" if rate == COMPOSITE else rate][1]
    return whole


def _place(part: Mapping[str, Any], board: Board, reader: Reader) -> Place:
    return Place(part["rank"], _named(part, reader), _mark(part, board["rate"], board), part["change"])


def _named(part: Mapping[str, Any], reader: Reader) -> str:
    return phrase(Text(**part["title"]), reader.language) if part["title"] else str(reader.name(part["of"]))


def _under(board: Board, reader: Reader) -> str:
    said = [phrase(PERIOD, reader.language).format(first=board["from"], last=board["to"])]
    if board["unit_id"]:
        said.append(phrase(OF_UNIT, reader.language).format(unit=reader.name(board["unit_id"])))
    if board["category"]:
        said.append(phrase(OF_CATEGORY, reader.language).format(category=board["category"]))
    return BETWEEN.join(said)


def _notes(board: Board, rates: Sequence[str], language: str) -> tuple[str, ...]:
    """By which method each rate is made, what a gap means, and when it was asked."""
    said = [_method(rate, board, language) for rate in rates]
    if any(rate in OPINIONS for rate in rates):
        said.append(_method(COVERAGE, board, language))
    versioned = [rate for rate in rates if rate in BY_VERSION]
    said += [_of_version(span, versioned, board, language) for span in other_versions(board) if versioned]
    said.append(phrase(GAPS, language))
    if board["audience"] == "public":
        said.append(phrase(FEW, language).format(fewest=board["fewest_told"]))
    said.append(phrase(ASKED, language).format(asked=_day(board["asked_at"]), counted=_day(board["counted_until"])))
    return tuple(dict.fromkeys(said))


def _of_version(span: tuple[str, str, Mapping[str, Any]], rates: Sequence[str], board: Board, language: str) -> str:
    """By which version days or months are made that are not made as the whole is, and how."""
    first, last, scoring = span
    method = AND.join(_method(rate, {**board, "scoring": scoring}, language) for rate in rates)
    return phrase(VERSIONS, language).format(first=first, last=last, version=scoring["version"], method=method)


def _method(rate: str, board: Board, language: str) -> str:
    name, scoring = rate_name(rate, language), board["scoring"]
    if rate == COMPOSITE:
        weighed = (f"{scoring[each]:g} × {rate_name(each, language)}" for each in scoring if each in board["made_of"])
        return f"{name} = {' + '.join(weighed)}"
    part, whole = (phrase(COUNTS[count], language) for count in board["made_of"][rate])
    partly = phrase(PARTLY, language).format(partly=f"{scoring['partly']:g}") if _counts_partly(rate, scoring) else ""
    return phrase(RATIO, language).format(rate=name, part=part, whole=whole) + partly


def _counts_partly(rate: str, scoring: Mapping[str, float]) -> bool:
    return rate == "resolution" and scoring["partly"] > 0


def _day(instant: str) -> str:
    """The local day: of the same figures there is one picture in a day, whatever the hour."""
    return datetime.fromisoformat(instant).astimezone(LOCAL).date().isoformat()
