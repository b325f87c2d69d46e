"""A file leaves only once it is in the audit trail of the service that keeps its lines, whichever file it is."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.errors import Busy
from tests.unit.docs.pages import ROOT, text
from tests.unit.gateway.fakes import FakeServices, said
from tests.unit.gateway.test_ledger_export import GRID, ledger


def entered(services: FakeServices) -> list[tuple[str, dict[str, Any]]]:
    """What was entered, without who."""
    return [(service, {k: v for k, v in row.items() if k != "caller"}) for service, row in services.downloads]


@pytest.mark.parametrize("wanted", ["pdf", "", "XLSX", "xlsx,csv"])
def test_a_list_of_people_leaves_in_no_other_form_than_it_has(
    client: FlaskClient, services: FakeServices, wanted: str
) -> None:
    assert client.get(f"/v1/people/export?format={wanted}").status_code == 422
    assert services.downloads == []


def test_a_file_is_entered_with_what_it_is_and_how_many_lines_it_has(
    client: FlaskClient, services: FakeServices
) -> None:
    services.outcomes["cases.ledger"] = ledger(2)
    assert client.get(f"/v1/ledgers/{GRID}/export").status_code == 200
    assert client.get(f"/v1/ledgers/{GRID}/export?format=csv&list=problem").status_code == 200
    row = {"kind": "ledger", "area": GRID, "id": None}
    assert entered(services) == [
        ("cases.note_download", {**row, "format": "xlsx", "lines": 6}),
        ("cases.note_download", {**row, "format": "csv", "lines": 2}),
    ]


@pytest.mark.parametrize("wanted", ["xlsx", "csv"])
def test_no_file_leaves_that_is_not_entered(client: FlaskClient, services: FakeServices, wanted: str) -> None:
    services.outcomes["cases.ledger"] = ledger(1)
    services.outcomes["cases.note_download"] = Busy()
    answer = client.get(f"/v1/ledgers/{GRID}/export?format={wanted}" + ("&list=problem" if wanted == "csv" else ""))
    assert said(answer)["code"] == "busy_try_again"
    assert not answer.headers["Content-Type"].startswith(("text/csv", "application/vnd"))


def test_people_are_entered_with_the_area_that_was_asked_for(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.people_list"] = {"items": [], "next": None}
    assert client.get(f"/v1/people/export?format=csv&area={GRID}").status_code == 200
    told = {"kind": "people", "format": "csv", "lines": 0, "area": GRID, "id": None}
    assert entered(services) == [("members.note_download", told)]


def test_whoever_adds_a_file_hands_it_out_where_it_is_entered() -> None:
    routes = sorted((ROOT / "gateway/routes").glob("*.py"))
    assert len(routes) > 20
    makers = {path.name for path in routes if "import xlsx" in text(path) or ", xlsx" in text(path)}
    assert makers == set()
    giving = {path.name for path in routes if "responses=FILES" in text(path)} - {"imports.py"}
    assert len(giving) > 9
    assert {name for name in giving if not {"exported(", "handed_out("} & _calls(name)} == set()


def _calls(name: str) -> set[str]:
    content = text(ROOT / "gateway/routes" / name)
    return {call for call in ("exported(", "handed_out(") if f"return {call}" in content}
