"""What cases refuses about fixed assets."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

ASSETS: Mapping[str, Problem] = {
    "asset_not_found": row(404, ("没有找到该部件", "No such asset"), CHECK_ID),
    "unknown_asset": row(
        422,
        ("本区没有这个部件", "There is no such asset in this district"),
        ("请在 asset_id 填写本区已登记的部件，或不填。", "Name an asset of the district in asset_id, or leave it out."),
    ),
    "nothing_changed": row(
        422,
        ("没有任何变更", "Nothing was changed"),
        ("请填写与现有内容不同的字段。", "Give something that differs from what is registered."),
    ),
    "asset_retired": row(
        409,
        ("该部件已停用", "The asset is out of use"),
        ("请在 asset_id 另填在用的部件，或不填。", "Name one that is in use in asset_id, or leave it out."),
    ),
    "asset_number_taken": row(
        409,
        ("本区已有同号部件", "The number is taken in this district"),
        ("请核对部件编号 number。", "Check the number on its plate."),
    ),
    "component_code_taken": row(
        409,
        ("该部件代码已登记", "The component code is taken"),
        ("请核对 16 位部件代码 code。", "Check the code of 16 digits."),
    ),
    "unknown_component": row(
        422,
        ("没有这种部件类别", "There is no such kind of component"),
        (
            "kind 为大类加小类共 4 位，大类为 {majors}。",
            "kind is major and minor, four digits; the majors are {majors}.",
        ),
    ),
    "component_code_mismatch": row(
        422,
        ("部件代码与区划或类别不符", "The component code belongs to another district or kind"),
        ("code 应以 {begins} 开头。", "Let code begin with {begins}."),
    ),
}
