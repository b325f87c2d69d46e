"""What members answers and listens to: each desk has its entrypoints, which load, decide and store."""

from typing import Any

from nameko.timer import timer

from chassis.event import Event
from chassis.paging import each_kept
from chassis.rpc import Remote, rpc
from chassis.schema import instant, load
from chassis.service import Service
from chassis.subscribe import subscribe
from members.accounts.login_desk import LoginDesk
from members.accounts.phone_desk import PhoneDesk
from members.accounts.second_factor_desk import SecondFactorDesk
from members.activities.desk import ActivityDesk
from members.api_keys.desk import ApiKeyDesk
from members.areas.desk import AreaDesk
from members.attendance.desk import AttendanceDesk
from members.bookings.desk import BookingDesk
from members.buildings.desk import BuildingDesk
from members.calendars.desk import CalendarDesk
from members.calls.desk import CallDesk
from members.certificates.desk import CertificateDesk
from members.closings.desk import ClosingDesk
from members.coverage.desk import CoverageDesk
from members.drawing.desk import DrawingDesk
from members.endings.desk import EndingDesk
from members.erasure.desk import ErasureDesk
from members.evaluations.desk import EvaluationDesk
from members.feedback.desk import FeedbackDesk
from members.force.desk import ForceDesk
from members.hours.desk import HoursDesk
from members.identities.desk import IdentityDesk
from members.identity_providers.desk import IdentityProviderDesk
from members.imports.desk import ImportDesk
from members.matching.desk import MatchingDesk
from members.matching.engagement import ENGAGING
from members.merges.desk import MergeDesk
from members.needs.desk import NeedDesk
from members.organisations.desk import UnitDesk
from members.party_groups.desk import PartyGroupDesk
from members.patrols.desk import PatrolDesk
from members.patrols.finding import TOLD_BY as FINDINGS
from members.people.desk import PeopleDesk
from members.people.store import LEFT
from members.places import After, page_of
from members.policies.desk import PolicyDesk
from members.posts.desk import PostDesk
from members.registrations.desk import RegistrationDesk
from members.registry.desk import RegistryDesk
from members.reminders.desk import ReminderDesk
from members.rosters.desk import RosterDesk
from members.rotation.desk import RotationDesk
from members.rotation.hygiene import TOLD_BY
from members.rounds.desk import RoundDesk
from members.schemas import PlacesSchema
from members.series.desk import SeriesDesk
from members.service_points.desk import PointsDesk
from members.signups.desk import SignupDesk
from members.stars.desk import StarDesk
from members.stations.desk import StationDesk
from members.territory.desk import TerritoryDesk
from members.trail import TrailDesk
from members.venues.desk import VenueDesk
from members.workers.desk import WorkerDesk

Answer = dict[str, Any]

CASE_RESOLVED = "case.resolved"

TURN_SECONDS = 60
"""How long something that was named for a moment may take at most until it is told."""


class MembersService(
    TerritoryDesk,
    AreaDesk,
    BuildingDesk,
    DrawingDesk,
    ClosingDesk,
    UnitDesk,
    ImportDesk,
    PeopleDesk,
    RegistryDesk,
    IdentityDesk,
    ForceDesk,
    MergeDesk,
    PostDesk,
    PartyGroupDesk,
    VenueDesk,
    ActivityDesk,
    SignupDesk,
    BookingDesk,
    AttendanceDesk,
    SeriesDesk,
    PatrolDesk,
    CallDesk,
    StationDesk,
    ReminderDesk,
    CalendarDesk,
    FeedbackDesk,
    CoverageDesk,
    MatchingDesk,
    NeedDesk,
    WorkerDesk,
    RoundDesk,
    ErasureDesk,
    PhoneDesk,
    SecondFactorDesk,
    IdentityProviderDesk,
    LoginDesk,
    RegistrationDesk,
    PointsDesk,
    PolicyDesk,
    EvaluationDesk,
    RotationDesk,
    HoursDesk,
    RosterDesk,
    StarDesk,
    CertificateDesk,
    ApiKeyDesk,
    EndingDesk,
    TrailDesk,
    Service,
):
    """The service `members`."""

    name = "members"

    cases: Any = Remote("cases")

    @rpc
    def places(self, **body: Any) -> Answer:
        """Grids, compounds, units and areas as the events that announce them, in pages: for rebuilding a read copy."""
        page = load(PlacesSchema(), body)
        nouns: dict[str, After] = {
            "grids": self.territory.grids.after,
            "compounds": self.territory.compounds.after,
            "units": self.organisations.units.after,
            "areas": self.territory.announced,
        }
        items = page_of(nouns, page["after"], page["limit"])
        more = len(items) == page["limit"]
        return {"items": items, "next": items[-1]["cursor"] if more else None}

    @subscribe("cases", *sorted({*ENGAGING, *TOLD_BY, *FINDINGS, CASE_RESOLVED}))
    def hear_of_case(self, event: Event) -> None:
        """Tell each desk what it has to know of a case: a type has one queue in a service, so one handler takes it."""
        if event.type in ENGAGING:
            self.note_engagement(event)
        if event.type in TOLD_BY:
            self.note_hygiene_case(event.data)
        if event.type == CASE_RESOLVED:
            self.draw_up_case_hours(event)
        if event.type in FINDINGS:
            self.note_finding(event)

    @rpc
    def copy_cases(self, after: str = "") -> str | None:
        """Copy one page of where cases stand anew: the `after` of the next page, None after the last. For operators.

        What an event has told meanwhile stays: each case is kept as of its newest version.
        """

        def keep(case: Answer) -> None:
            self.copy_engagement(case, case["version"], instant(case["at"]))
            self.note_hygiene_case(case)

        return each_kept(self.cases.standings(after=after), keep)

    @subscribe("members", LEFT)
    def let_leaver_go(self, event: Event) -> None:
        """Let whoever has left go everywhere."""
        self.end_posts_of_leaver(event)
        self.unseat_leaver(event)
        self.release_leaver(event)
        self.end_patrols_of_leaver(event)

    @subscribe("members", "grid.closed")
    def follow_closed_grid(self, event: Event) -> None:
        """See to all that belonged to a grid that is closed."""
        self.end_posts_of_grid(event)
        self.dissolve_party_group(event)
        self.follow_redrawn_grid(event)
        self.move_series_of_grid(event)
        self.move_activities_of_grid(event)

    @timer(interval=TURN_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def turn_units(self) -> None:
        """Tell of units that a moment has changed which was named before."""
        self.settle_units()
