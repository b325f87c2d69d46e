"""Sample data for looking at a template: all there is to say, and as little as there may be; all of it made up."""

from collections.abc import Mapping
from typing import Any

from notify.templates.asked import variables

SAMPLES = ("full", "least")
"""With every variable, and with only those that are always there."""

NAMES: Mapping[str, str] = {
    "360704100002001": "高新社区第一网格（东源胜景片）",
    "c-dongyuan": "东源胜景小区",
    "u-lighting": "路灯管理所",
    "u-community": "高新社区居委会",
}

FULL: Mapping[str, Any] = {
    "number": "360704-20260312-7K3F9Q",
    "lines": "已立案 360704-20260312-7K3F9Q\n您反映的问题“路灯不亮/闪烁”已立案。",
    "messages": 2,
    "category": "0101",
    "grid_code": "360704100002001",
    "compound_id": "c-dongyuan",
    "unit_ids": ["u-lighting", "u-community"],
    "respond_due": "2026-03-12T13:40:00Z",
    "resolve_due": "2026-03-17T10:00:00Z",
    "accept_due": "2026-03-12T12:40:00Z",
    "review_on": "2026-04-01",
    "rate_until": "2026-03-20T11:10:00Z",
    "target_number": "360704-20260312-9Q7K3F",
    "reports": 2,
    "repeat": 3,
    "reason": "weather",
    "office_decides": True,
    "asks_next": True,
    "unassigned": True,
    "solved": "yes",
    "satisfaction": 4,
    "subscription_id": "01999f3e-0000-7000-8000-000000000001",
    "disabled_reason": "gone",
    "step": "inspect",
    "callback": "visit",
    "unreached": "own_case",
    "due_on_site": "2026-03-12T07:00:00Z",
    "score": 4,
    "slip": "BD-360704100007-2026-000001",
    "period": "2025",
    "object_until": "2026-01-12T10:00:00Z",
    "registration_reason": "moved",
    "activity": "周四服务日",
    "day": "2026-03-12",
    "star": 1,
    "hours": 100,
    "begins": "2026-03-19T01:00:00Z",
    "ends": "2026-03-19T03:00:00Z",
    "code": "123456",
    "expires_at": "2026-03-12T11:45:00Z",
    "session": "forum",
    "held_at": "2026-03-12T07:00:00Z",
    "cases": 3,
    "needs": 2,
    "calls": 1,
    "call": "湖边堤坝渗水，请带铁锹到西门集合。",
    "call_reason": "暴雨红色预警，改期再约。",
    "emergency": True,
    "week_waiting": 2,
    "week_problem": 7,
    "week_unassigned": 1,
    "week_overdue": 1,
    "week_completion": 12,
    "week_left": 3,
    "sign_in_change": "password",
    "changed_at": "2026-03-12T11:46:00Z",
}

ALWAYS = frozenset(
    {
        "number",
        "call",
        "call_reason",
        "period",
        "week_waiting",
        "week_problem",
        "week_unassigned",
        "week_overdue",
        "week_completion",
        "week_left",
        "lines",
        "messages",
        "activity",
        "star",
        "hours",
        "begins",
        "ends",
        "rate_until",
        "subscription_id",
        "disabled_reason",
        "code",
        "expires_at",
        "sign_in_change",
        "changed_at",
    }
)
"""What no event leaves out whose messages say it."""


def sample(template: str, name: str) -> dict[str, Any]:
    """The facts of the sample (one of SAMPLES) for a template; where a message is passed on, there is one."""
    facts = {each: FULL[each] for each in FULL if name == "full" or each in ALWAYS}
    return facts | ({"passes_on": "registered"} if "message" in variables(template) else {})
