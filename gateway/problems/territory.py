"""What members refuses of the territory, and what it finds wrong with what is drawn on the map."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

FILE = ("请更正文件后整份重新提交。", "Mend the file and send all of it again.")


def _fault(zh: str, en: str) -> Problem:
    return row(422, (zh, en), FILE)


def _held(zh: str, en: str) -> Problem:
    return row(409, (zh, en), ("处理后再关闭网格。", "Close the grid when that is done."))


TERRITORY: Mapping[str, Problem] = {
    "map_not_valid": row(
        422,
        ("网格边界有误，未作任何更改", "The map is not valid; nothing was changed"),
        (
            "请按 errors 逐项更正后整份重新提交。",
            "Mend what errors points at, and send all of it again.",
        ),
    ),
    "map_not_found": row(404, ("本区尚无网格", "Nothing is drawn of the district yet"), CHECK_ID),
    "area_not_found": row(404, ("没有找到该区域", "No such area"), CHECK_ID),
    "area_code_taken": row(409, ("区域编码已被占用", "The code of the area is taken"), CHECK_ID),
    "building_not_found": row(404, ("没有找到该楼栋", "No such building"), CHECK_ID),
    "building_number_taken": row(
        409,
        ("该小区已有此楼栋号", "A building of the compound has this number"),
        ("请核对楼栋号。", "Check the number of the building."),
    ),
    "too_many_buildings": row(
        409, ("该小区楼栋过多", "The compound has too many buildings"), ("请核对小区。", "Check the compound.")
    ),
    "redrawing_not_found": row(404, ("没有找到该网格调整计划", "No such redrawing"), CHECK_ID),
    "redrawing_over": row(
        409,
        ("该网格调整已执行或已取消", "The redrawing was carried out or called off"),
        ("如需更改，请另订新的调整计划。", "Plan another one to change the map."),
    ),
    "grid_not_empty": row(
        409,
        ("网格内尚有登记内容，未关闭", "Something is still in the grid; it was not closed"),
        (
            "请按 errors 逐项移出或终止后再关闭；如由新网格接替，请改用网格调整。",
            "Move or end what errors names, then close it again; where new grids follow, plan a redrawing.",
        ),
    ),
    "closing_too_early": _held(
        "关闭时间不得早于启用时间或现在", "A grid closes neither before it was opened nor in the past"
    ),
    "grid_holds_compounds": _held(
        "尚有小区：请更正其位置，仍在此处的请改用网格调整",
        "There are compounds in it: correct where they lie, or plan a redrawing that gives them a grid",
    ),
    "grid_holds_posts": _held("尚有岗位在任：请先终止", "There are posts on it: end them"),
    "grid_holds_roles": _held("尚有人员的角色以本网格为范围：请先撤销", "People hold roles for it alone: revoke them"),
    "grid_holds_workers": _held(
        "尚有新就业群体归属本网格：请先改归其他网格", "Workers belong to it: enter where else they belong"
    ),
    "grid_holds_units": _held("尚有单位联系本网格：请先解除联系", "Units are tied to it: untie them"),
    "grid_holds_venues": _held("尚有场所：请先关闭或另行登记", "There are venues in it: close them"),
    "grid_holds_activities": _held("尚有将举行的活动：请先取消", "Activities take place in it: call them off"),
    "grid_holds_series": _held("尚有系列活动：请先终止", "Series have days to come in it: end them"),
    "grid_holds_seats": _held("网格党小组尚有成员：请先办理离任", "People sit in its party group: end their seats"),
    "grid_holds_grids": _held("尚有下级网格：请先关闭或调整", "Grids lie in it: close or redraw them"),
    "grid_holds_redrawings": _held("已列入网格调整计划：请先取消计划", "A redrawing closes it: call that off"),
    "map_without_features": _fault("文件中没有任何要素", "There are no features in it"),
    "too_many_features": _fault("要素过多，请分批提交", "Too many features: send them in parts"),
    "map_too_crowded": _fault(
        "过多网格彼此重叠或紧邻，请检查坐标或分批提交",
        "Too many grids lie on or beside one another: check the coordinates, or send them in parts",
    ),
    "too_many_vertices": _fault("坐标点过多，请分批提交或简化边界", "Too many vertices: send parts, or simplify"),
    "map_too_wide": _fault("范围过大，请核对坐标", "The map is too wide: check the coordinates"),
    "not_a_feature": _fault("不是 GeoJSON 要素", "Not a GeoJSON feature"),
    "properties_missing": _fault("缺少属性 properties", "It has no properties"),
    "grid_code_malformed": _fault("网格编码不是 15 位数字", "The grid code is not 15 digits"),
    "grid_code_twice": _fault("网格编码在文件中重复", "The grid code stands twice in the file"),
    "grid_code_taken": _fault("网格编码已被占用", "The grid code is taken"),
    "another_district": _fault("与文件中其他网格不属同一县区", "Not of the same district as the rest of the file"),
    "name_missing": _fault("名称缺失或无法辨认", "The name is missing or cannot be read"),
    "unknown_level": _fault("网格层级有误", "There is no such level"),
    "population_malformed": _fault("人口不是合理的整数", "The population is not a whole number that can be"),
    "community_malformed": _fault("社区名称不是文字", "The name of the community is no text"),
    "unknown_community": row(
        422,
        ("编码所示社区未登记或此时未设", "The community of the code is not registered then"),
        ("请核对社区编码。", "Check the code of the community."),
    ),
    "another_community": _fault("社区名称与编码不符", "The community's name is not that of the code"),
    "parent_malformed": _fault("上级网格编码不是 15 位数字", "The parent's code is not 15 digits"),
    "parent_missing": _fault("缺少上级网格", "It needs a parent grid"),
    "parent_not_wanted": _fault("该层级网格没有上级网格", "A grid of this level has no parent grid"),
    "unknown_parent": _fault("没有这个上级网格", "There is no such parent grid"),
    "parent_does_not_hold_it": _fault(
        "上级网格层级不符或未包含本网格", "Its parent is of another level or does not hold it"
    ),
    "not_a_polygon": _fault("不是单个多边形", "Not a single polygon"),
    "not_an_outline": _fault("不是多边形或多个多边形", "Neither a polygon nor several of them"),
    "too_many_parts": _fault("范围的块数过多", "The outline has too many parts"),
    "parts_overlap": _fault("范围的各块互相重叠", "Parts of the outline overlap"),
    "polygon_with_holes": _fault("多边形不得有空洞", "The polygon has a hole"),
    "ring_not_closed": _fault("边界未闭合", "The ring is not closed"),
    "ring_too_short": _fault("边界的点不足", "The ring has too few points"),
    "ring_crosses_itself": _fault("边界自相交", "The ring crosses or touches itself"),
    "coordinate_malformed": _fault("坐标不是数字", "Not a pair of numbers"),
    "coordinate_out_of_range": _fault("坐标不在中国范围内", "The point does not lie in China"),
    "coordinates_swapped": _fault("经纬度颠倒，应先经度后纬度", "Longitude comes first, then latitude"),
    "ring_too_narrow": _fault("边界过于狭长", "The ring is so narrow that on the globe it crosses itself"),
    "edge_too_long": _fault("边界线段过长，请加密坐标点", "An edge is too long: add points along it"),
    "grid_overlaps": _fault("与其他网格重叠", "It overlaps other grids"),
    "redrawing_too_early": _fault("调整日期须在将来", "The date of a redrawing lies in the future"),
    "redrawing_covers_other_land": _fault("新网格与原网格范围不一致", "New and old grids do not cover the same land"),
    "redrawing_cuts_grids": _fault("新边界切分了下级网格", "New borders cut through grids below the old ones"),
    "grid_redrawn_already": _fault("该网格已列入其他调整计划", "Another redrawing closes this grid"),
    "another_level": _fault("与原网格层级不同", "Not of the level of the old grids"),
    "several_levels": _fault("所列原网格层级不一", "The old grids are not of one level"),
}
