"""The ledger as tables that people print: which columns each list has, and what their codes mean in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gateway.problems import Text, phrase
from gateway.sheets.spreadsheet import Cell, Sheet
from gateway.sheets.table import (
    Column,
    Line,
    Reader,
    category,
    coded,
    moment,
    named,
    noted,
    period,
    several,
    table,
    word,
    written,
)

STATUSES: Mapping[str, Text] = {
    "REPORTED": Text("已上报", "Reported"),
    "VERIFYING": Text("核实中", "Being verified"),
    "REGISTERED": Text("已立案", "Registered"),
    "DISPATCHED": Text("已派单", "Dispatched"),
    "ACCEPTED": Text("已接单", "Accepted"),
    "IN_PROGRESS": Text("处置中", "In progress"),
    "SUSPENDED": Text("挂账", "Suspended"),
    "RESOLVED": Text("待核查", "To be inspected"),
    "REOPENED": Text("重新办理", "Reopened"),
    "CLOSED": Text("已结案", "Closed"),
    "REJECTED": Text("不予立案", "Rejected"),
    "MERGED": Text("已合并", "Merged"),
    "WITHDRAWN": Text("已撤回", "Withdrawn"),
}
SEVERITIES: Mapping[str, Text] = {
    "E": Text("紧急", "Emergency"),
    "U": Text("急", "Urgent"),
    "N": Text("一般", "Normal"),
    "L": Text("较轻", "Low"),
}
SOLVED: Mapping[str, Text] = {
    "yes": Text("已解决", "Solved"),
    "partly": Text("部分解决", "Partly"),
    "no": Text("未解决", "Not solved"),
}
SATISFACTION: Mapping[str, Text] = {
    "1": Text("不满意", "Dissatisfied"),
    "2": Text("不太满意", "Rather dissatisfied"),
    "3": Text("基本满意", "Basically satisfied"),
    "4": Text("满意", "Satisfied"),
}
TRUTH: Mapping[str, Text] = {"True": Text("是", "Yes"), "False": Text("否", "No")}

NAMES: Mapping[str, Text] = {
    "problem": Text("问题清单", "Problems"),
    "responsibility": Text("责任清单", "Responsibility"),
    "completion": Text("办结清单", "Completion"),
    "sums": Text("汇总", "Sums"),
}

HEAD = (
    coded("number", "编号", "Number"),
    word("status", "状态", "Status", STATUSES),
    Column(Text("类别", "Category"), category),
    word("severity", "紧急程度", "Urgency", SEVERITIES),
    named("grid_code", "网格", "Grid"),
    named("compound_id", "小区", "Compound"),
    written("text", "反映内容", "What was reported"),
    moment("reported_at", "上报时间", "Reported"),
    moment("resolve_due", "办理时限", "Due"),
    word("overdue", "是否超期", "Overdue", TRUTH),
)
ANSWERING = (
    several("units", "责任单位", "Units"),
    several("people", "责任人", "People"),
    named("lead", "牵头", "Lead"),
)
DONE = (
    moment("closed_at", "结案时间", "Closed"),
    word("in_time", "按期", "In time", TRUTH),
    coded("evidence", "佐证照片", "Photos"),
    word("solved", "是否解决", "Solved", SOLVED),
    word("satisfaction", "满意度", "Satisfaction", SATISFACTION),
)
COLUMNS: Mapping[str, Sequence[Column]] = {
    "problem": HEAD,
    "responsibility": (*HEAD, *ANSWERING),
    "completion": (*HEAD, *ANSWERING, *DONE),
}
SUMS: Mapping[str, Text] = {
    "waiting": Text("待立案", "Waiting"),
    "problem": Text("问题", "Problems"),
    "unassigned": Text("其中无人承办", "Of these with nobody"),
    "overdue": Text("其中超期", "Of these overdue"),
    "completion": Text("办结", "Done"),
    "left": Text("不予立案、合并、撤回", "Rejected, merged, withdrawn"),
}
AREA = Text("区域", "Area")
TOTAL = Text("合计", "Total")
PERIOD = Text("统计区间", "Period")
WITHHELD = (
    Text(
        "敏感类别的案件，只向有权查看的人员列出小区、反映内容、责任单位和责任人，其他人员的文件中留空",
        "Of sensitive cases the compound, what was reported, units and people are left blank for readers who see an "
        "outline of them.",
    ),
    Text(
        "责任人只向承办、派单和核查人员列出，其他人员的文件中留空；留空不表示无人负责",
        "People are left blank for readers who do not work with them; a blank does not say that nobody answers.",
    ),
)
"""What lists keep back from whom (docs/domain.md §5); it is said in every file, whether or not anything is."""


def listed(name: str, lines: Iterable[Line], reader: Reader) -> Sheet:
    """One of the three lists."""
    return table(NAMES[name], COLUMNS[name], lines, reader)


def summed(ledger: Mapping[str, Any], reader: Reader) -> Sheet:
    """The sums of an area and of its parts, and the period in which what ended counts."""
    heads = [phrase(text, reader.language) for text in (AREA, *SUMS.values())]
    parts = [[reader.name(part["area"]), *(part[name] for name in SUMS)] for part in ledger["parts"]]
    total = [phrase(TOTAL, reader.language), *(ledger["totals"][name] for name in SUMS)]
    dates: list[Cell] = [phrase(PERIOD, reader.language), *period(ledger)]
    return Sheet(phrase(NAMES["sums"], reader.language), heads, [*parts, total, dates, *noted(WITHHELD, reader)])
