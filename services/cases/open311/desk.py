"""The entrypoints of Open311: what is offered, what anybody may read of cases, and filing one with a key."""

import re
from collections.abc import Sequence
from typing import Any

from cases.casework import Casework
from cases.category import Catalogue, in_force
from cases.open311 import offer
from cases.open311.filing import names_in, reported
from cases.open311.request import Seen, community_of, of_ninety_days, shown, whole_days
from cases.open311.schemas import FilingSchema, JurisdictionSchema, RequestSchema, RequestsSchema, ServiceSchema
from cases.open311.store import Asked, Open311Store
from cases.releases.store import ReleaseStore
from cases.store import CaseStore, PhotoStore, PlaceStore
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store

Answer = dict[str, Any]

DISTRICT = re.compile("[0-9]{6}")


class Open311Desk(Desk):
    """Shows cases as service requests, and takes in what is filed as one; a jurisdiction is a district."""

    cases_kept: CaseStore
    places: PlaceStore
    photos: PhotoStore
    releases: ReleaseStore
    members: Any
    open311_kept: Open311Store = Store(Open311Store)

    @rpc
    def offered_services(self, **asked: Any) -> Answer:
        """What can be reported: `{items}`; refuses `jurisdiction_not_found`."""
        given = load(JurisdictionSchema(), asked)
        return {"items": offer.services(self._catalogue(given["jurisdiction"]))}

    @rpc
    def offered_service(self, **asked: Any) -> Answer:
        """One of them; refuses `jurisdiction_not_found` and `service_not_found`."""
        given = load(ServiceSchema(), asked)
        return offer.service(self._catalogue(given["jurisdiction"]), given["service_code"])

    @rpc
    def public_request(self, **asked: Any) -> Answer:
        """What anybody may read of one case; refuses `jurisdiction_not_found` and `service_request_not_found`.

        One that may not be shown is answered as one that there is not.
        """
        given = load(RequestSchema(), asked)
        tenant = self._district(given["jurisdiction"])
        number = given["number"].upper()
        items = self._as_shown(self.open311_kept.numbered(tenant, [number], with_history=given["with_history"]))
        if not items:
            raise Refusal("service_request_not_found")
        return items[0]

    @rpc
    def public_requests(self, **asked: Any) -> Answer:
        """The same of several, the latest first: `{items}`; numbers override whatever else is asked for.

        Without a period those of the last 90 days. Refuses `invalid` and `jurisdiction_not_found`.
        """
        given = load(RequestsSchema(), asked)
        tenant, with_history = self._district(given["jurisdiction"]), given["with_history"]
        if given.get("numbers"):
            numbers = [number.upper() for number in given["numbers"]]
            return {"items": self._as_shown(self.open311_kept.numbered(tenant, numbers, with_history=with_history))}
        skipped = (given["page"] - 1) * given["page_size"]
        which = self._asked_for(tenant, given)
        found = self.open311_kept.page(which, skipped, given["page_size"], with_history=with_history)
        return {"items": self._as_shown(found)}

    def _asked_for(self, tenant: str, given: Answer) -> Asked:
        """Of which period: the one that is named; where one end is, 90 days from there, where none is, the last 90."""
        updated = given.get("updated_since"), given.get("updated_until")
        made = given.get("since"), given.get("until")
        now = self.clock.now()
        if updated != (None, None):
            updated = of_ninety_days(*updated, now)
        if made != (None, None) or updated == (None, None):
            made = of_ninety_days(*made, now)
        return Asked(
            tenant,
            tuple(given["codes"]) if given.get("codes") else None,
            whole_days(*made),
            whole_days(*updated),
            tuple(dict.fromkeys(given.get("statuses") or ("open", "closed"))),
        )

    def _as_shown(self, found: Sequence[Seen]) -> list[Answer]:
        """Those that may be shown: the query leaves out most that may not, the rule has the last word."""
        seen = [each for each in found if each.may_be_shown]
        compounds = self.places.compounds(each.compound_id for each in seen if each.compound_id)
        communities = {community_of(each.place.grid_code) for each in seen}
        names = self.places.names(communities, (), {id for each in seen for id in each.units})
        released = self.releases.of_cases([each.id for each in seen])
        return [shown(each, compounds, names, released.get(each.id, ())) for each in seen]

    def _district(self, jurisdiction: str) -> str:
        if not DISTRICT.fullmatch(jurisdiction) or not self.places.knows(jurisdiction):
            raise Refusal("jurisdiction_not_found", jurisdiction_id=jurisdiction)
        return jurisdiction

    def _catalogue(self, jurisdiction: str) -> Catalogue:
        return in_force(self.clock.now(), self._district(jurisdiction))

    @rpc
    def file_request(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Open a case of what is filed: the receipt of a report.

        Refuses `invalid`, `jurisdiction_not_found`, `service_not_found`, `address_unclear`, `busy_try_again` where the
        same is being filed at this moment, and what `report` does.
        """
        given = load(FilingSchema(), body)
        # By what is in the photos: a program that sends them again has other ids for them, and means the same.
        pictures = self.photos.digests(given.get("photos", ()))
        asked = self._asked(caller, command_id, {**body, "photos": pictures})
        offer.service(self._catalogue(given["jurisdiction"]), given["service_code"])
        work = Casework(self.cases_kept, self.places, self.photos, self.members)
        return work.report(asked, reported(given, self._addressed(given)))

    def _addressed(self, given: Answer) -> str | None:
        """The compound that an address names, where it is all that is known of the place."""
        if "lat" in given or "address_id" in given:
            return None
        for name in names_in(given["address_string"]):
            found = self.places.compounds_called(name, given["jurisdiction"])
            if len(found) == 1:
                return found[0].id
        raise Refusal("address_unclear")
