"""The trail over HTTP: which service is asked what, page by page, and what is refused before anybody is asked."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.unit.gateway.fakes import FakeServices, said

ROW: dict[str, Any] = {
    "id": "r-1",
    "day": "2026-03-12",
    "seq": 1,
    "at": "2026-03-12T11:40:00Z",
    "who": "p-desk",
    "role": "dispatcher",
    "act": "contact.revealed",
    "called": {"zh": "查看完整联系方式", "en": "A contact was shown in full"},
    "what": {"kind": "case", "id": "c-1"},
    "reason": "回访",
    "details": {},
    "request": None,
    "hash": "a" * 64,
}


@pytest.mark.parametrize("service", ["cases", "members", "notify"])
def test_the_service_that_is_named_is_asked(client: FlaskClient, services: FakeServices, service: str) -> None:
    services.outcomes[f"{service}.audit_trail"] = {"items": [ROW], "next": ["2026-03-12", 1]}
    query = {"service": service, "from": "2026-03-01", "to": "2026-03-31", "who": "p-desk", "limit": "1"}
    answer = client.get("/v1/audit-trail", query_string=query)
    assert answer.status_code == 200, answer.text
    assert [(row["act"], row["at"]) for row in said(answer)["items"]] == [
        ("contact.revealed", "2026-03-12T19:40:00+08:00")
    ]
    asked = {name: value for name, value in services.last.items() if name != "caller"}
    assert asked == {"first": "2026-03-01", "last": "2026-03-31", "who": "p-desk", "after": None, "limit": 1}
    client.get("/v1/audit-trail", query_string={**query, "after": said(answer)["next"]})
    assert services.last["after"] == ["2026-03-12", 1]
    assert "from=2026-03-01" in answer.headers["Link"]


@pytest.mark.parametrize("query", [{}, {"service": "gateway"}, {"service": "cases", "from": "yesterday"}], ids=str)
def test_what_is_no_trail_or_no_day_is_refused(client: FlaskClient, services: FakeServices, query: Any) -> None:
    answer = client.get("/v1/audit-trail", query_string=query)
    assert (answer.status_code, said(answer)["code"]) == (422, "invalid")
    assert services.calls == []
