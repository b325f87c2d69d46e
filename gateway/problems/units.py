"""What members refuses about units."""

from collections.abc import Mapping

from gateway.problems.problem import Problem, row

UNITS: Mapping[str, Problem] = {
    "credit_code_taken": row(
        409,
        ("统一社会信用代码已登记", "The credit code is taken"),
        ("请核对代码；如为同一单位，请更新原登记。", "Check the code; change the unit that has it if it is the same."),
    ),
    "unit_closed": row(
        409,
        ("该单位已注销", "The unit has closed"),
        ("请另选单位，或重新登记。", "Name another unit, or register it anew."),
    ),
    "not_a_property_company": row(
        422,
        ("该单位不是物业公司", "The unit is not a property company"),
        ("请填写本区的物业公司，或不填。", "Name a property company of the district, or none."),
    ),
    "unit_manages_compounds": row(
        409,
        ("该物业公司仍管理小区", "The company still manages compounds"),
        (
            "请先为 details.compound_ids 中的小区更换或取消物业公司。",
            "First give the compounds in details.compound_ids to another company, or to none.",
        ),
    ),
    "grids_follow_compounds": row(
        422,
        ("物业公司的网格由所管小区决定", "The grids of a property company follow its compounds"),
        ("请不要填写网格，改在小区上指定物业公司。", "Leave the grids out, and name the company at its compounds."),
    ),
}
