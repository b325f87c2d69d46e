"""What cases answers about requests and services, as the gateway's tests have it."""

from typing import Any

LAMP = {
    "code": "0101",
    "name": {"zh": "路灯不亮/闪烁", "en": "Street lamp out or flickering"},
    "group": {"zh": "公用设施", "en": "PUBLIC_FACILITY"},
    "respond": {"count": 2, "unit": "h"},
    "resolve": {"count": 3, "unit": "wd"},
    "physical": True,
    "weighs_on": ["elderly", "child", "disabled"],
}

REQUEST: dict[str, Any] = {
    "number": "360704-20260312-7K3F9Q",
    "status": "DISPATCHED",
    "open": True,
    "code": "0101",
    "name": {"zh": "路灯不亮/闪烁", "en": "Street lamp out or flickering"},
    "text": "3栋旁 <路灯> 不亮",
    "units": ["区路灯管理所"],
    "people": True,
    "requested_at": "2026-03-11T16:00:00Z",
    "updated_at": "2026-03-11T16:00:00Z",
    "expected_at": None,
    "community": "高新社区",
    "compound_id": "c-dongyuan",
    "compound": "东源胜景小区",
    "point": {"lon": 115.0058, "lat": 25.8672},
    "media": [],
    "history": [{"act": "report", "at": "2026-03-11T16:00:00Z"}],
}
