"""Two communities with their staff, a bureau that registers, and three of its members: for tests of dual service."""

from typing import Any

from chassis.caller import Grant
from members.demo.territory import areas, service_grids
from members.organisations.store import UnitStore
from members.organisations.unit import Unit
from members.people.person import Person, Residence
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import MoveIn
from tests.component.members.staging import NOW

GAOXIN, GUANGCHANG, JINTAN = "360704100002", "360704100007", "360704100003"
HOME = Residence("c-1", f"{GUANGCHANG}001", (115.006, 25.860))
BUREAU = "u-housing"


def caller(id: str, role: str, scope: str = "360704", unit: str | None = None) -> dict[str, Any]:
    return {"id": id, "grants": [{"role": role, "scope": scope}], "unit": unit}


OFFICE = caller("p-office", "party_office")
SECOND_OFFICE = caller("p-office-2", "party_office")
CONTACT = caller("p-contact", "unit_contact", unit=BUREAU)
AT_GAOXIN = caller("p-gaoxin", "community_worker", f"{GAOXIN}001")
AT_GUANGCHANG = caller("p-guangchang", "community_worker", f"{GUANGCHANG}001")
MEMBER = caller("p-1", "in_service_member", unit=BUREAU)
STRANGER = caller("p-9", "party_office", "360703")


def member(number: int, home: Residence | None = HOME, unit: str | None = BUREAU) -> Person:
    grants = (Grant("resident", "360704"), Grant("in_service_member", "360704"))
    return Person(f"p-{number}", "360704", f"谢测{number:03d}", grants, unit_id=unit, home=home)


def settle(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    """Lay out the district and let its people move in."""
    grids = service_grids()
    territory.grids.add(grids, NOW)
    territory.add_areas(areas(grids), areas(grids)[0].opened)
    organisations.units.add(
        [
            Unit(BUREAU, "360704", "赣县区住房和城乡建设局", "HOUSING_BUREAU", (f"{GAOXIN}001",)),
            Unit("u-school", "360704", "赣县区测试小学", "REPORTING_UNIT", (f"{GAOXIN}001",)),
            Unit("u-closed", "360704", "测试报到单位99", "REPORTING_UNIT", (f"{GAOXIN}001",), active=False),
        ],
        NOW,
    )
    contact = Person("p-contact", "360704", "王测050", (Grant("unit_contact", "360704"),), unit_id=BUREAU)
    members = [member(number) for number in (1, 2, 3)]
    others = [member(4, unit="u-school"), member(5, home=None), contact]
    move_in((person, None) for person in (*members, *others))


def registered(service: MembersService, person_id: str, key: str = "r") -> dict[str, Any]:
    """The member is registered with the home community, and accepted there."""
    made = service.submit_member_registration(caller=OFFICE, command_id=f"{key}-{person_id}", person_id=person_id)
    accepted: dict[str, Any] = service.accept_registration(
        caller=AT_GUANGCHANG, command_id=f"{key}-{person_id}-accept", registration_id=made["registration_id"]
    )
    return accepted


def codes(refused: Any) -> set[tuple[str, str]]:
    """What a refusal lists: where, and which code; with one code it is refused by that."""
    listed = {(each["pointer"], each.get("code", "")) for each in refused.details["errors"]}
    found = {code for _, code in listed}
    assert refused.code == ("invalid" if len(found) > 1 else found.pop() or "invalid")
    return listed
