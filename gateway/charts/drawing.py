"""How a trend and a ranking look: axis in percent, and beside every number of how many cases it is one (F52)."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from gateway.charts.canvas import GREY, Canvas, shortened
from gateway.charts.figures import COVERAGE, Head, Mark, Place, Ranking, Row, Trend, rate_name
from gateway.problems import phrase
from gateway.sheets.indicators import NOTHING, RATES

WIDTH, MARGIN = 1100, 24
LEFT, RIGHT = 250, 1060
"""Between these lie the spans of a trend."""
TOP, HEIGHT = 100, 300
NAMED_LETTERS = 34
LINE = 18
TICKS = range(0, 101, 20)
COLUMNS = 12
"""Spans whose numbers are written out, at most; what lies between is said by its dot."""
DOTTED = 62
"""Up to so many spans each has a dot that can be pointed at with ease."""

BAR_LEFT, BAR_RIGHT, BAR_HEIGHT, BAR_STEP = 290, 700, 16, 26

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Told apart by people who are blind to some colours (Okabe and Ito); dashes do the same on paper."""
DASHES = ("", "8 3", "3 3", "10 3 3 3", "14 4", "2 5")

Point = tuple[int, Mark]


def drawn_trend(chart: Trend, language: str) -> bytes:
    """The trend as SVG: a line for each rate, broken where it is not known, and its numbers below."""
    covered = any(mark.coverage is not None for row in chart.rows for mark in row.marks)
    table = len(chart.rows) * 2 * LINE + (LINE if covered else 0)
    canvas = _sheet(chart.head, TOP + HEIGHT + 40 + table)
    for tick in TICKS:
        canvas.line((LEFT, _height(tick)), (RIGHT, _height(tick)))
        canvas.text(LEFT - 8, _height(tick) + 4, f"{tick} %", 12, "end", GREY)
    across = [LEFT + (RIGHT - LEFT) * (n + 0.5) / len(chart.spans) for n in range(len(chart.spans))]
    written = _written(len(chart.spans))
    for n in written:
        canvas.text(across[n], TOP + HEIGHT + 20, chart.spans[n], 12, "middle", GREY)
    for nth, row in enumerate(chart.rows):
        _line(canvas, nth, row, chart.spans, across)
        _numbers(canvas, nth, row, [(across[n], row.marks[n]) for n in written])
    if covered:
        _coverage(canvas, chart.rows, [(across[n], n) for n in written], language)
    return canvas.svg()


def drawn_ranking(chart: Ranking, language: str) -> bytes:
    """The ranking as SVG: a bar for each, the whole below them, and its rate as a line through all."""
    rows = [*chart.places, chart.whole]
    end = TOP + len(rows) * BAR_STEP
    canvas = _sheet(chart.head, end + 30)
    for tick in TICKS:
        canvas.line((_length(tick), TOP - 6), (_length(tick), end))
        canvas.text(_length(tick), end + 16, f"{tick} %", 12, "middle", GREY)
    for nth, row in enumerate(rows):
        _bar(canvas, TOP + nth * BAR_STEP, row, GREY if row is chart.whole else COLOURS[0], language)
    if chart.whole.mark.value is not None:
        at = _length(chart.whole.mark.value)
        canvas.line((at, TOP - 6), (at, end), GREY, "5 3")
    return canvas.svg()


def _sheet(head: Head, end: float) -> Canvas:
    """A sheet with its title, and below `end` how its numbers are made."""
    canvas = Canvas(WIDTH, int(end) + 20 + LINE * len(head.notes), head.title)
    canvas.text(MARGIN, 40, shortened(head.title, 90), 22)
    canvas.text(MARGIN, 66, shortened(head.under, 140), 13, colour=GREY)
    for nth, note in enumerate(head.notes, 1):
        canvas.text(MARGIN, end + LINE * nth, note, 12, colour=GREY)
    return canvas


def _line(canvas: Canvas, nth: int, row: Row, spans: Sequence[str], across: Sequence[float]) -> None:
    colour, radius = COLOURS[nth], 3.5 if len(spans) <= DOTTED else 1.5
    for run in _runs(row):
        canvas.path([(across[n], _height(mark.value or 0)) for n, mark in run], colour, DASHES[nth])
        for n, mark in run:
            told = f"{spans[n]} {row.name} {_percent(mark)} {_sample(mark)}".rstrip()
            canvas.dot((across[n], _height(mark.value or 0)), radius, colour, told)


def _runs(row: Row) -> Iterator[list[Point]]:
    """What is known without a gap."""
    for known, run in groupby(enumerate(row.marks), key=lambda point: point[1].value is not None):
        if known:
            yield list(run)


def _numbers(canvas: Canvas, nth: int, row: Row, marks: Sequence[tuple[float, Mark]]) -> None:
    y = TOP + HEIGHT + 46 + nth * 2 * LINE
    canvas.path([(MARGIN, y - 4), (MARGIN + 26, y - 4)], COLOURS[nth], DASHES[nth])
    canvas.text(MARGIN + 34, y, shortened(row.name, NAMED_LETTERS - 4), 13, colour=COLOURS[nth])
    for x, mark in marks:
        canvas.text(x, y, _value(mark.value), 12, "middle")
        canvas.text(x, y + LINE - 4, _sample(mark), 11, "middle", GREY)


def _coverage(canvas: Canvas, rows: Sequence[Row], columns: Sequence[tuple[float, int]], language: str) -> None:
    """The share of those who answered, which is the same for every opinion."""
    [row, *_] = [row for row in rows if any(mark.coverage is not None for mark in row.marks)]
    y = TOP + HEIGHT + 46 + len(rows) * 2 * LINE
    canvas.text(MARGIN, y, phrase(RATES[COVERAGE], language), 13, colour=GREY)
    for x, n in columns:
        canvas.text(x, y, _value(row.marks[n].coverage), 12, "middle", GREY)


def _bar(canvas: Canvas, y: float, row: Place, colour: str, language: str) -> None:
    base, mark = y + BAR_HEIGHT - 3, row.mark
    canvas.text(MARGIN + 20, base, str(row.place or ""), 13, "end", GREY)
    canvas.text(MARGIN + 30, base, shortened(row.name, NAMED_LETTERS), 13)
    if mark.value is not None:
        told = f"{row.name} {_percent(mark)} {_sample(mark)}".rstrip()
        canvas.bar((BAR_LEFT, y), _length(mark.value) - BAR_LEFT, BAR_HEIGHT, colour, told)
    canvas.text(BAR_RIGHT + 80, base, _percent(mark), 13, "end")
    canvas.text(BAR_RIGHT + 135, base, "" if row.change is None else f"{row.change:+.2f}", 12, "end", GREY)
    canvas.text(BAR_RIGHT + 145, base, _sample(mark), 12, colour=GREY)
    if mark.coverage is not None:
        said = rate_name(COVERAGE, language)
        canvas.text(WIDTH - MARGIN, base, f"{said} {_value(mark.coverage)} %", 12, "end", GREY)


def _written(spans: int) -> range:
    """Which spans have their numbers written out: as many as there is place for, evenly, from the first on."""
    return range(0, spans, -(-spans // COLUMNS))


def _height(percent: float) -> float:
    return TOP + HEIGHT * (1 - percent / 100)


def _length(percent: float) -> float:
    return BAR_LEFT + (BAR_RIGHT - BAR_LEFT) * percent / 100


def _value(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


def _percent(mark: Mark) -> str:
    return NOTHING if mark.value is None else f"{mark.value:.2f} %"


def _sample(mark: Mark) -> str:
    return "" if mark.sample is None else f"n={mark.sample}"
