"""What is refused of a register that comes as a spreadsheet, and the faults of its lines."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

IMPORTS: Mapping[str, Problem] = {
    "import_not_found": row(404, ("没有找到该次导入", "No such import"), CHECK_ID),
    "lines_refused": row(
        422,
        ("表格有误，未导入任何一行", "There are faults in the lines; none was kept"),
        ("请按 errors 逐行更正后重新上传。", "Correct what errors names, line by line, and send the file again."),
    ),
    "impossible_date": row(
        422, ("没有这一天", "There is no such day"), ("请填写 2026-04-15 这样的日期。", "Write a day like 2026-04-15.")
    ),
    "credit_code_wrong": row(
        422,
        ("统一社会信用代码不正确", "Not a unified social credit code"),
        ("请核对 18 位代码及校验码（GB 32100）。", "Check the 18 characters (GB 32100)."),
    ),
    "credit_code_repeated": row(
        422,
        ("统一社会信用代码在表格中重复", "The credit code occurs twice in the file"),
        ("请保留一行。", "Keep one of the lines."),
    ),
    "phone_repeated": row(
        422,
        ("该手机号在表格中重复", "The phone occurs twice in the file"),
        ("请核对；一个手机号只能登记一人。", "Check it: one phone is one person's."),
    ),
}
