"""The own copy over HTTP: what each service keeps, as one."""

from typing import Any

from flask.testing import FlaskClient

from tests.unit.gateway.fakes import FakeServices, said


def row(id: str, at: str) -> dict[str, Any]:
    return {"id": id, "at": at, "act": "contact.revealed"}


def test_the_trails_of_all_services_are_one_with_the_newest_first(client: FlaskClient, services: FakeServices) -> None:
    members = [row("m-2", "2026-03-12T04:00:00Z"), row("m-1", "2026-03-10T04:00:00Z")]
    services.outcomes["members.own_data"] = {"person_id": "p-1", "trail": members}
    services.outcomes["cases.own_data"] = {"cases": [], "trail": [row("c-1", "2026-03-11T04:00:00Z")]}
    services.outcomes["notify.own_data"] = {"notices": [], "trail": [row("n-1", "2026-03-13T04:00:00Z")]}
    answer = client.get("/v1/me/data")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert (said(answer)["person_id"], said(answer)["cases"]) == ("p-1", [])
    assert [each["id"] for each in said(answer)["trail"]] == ["n-1", "m-2", "c-1", "m-1"]
