"""What is refused of a spreadsheet before it is known what stands in it."""

from collections.abc import Mapping

from gateway.problems.problem import Problem, row

SHEETS: Mapping[str, Problem] = {
    "sheet_not_readable": row(
        422,
        ("无法读取表格", "The spreadsheet cannot be read"),
        ("请另存为 XLSX 或 UTF-8 的 CSV 后重新上传。", "Save it as XLSX, or as CSV in UTF-8, and send it again."),
    ),
    "sheet_empty": row(
        422,
        ("表格没有内容", "There is nothing in the spreadsheet"),
        ("第一行为表头，其下至少一行。", "The first line holds the headings; below it stands at least one."),
    ),
    "sheet_too_long": row(
        422,
        ("表格行数过多", "The spreadsheet is too long"),
        ("请拆成每份不超过 {most} 行。", "Split it: {most} lines at the most."),
    ),
    "unknown_sheet_column": row(
        422,
        ("有不认识的列", "There are columns that are not known"),
        (
            "请将表头 {columns} 改为 details.known 之一，或删去该列。",
            "Rename the headings {columns} to those in details.known, or take these columns out.",
        ),
    ),
    "sheet_column_twice": row(
        422,
        ("同一列出现多次", "A column occurs twice"),
        ("请只保留一列。", "Keep one of them."),
    ),
    "sheet_column_missing": row(
        422,
        ("缺少必需的列", "A column is missing"),
        ("请加上 {column} 列。", "Add the column {column}, or {field}."),
    ),
}
