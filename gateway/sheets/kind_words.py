"""What the kinds of messages are called on pages for their readers."""

from collections.abc import Mapping

from gateway.problems import Text

KIND_WORDS: Mapping[str, Text] = {
    "own_case": Text("您上报案件的办理情况", "what becomes of your reports"),
    "task": Text("派给您的任务", "tasks given to you"),
    "desk": Text("需要处理的案件提醒", "cases that wait for a decision"),
    "activity": Text("活动与报名", "activities and sign-ups"),
    "volunteering": Text("志愿时长、星级和证书", "volunteer hours, stars and certificates"),
    "match_list": Text("需求与资源对接", "demands and resources"),
    "registration": Text("双报到与评价", "registrations and evaluations"),
    "session": Text("接访结果", "results of intake sessions"),
    "summons": Text("吹哨报到", "summons to the spot"),
    "call": Text("行动号召", "calls to action"),
    "week": Text("网格一周汇总", "the weekly digest of your grids"),
    "partner": Text("事件推送", "deliveries to your unit's systems"),
    "sign_in": Text("您的登录方式变动", "changes of what you sign in by"),
}
"""Kinds by which people choose what they are told outside the inbox (docs/domain.md §2.2)."""
