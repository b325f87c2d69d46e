"""Indicators as tables that people print: a line for each part, and the cases of a number."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from gateway.problems import Text, phrase
from gateway.sheets import ledger as ledger_sheets
from gateway.sheets.spreadsheet import Cell, Sheet
from gateway.sheets.table import Column, Line, Reader, noted, period, table

COUNTS: Mapping[str, Text] = {
    "reported": Text("上报", "Reported"),
    "registered": Text("立案", "Registered"),
    "extended": Text("延期", "Extended"),
    "dispatched": Text("派遣", "Dispatched"),
    "not_returned": Text("未退回", "Not handed back"),
    "found_on_patrol": Text("巡查发现", "Found on patrol"),
    "found_by_others": Text("他人发现", "Found by others"),
    "due": Text("应结案", "Due"),
    "running": Text("应结案（不含挂账）", "Due, not suspended"),
    "due_closed": Text("应结案中已结案", "Closed of the due"),
    "in_time": Text("按期结案", "Closed in time"),
    "late": Text("超期结案", "Closed late"),
    "handled": Text("已处置", "Handled"),
    "handled_in_time": Text("按期处置", "Handled in time"),
    "fed_back": Text("有处置反馈", "With feedback"),
    "reworked": Text("返工", "Reworked"),
    "urgent": Text("紧急问题应结案", "Urgent, due"),
    "urgent_closed": Text("紧急问题已结案", "Urgent, closed"),
    "closed": Text("结案", "Closed"),
    "answered_directly": Text("直接答复", "Answered directly"),
    "excluded": Text("剔除", "Excluded"),
    "excluded_duplicate": Text("剔除：重复反映", "Excluded: reported already"),
    "excluded_withdrawn": Text("剔除：反映人撤回", "Excluded: taken back by the reporter"),
    "excluded_malicious": Text("剔除：恶意反映", "Excluded: malicious"),
    "excluded_out_of_jurisdiction": Text("剔除：不属本区管辖", "Excluded: outside the district's duties"),
    "excluded_unreasonable": Text("剔除：诉求不合理", "Excluded: unreasonable"),
    "excluded_answered_directly": Text("剔除：直接答复", "Excluded: answered at once"),
    "concluded": Text("纳入评价（A）", "Concluded (A)"),
    "responded": Text("按时响应", "Responded in time"),
    "answered": Text("有效回访（V）", "Valid answers (V)"),
    "solved": Text("已解决", "Solved"),
    "partly": Text("部分解决", "Partly solved"),
    "satisfied": Text("满意", "Satisfied"),
    "settled": Text("调解成功", "Settled"),
    "settled_grid": Text("网格化解", "Settled at the grid"),
    "settled_community": Text("社区及以下化解", "Settled up to the community"),
    "settled_agency": Text("城市社区及以下化解", "Settled up to the agency"),
    "settled_district": Text("区及以下化解", "Settled up to the district"),
    "left": Text("不立案、合并或撤回", "Refused, merged or withdrawn"),
    "overdue": Text("超期", "Overdue"),
    "missed": Text("漏报", "Missed on patrol"),
    "found": Text("巡查网格内发现", "Found in patrolled grids"),
}
RATES: Mapping[str, Text] = {
    "registration": Text("立案率 %", "Registration %"),
    "extension": Text("延期率 %", "Extension %"),
    "right_dispatch": Text("准确派遣率 %", "Right dispatch %"),
    "missed": Text("漏报率 %", "Missed %"),
    "closure": Text("结案率 %", "Closure %"),
    "on_time": Text("按期结案率 %", "On-time closure %"),
    "closure_running": Text("结案率（不含挂账）%", "Closure without suspended %"),
    "on_time_running": Text("按期结案率（不含挂账）%", "On-time closure without suspended %"),
    "handling": Text("处置率 %", "Handling %"),
    "handling_on_time": Text("按期处置率 %", "On-time handling %"),
    "rework": Text("返工率 %", "Rework %"),
    "overdue": Text("超期率 %", "Overdue %"),
    "urgent_closure": Text("紧急问题结案率 %", "Urgent closure %"),
    "response": Text("响应率 %", "Response %"),
    "resolution": Text("解决率 %", "Resolution %"),
    "satisfaction": Text("满意率 %", "Satisfaction %"),
    "coverage": Text("回访覆盖率 %", "Callback coverage %"),
    "composite": Text("综合得分", "Composite"),
    "local_grid": Text("网格化解率 %", "Settled at the grid %"),
    "local_community": Text("社区及以下化解率 %", "Settled up to the community %"),
    "local_agency": Text("城市社区及以下化解率 %", "Settled up to the agency %"),
    "local_district": Text("区及以下化解率 %", "Settled up to the district %"),
}
FIGURES = Text("指标", "Indicators")
CASES = Text("案件明细", "Cases")
RANKING = Text("排名", "Ranking")
RANK = Text("名次", "Rank")
CHANGE = Text("较上期（百分点）", "Change, in percentage points")
RANKED_BY = Text("排名依据", "Ranked by")
BEFORE = Text("上期", "The period before")
ABOUT = Text("说明", "About")
OF = Text("对象", "Of")
TOTAL = Text("合计", "Total")
PEOPLE = Text("无承办单位", "People without a unit")
NOTHING = "–"
"""What stands where there is nothing to divide by (docs/domain.md §2.4)."""

NUMBER = Text("数量", "Number")
PERIOD = Text("统计区间", "Period")
OTHER_VERSION = Text("另一评分版本", "By another version of the scoring")
ASKED = Text("查询时间", "Time of the query")
COUNTED = Text("统计截至", "Counted until")
WEIGHTS: Mapping[str, Text] = {
    "response": Text("响应率权重", "Weight of response"),
    "resolution": Text("解决率权重", "Weight of resolution"),
    "satisfaction": Text("满意率权重", "Weight of satisfaction"),
    "partly": Text("部分解决折算", "What partly solved counts"),
    "version": Text("评分规则版本", "Version of the scoring"),
}


def _left_out(zh: str, en: str, cell: Callable[[Line, Reader], Cell]) -> Column:
    """A column that is blank for a case which is not left out."""
    return Column(Text(zh, en), lambda line, reader: cell(line["exclusion"], reader) if line["exclusion"] else None)


LEFT_OUT = (
    _left_out("剔除事由", "Left out for", lambda left_out, reader: phrase(_text(left_out["reason"]), reader.language)),
    _left_out("剔除申请人", "Proposed by", lambda left_out, reader: reader.name(left_out["proposed_by"])),
    _left_out("剔除批准人", "Approved by", lambda left_out, reader: reader.name(left_out["decided_by"])),
    _left_out("批准剔除时间", "Approved", lambda left_out, _: datetime.fromisoformat(left_out["decided_at"])),
)
"""Who answers for it that a case does not count for the three rates (docs/domain.md §2.4)."""


def figures(board: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of a board of indicators: its parts, then the whole."""
    parts = [{**part, "title": _title(board, part["of"])} for part in board["parts"]]
    return [*parts, {**board["total"], "of": None, "title": None}]


def listed(_: str, lines: Sequence[Line], reader: Reader) -> Sheet:
    """The parts and the whole, each with its counts and rates; of the public set only the columns that it has."""
    told = lines[0]
    counts = [_figure("counts", name, text) for name, text in COUNTS.items() if name in told["counts"]]
    rates = [_figure("rates", name, text) for name, text in RATES.items() if name in told["rates"]]
    return table(FIGURES, (Column(OF, _of), *counts, *rates), lines, reader)


def ranked(board: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of a ranking, each with the rate that it is ranked by."""
    return [{**place, "title": _title(board, place["of"]), "rate": board["rate"]} for place in board["items"]]


def places(_: str, lines: Sequence[Line], reader: Reader) -> Sheet:
    """Who has which rank, by what, with what coverage; then the other counts and rates."""
    rate = lines[0]["rate"] if lines else None
    head = RATES[rate] if rate else RANKED_BY
    ahead = (
        Column(RANK, _known("rank")),
        Column(OF, _of),
        Column(head, _known("value")),
        Column(CHANGE, _known("change")),
        Column(RATES["coverage"], _known("coverage")),
    )
    told = lines[0] if lines else {"counts": (), "rates": ()}
    counts = [_figure("counts", name, text) for name, text in COUNTS.items() if name in told["counts"]]
    rates = [
        _figure("rates", name, text)
        for name, text in RATES.items()
        if name in told["rates"] and name not in {rate, "coverage"}
    ]
    return table(RANKING, (*ahead, *counts, *rates), lines, reader)


def audited(_: str, lines: Iterable[Line], reader: Reader) -> Sheet:
    """The cases of a number, and of those that are left out of the rates for what and by whom."""
    return table(CASES, (*ledger_sheets.COLUMNS["completion"], *LEFT_OUT), lines, reader)


def said_of_them(board: Mapping[str, Any], reader: Reader) -> Sheet:
    """What is counted, for which days, when it was asked, and how the composite is weighed."""
    said: list[list[Cell]] = []
    if "count" in board:
        said.append([phrase(NUMBER, reader.language), phrase(COUNTS[board["count"]], reader.language), board["number"]])
    said.append([phrase(PERIOD, reader.language), *period(board)])
    for text, name in ((ASKED, "asked_at"), (COUNTED, "counted_until")):
        said.append([phrase(text, reader.language), datetime.fromisoformat(board[name])])
    if "scoring" in board:
        said += [[phrase(text, reader.language), board["scoring"][name]] for name, text in WEIGHTS.items()]
    if "count" in board:
        unlisted = [Text(each["zh"], each["en"]) for each in board["unlisted"]]
        said += noted([*unlisted, *ledger_sheets.WITHHELD], reader)
    said += [
        [phrase(OTHER_VERSION, reader.language), first, last, scoring["version"]]
        for first, last, scoring in other_versions(board)
    ]
    return Sheet(phrase(ABOUT, reader.language), [phrase(ABOUT, reader.language), "", ""], said)


def other_versions(board: Mapping[str, Any]) -> list[tuple[str, str, Mapping[str, Any]]]:
    """`(first, last, scoring)` of the days or months that are made by another version than the whole."""
    spans: dict[str, list[Mapping[str, Any]]] = {}
    for part in board.get("parts", ()):
        if "scoring" in part:
            spans.setdefault(part["scoring"]["version"], []).append(part)
    return [(found[0]["of"], found[-1]["of"], found[0]["scoring"]) for found in spans.values()]


def said_of_ranking(board: Mapping[str, Any], reader: Reader) -> Sheet:
    """By what is ranked, against which days, and what is said of every board."""
    sheet = said_of_them(board, reader)
    before = board["before"]
    ahead: list[list[Cell]] = [
        [phrase(RANKED_BY, reader.language), phrase(RATES[board["rate"]], reader.language)],
        [phrase(BEFORE, reader.language), before["from"], before["to"]],
    ]
    return replace(sheet, rows=[*ahead, *sheet.rows])


def _text(worded: Mapping[str, str]) -> Text:
    return Text(worded["zh"], worded["en"])


def _known(field: str) -> Callable[[Line, Reader], Cell]:
    def cell(line: Line, _: Reader) -> Cell:
        value: Cell = line[field]
        return NOTHING if value is None else value

    return cell


def _figure(which: str, name: str, text: Text) -> Column:
    def cell(line: Line, _: Reader) -> Cell:
        value: Cell = line[which][name]
        return NOTHING if value is None else value

    return Column(text, cell)


def _title(board: Mapping[str, Any], code: str) -> Mapping[str, str] | None:
    if board["by"] == "unit" and not code:
        return {"zh": PEOPLE.zh, "en": PEOPLE.en}
    titles: Mapping[str, str] | None = board["categories"].get(code)
    return titles


def _of(line: Line, reader: Reader) -> Cell:
    if line["of"] is None:
        return phrase(TOTAL, reader.language)
    return phrase(Text(**line["title"]), reader.language) if line["title"] else reader.name(line["of"])
