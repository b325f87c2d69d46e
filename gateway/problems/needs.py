"""What members refuses about the census of workers, door-knock rounds and needs."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

NEEDS: Mapping[str, Problem] = {
    "worker_not_found": row(404, ("没有找到该劳动者", "No such worker"), CHECK_ID),
    "estimate_not_found": row(404, ("没有找到该估算", "No such estimate"), CHECK_ID),
    "need_not_found": row(404, ("没有找到该需求", "No such need"), CHECK_ID),
    "worker_known": row(
        409,
        ("该电话或账号已登记在册", "A worker with this phone or account is known already"),
        ("请在名册中查找后更新。", "Find the worker in the census, and change what is there."),
    ),
    "worker_unlinked": row(
        422,
        ("没有填写所属网格或驿站", "The worker belongs nowhere"),
        (
            "请填写 grid_code，或一个开放中的驿站的 station_id。",
            "Name a grid_code, or the station_id of an open rest station.",
        ),
    ),
    "unknown_station": row(
        422,
        ("没有这个驿站", "There is no such rest station"),
        ("请填写本区的驿站，或不填。", "Name a rest station of the district, or none."),
    ),
    "station_closed": row(
        422, ("该驿站已关闭", "The rest station is closed"), ("请改用开放中的驿站。", "Name one that is open.")
    ),
    "worker_left": row(
        409,
        ("该劳动者已登记离开", "The worker has left"),
        ("如已返回，请重新登记。", "Register whoever is back anew."),
    ),
    "round_not_found": row(404, ("没有找到该轮走访", "No such round"), CHECK_ID),
    "address_not_found": row(404, ("该轮走访中没有这个地址", "The round has no such address"), CHECK_ID),
    "note_not_found": row(
        404,
        ("没有这条备注，或已到期删除", "There is no such note, or it has been forgotten"),
        ("私密备注只保存一年。", "Private notes are kept for a year."),
    ),
    "round_closed": row(
        409,
        ("该轮走访已经结束", "The round is over"),
        ("请在新一轮走访中登记。", "Record it in the next round."),
    ),
    "visit_out_of_time": row(
        422,
        ("走访时间不在本轮走访期间", "The visit lies outside the time of the round"),
        ("请核对 at：不早于本轮开始，不晚于现在。", "Check at: not before the round was opened, nor in the future."),
    ),
}
