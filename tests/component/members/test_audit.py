"""The trail of members: who was told a phone or shown a track, whose roles were changed, and who was deleted."""

from typing import Any

import pytest
from pymongo.database import Database

from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import ADMIN, MoveIn, refusal, settle

AUDITOR = {"id": "p-auditor", "grants": [{"role": "auditor", "scope": "360704"}], "unit": None}
FAR = {"id": "p-far", "grants": [{"role": "auditor", "scope": "360703"}], "unit": None}

Row = dict[str, Any]


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def trail(service: MembersService, by: Row = AUDITOR, /, **asked: Any) -> list[Row]:
    return [row for row in service.audit_trail(by, **asked)["items"] if row["act"] != "audit.read"]


def test_a_phone_that_was_told_or_taken_away_is_in_the_trail(service: MembersService) -> None:
    asked: Row = {"caller": ADMIN, "command_id": "k", "person_id": "p-near", "reason": "核对报到信息"}
    service.reveal_phone(**asked)
    service.reveal_phone(**asked)
    service.release_phone(**asked | {"command_id": "other"})
    told = [(row["act"], row["role"], row["what"], row["reason"]) for row in trail(service)]
    person = {"kind": "person", "id": "p-near"}
    assert told == [
        ("phone.released", None, person, "核对报到信息"),
        ("phone.revealed", "district_admin", person, "核对报到信息"),
    ]
    assert trail(service, FAR) == []


def test_no_row_is_left_by_who_is_refused(service: MembersService, database: Database[Row]) -> None:
    asked: Row = {"caller": AUDITOR, "command_id": "k", "person_id": "p-near", "reason": "核对"}
    assert refusal(service.reveal_phone, **asked).code == "not_permitted"
    assert database["audit"].count_documents({}) == 0
    office = {"id": "p-o", "grants": [{"role": "party_office", "scope": "360704"}], "unit": None}
    assert refusal(service.audit_trail, caller=office).code == "not_permitted"
