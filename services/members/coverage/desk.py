"""The entrypoint of coverage, and what it keeps of the events of others."""

from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.event import Event, heard
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from chassis.subscribe import subscribe
from members.activities.store import ActivityStore
from members.buildings.store import BuildingStore
from members.coverage import checks, showing
from members.coverage.gathering import Sources, gathered
from members.coverage.schemas import ReachedSchema, ReportSchema, SessionSchema
from members.coverage.store import CoverageStore
from members.organisations.store import UnitStore
from members.party_groups.store import PartyGroupStore
from members.people.store import PeopleStore
from members.permission import permit
from members.posts.post import local_day
from members.posts.store import PostStore
from members.registrations.store import RegistrationStore
from members.rotation.store import RotationStore
from members.rounds.store import RoundStore
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore
from members.workers.store import WorkerStore

Answer = dict[str, Any]

SHEETS = frozenset({"register"})
"""Kinds of session at which nobody sat together: an imported sheet is none (§4, H10)."""


class CoverageDesk(Desk):
    """Reports whether everybody and everything is covered (docs/domain.md §4, F04)."""

    coverage_told: CoverageStore = Store(CoverageStore)
    territory: TerritoryStore
    buildings_kept: BuildingStore
    organisations: UnitStore
    people: PeopleStore
    posts: PostStore
    party_groups: PartyGroupStore
    venues_kept: VenueStore
    workers_kept: WorkerStore
    rounds_kept: RoundStore
    registrations_kept: RegistrationStore
    activities_kept: ActivityStore
    rotation_kept: RotationStore

    @rpc
    def coverage(self, caller: Answer, **asked: Any) -> Answer:
        """The 18 checks of an area as of a local day, today unless another is named: `{area, as_of, checks}`.

        Refuses `invalid` and `not_permitted`.
        """
        who, given = Caller.load(caller), load(ReportSchema(), asked)
        permit(who, "see_coverage", given["area"])
        day = given["as_of"] or local_day(self.clock.now())
        found = checks.report(gathered(self._coverage_sources, given["area"], day))
        shown = [showing.check(each, given["most"]) for each in found]
        return {"area": given["area"], "as_of": day.isoformat(), "checks": shown}

    @subscribe("cases", "session.held")
    def note_session(self, event: Event) -> None:
        """Keep in mind where and when people sat together."""
        held = heard(SessionSchema(), event.data)
        if held["kind"] not in SHEETS:
            self.coverage_told.note_session(held["session_id"], held["area"], local_day(held["held_at"]))

    @subscribe("notify", "notice.delivered")
    def note_reached(self, event: Event) -> None:
        """Keep in mind on which day a notice reached somebody who has a post; of nobody else is it kept."""
        told = heard(ReachedSchema(), event.data)
        if self.posts.of_person(told["person_id"]):
            self.coverage_told.note_reached(told["person_id"], told["day"])

    @property
    def _coverage_sources(self) -> Sources:
        return Sources(
            territory=self.territory,
            buildings=self.buildings_kept,
            organisations=self.organisations,
            people=self.people,
            posts=self.posts,
            party_groups=self.party_groups,
            venues=self.venues_kept,
            told=self.coverage_told,
            workers=self.workers_kept,
            rounds=self.rounds_kept,
            registrations=self.registrations_kept,
            activities=self.activities_kept,
            rotation=self.rotation_kept,
        )
