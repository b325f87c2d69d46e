"""What is refused of intake sessions."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

INTAKE_SESSIONS: Mapping[str, Problem] = {
    "session_not_found": row(404, ("没有找到该次走访座谈", "No such intake session"), CHECK_ID),
    "session_not_held_yet": row(
        422,
        ("该次活动尚未举行", "It has not been held yet"),
        ("held_at 须早于现在。", "Name a time in held_at that is over."),
    ),
    "session_too_long_ago": row(
        422,
        ("该次活动过去太久", "It was held too long ago"),
        ("只能补录 {days} 天内的活动。", "Only what was held within {days} days can be typed in."),
    ),
    "items_refused": row(
        422,
        ("有条目未通过检查，全部未录入", "Some items are not right; nothing was kept"),
        ("请按 errors 逐条更正后整份重新提交。", "Correct what errors names and send all of it again."),
    ),
    "external_number_twice": row(
        422,
        ("同一外部编号出现多次", "The same external number occurs more than once"),
        ("每个编号只保留一行。", "Keep one line for each number."),
    ),
    "compound_ambiguous": row(
        422,
        ("该区域有同名小区", "Several compounds have this name"),
        ("请改用小区编号。", "Name it by its id: see details.compound_ids."),
    ),
    "outside_session_area": row(
        422,
        ("位置不在该次活动的区域内", "The place lies outside the area of the session"),
        ("请更正位置，或为该区域另建一次活动。", "Correct the place, or keep it with a session of that area."),
    ),
    "place_missing": row(
        422,
        ("缺少位置", "The place is missing"),
        ("请填写网格、小区或坐标。", "Name a grid, a compound or a point."),
    ),
}
