"""Makes gateway/who.json of the services' own tables: `python -m tests.unit.docs.who`; decides nothing.

The gateway knows no service's code, and its description of an operation says who may do it: so the sentences are
written here, and a test compares them.
"""

import json
from collections.abc import Iterable, Mapping

import cases.summons.permission
import members.permission
import notify.permission
from cases.act import CLOCK_ACTS, UNASKED, Act
from cases.assets.asset import KEEPERS
from cases.indicators.permission import READERS, UNIT
from cases.intake_sessions.intake_session import HOSTS
from cases.match_lists.permission import PERMISSIONS as MATCHING
from cases.mechanisms.mechanism import ENTERS
from cases.permission import (
    ANYBODY,
    API_KEY,
    AUDITORS,
    COMPARE,
    LINK,
    PERMISSIONS,
    RELEASERS,
    Condition,
    Row,
)
from cases.policies.policy import ENTERS as DECIDES
from cases.showing.contact import CORRECTS, ON_REQUEST, TELLS
from cases.showing.listing import OVERSEEING
from cases.showing.sight import SEES, Sight
from cases.surveys.permission import PERMISSIONS as SURVEYING
from members.role import ROLES
from tests.unit.docs.pages import ROOT
from tests.unit.docs.permissions import PROVIDED, REACHED, SUMMONED, SURVEYED

FILE = ROOT / "gateway/who.json"

EVERYBODY = "whoever is signed in"

OWN_UNIT = f"{', '.join(UNIT)} for what their unit answers for"
INDICATORS = (
    f"{', '.join(READERS)} in their scope, by district where it holds several; {OWN_UNIT}; the public set {EVERYBODY}, "
    "in their districts"
)
CASES_OF_INDICATORS = f"{', '.join(READERS)} in their scope, within a district; {OWN_UNIT}"

RANKS_AND_FIGURES = (
    *("indicators", "export_indicators", "indicator_ranking", "export_indicator_ranking"),
    *("trend_chart", "ranking_chart"),
)

OF_MEMBERS = {
    "me": "see_own_profile",
    "change_me": "change_own_profile",
    "sign_out": "sign_out",
    "list_sessions": "see_sessions",
    "end_session": "sign_out",
    "end_other_sessions": "sign_out",
    "change_password": "change_own_password",
    "second_factor": "keep_own_second_factor",
    "begin_second_factor": "keep_own_second_factor",
    "confirm_second_factor": "keep_own_second_factor",
    "end_second_factor": "keep_own_second_factor",
    "linked_identities": "keep_own_linked_identities",
    "begin_linking": "keep_own_linked_identities",
    "link_identity": "keep_own_linked_identities",
    "unlink_identity": "keep_own_linked_identities",
    "record_leaving": "record_leaving",
    "register_person": "register_person",
    "people_list": "see_people",
    "export_people": "see_people",
    "person": "see_people",
    "grant_role": "grant_role",
    "revoke_role": "revoke_role",
    "open_login": "open_login",
    "reset_login": "reset_login",
    "reveal_phone": "reveal_phone",
    "own_data": "see_own_data",
    "delete_own_data": "delete_own_data",
    "delete_person": "delete_person",
    "merge_people": "merge_people",
    "request_phone_code": "change_own_phone",
    "change_phone": "change_own_phone",
    "release_phone": "release_phone",
    "force": "see_force",
    "identities": "show_identity",
    "show_identity": "show_identity",
    "hide_identity": "show_identity",
    "locate": "locate",
    "areas": "see_territory",
    "area": "see_territory",
    "open_area": "open_area",
    "change_area": "change_area",
    "grids": "see_territory",
    "grid_map": "see_territory",
    "grid": "see_territory",
    "compounds": "see_territory",
    "compound": "see_territory",
    "register_compound": "register_compound",
    "buildings": "see_territory",
    "register_building": "keep_buildings",
    "change_building": "keep_buildings",
    "open_grids": "open_grids",
    "redrawings": "see_redrawings",
    "redrawing": "see_redrawings",
    "plan_redrawing": "redraw_grids",
    "cancel_redrawing": "redraw_grids",
    "close_grid": "redraw_grids",
    "change_grid": "change_grid",
    "change_compound": "change_compound",
    "register_unit": "register_unit",
    "change_unit": "change_unit",
    "register_worker": "register_worker",
    "change_worker": "change_worker",
    "worker_leaves": "change_worker",
    "state_worker_needs": "change_worker",
    "workers": "see_workers",
    "worker": "see_workers",
    "export_round": "see_rounds",
    "reveal_worker_phone": "reveal_worker_phone",
    "worker_census": "see_workers",
    "export_workers": "see_workers",
    "enter_estimate": "enter_estimate",
    "open_round": "open_round",
    "close_round": "close_round",
    "record_visit": "record_visit",
    "rounds": "see_rounds",
    "round": "see_rounds",
    "round_addresses": "see_rounds",
    "visit_note": "see_visit_note",
    "close_unit": "close_unit",
    "units": "see_units",
    "unit": "see_units",
    "unit_totals": "see_units",
    "export_units": "see_units",
    "assign_post": "assign_post",
    "end_post": "assign_post",
    "posts": "see_posts",
    "form_party_group": "keep_party_group",
    "seat_in_party_group": "keep_party_group",
    "unseat_in_party_group": "keep_party_group",
    "record_party_group_meeting": "keep_party_group",
    "party_groups": "see_party_groups",
    "party_group": "see_party_groups",
    "open_api_key": "keep_api_keys",
    "api_keys": "keep_api_keys",
    "end_api_key": "keep_api_keys",
    "register_venue": "keep_venue",
    "change_venue": "keep_venue",
    "close_venue": "keep_venue",
    "venues": "see_venues",
    "venue": "see_venues",
    "stations": "see_venues",
    "station_code": "show_station_code",
    "renew_station_code": "keep_venue",
    "use_station_as": "be_counted_at_station",
    "forget_station_uses": "be_counted_at_station",
    "station_use_days": "see_station_uses",
    "station_funnel": "see_station_uses",
    "export_station_funnel": "see_station_uses",
    "give_feedback": "give_feedback",
    "open_calendar": "keep_own_calendars",
    "revoke_calendar": "keep_own_calendars",
    "calendars": "keep_own_calendars",
    "book_venue": "book_venue",
    "bookings": "see_bookings",
    "booking": "see_bookings",
    "free_slots": "see_venues",
    "publish_activity": "publish_activity",
    "activities": "see_activities",
    "activity": "see_activities",
    "sign_up": "sign_up",
    "choose_task": "sign_up",
    "leave_activity": "sign_up",
    "own_signups": "see_own_signups",
    "enter_teams": "keep_rotation",
    "rotation": "see_rotation",
    "rotation_plans": "see_rotation",
    "rotation_plan": "see_rotation",
    "rotation_history": "see_rotation",
    "rotation_standing": "see_rotation",
    "export_rotation_plan": "see_rotation",
    "day_served": "see_rotation",
    "coverage": "see_coverage",
    "export_coverage": "see_coverage",
    "import_units": "register_unit",
    "unit_template": "register_unit",
    "people_template": "import_people",
    "import_people": "import_people",
}
OF_DUAL_SERVICE = {
    "order_turn": ("keep_rotation", "order_turn"),
    "withdraw_turn": ("keep_rotation", "order_turn"),
    "record_served": ("keep_rotation", "record_served"),
    "submit_unit_registration": ("register_own_unit", "register_others"),
    "submit_member_registration": ("register_own", "register_own_unit", "register_others"),
    "transfer_registration": ("register_own", "register_own_unit", "register_others"),
    "accept_registration": ("decide_registration",),
    "refuse_registration": ("decide_registration",),
    "return_slip": ("register_own_unit", "register_others"),
    "end_registration": ("register_own", "register_own_unit", "register_others"),
    "registration": ("see_own_registration", "see_registrations_of_own_unit", "see_registrations"),
    "registrations": ("see_own_registration", "see_registrations_of_own_unit", "see_registrations"),
    "registration_rate": ("see_registrations_of_own_unit", "see_registrations"),
    "unit_feedback": ("see_registrations_of_own_unit", "see_registrations"),
    "export_registrations": ("see_registrations_of_own_unit", "see_registrations"),
    "record_points": ("record_points",),
    "reverse_points": ("record_points",),
    "points": ("see_own_points", "see_points"),
    "enter_member_policy": ("enter_member_policy",),
    "member_policies": ("see_member_policies",),
    "evaluate": ("evaluate",),
    "show_evaluations": ("evaluate",),
    "evaluations": ("see_own_evaluation", "see_results_of_own_unit", "see_evaluations"),
    "evaluation": ("see_own_evaluation", "see_results_of_own_unit", "see_evaluations"),
    "object_to_evaluation": ("object_to_own_evaluation", "object_for_own_unit"),
    "decide_objection": ("decide_objection",),
    "change_activity": ("publish_activity", "keep_activity"),
    "cancel_activity": ("publish_activity", "keep_activity"),
    "signups_of_activity": ("publish_activity", "see_signups"),
    "feedback": ("publish_activity", "see_feedback"),
    "cancel_booking": ("book_venue", "keep_venue"),
    "open_series": ("open_series",),
    "change_series": ("open_series", "keep_series"),
    "move_series_date": ("open_series", "keep_series"),
    "drop_series_date": ("open_series", "keep_series"),
    "end_series": ("open_series", "keep_series"),
    "all_series": ("see_series",),
    "series": ("see_series",),
    "check_in": ("check_in",),
    "check_out": ("check_in",),
    **dict.fromkeys(("call_audience", "issue_call"), ("issue_call",)),
    **dict.fromkeys(("call", "withdraw_call"), ("issue_call", "withdraw_call")),
    "answer_call": ("answer_call",),
    "start_patrol": ("go_on_patrol",),
    **dict.fromkeys(("stop_patrol", "upload_points", "patrol", "track", "patrol_findings"), ("see_own_patrols",)),
    "patrols": ("see_own_patrols", "see_patrols"),
    "reveal_track": ("reveal_track",),
    "upload_scans": ("check_in",),
    "list_attendance": ("publish_activity", "keep_attendance"),
    "attendance_of": ("publish_activity", "see_attendance"),
    "own_attendance": ("see_own_attendance",),
    "muster_code": ("publish_activity", "keep_attendance"),
    "muster_code_drawn": ("publish_activity", "keep_attendance"),
}
"""Which rows of members an operation is asked by whose rows are several."""

OF_HOURS = {
    "draw_up_hours": ("approve_hours", "approve_hours_of_own_activities"),
    **dict.fromkeys(
        ("approve_hours", "refuse_hours", "correct_hours", "keep_hours"),
        ("approve_hours", "approve_hours_of_own_activities", "approve_hours_of_cases"),
    ),
    "ask_hours_correction": ("see_own_hours",),
    "service_records": ("see_own_hours", "see_hours", "approve_hours_of_own_activities"),
    "service_record": ("see_own_hours", "see_hours", "approve_hours_of_own_activities"),
    "hours": ("see_own_hours", "see_hours"),
    "hours_ledger": ("see_own_hours", "see_hours"),
    **dict.fromkeys(("plan_roster", "draw_up_roster"), ("draw_up_roster", "draw_up_roster_of_own_activities")),
    "accept_star": ("keep_own_star",),
    "show_star": ("keep_own_star",),
    "hide_star": ("keep_own_star",),
    "stars": ("see_stars",),
    "issue_certificate": ("issue_own_certificate",),
    "certificates": ("issue_own_certificate",),
    "certificate_services": ("issue_own_certificate", "see_certificates"),
    "certificate_paper": ("issue_own_certificate",),
    "revoke_certificate": ("revoke_certificate",),
}
"""Which rows of members an operation about volunteer hours, stars and certificates is asked by."""

OF_NOTIFY = {
    "inbox": "see_inbox",
    "inbox_stream": "see_inbox",
    "read_notice": "mark_read",
    "messages": "see_messages",
    "message": "see_messages",
    "resend_message": "resend_messages",
    "resend_failed": "resend_messages",
    "resending": "resend_messages",
    "preferences": "see_preferences",
    "choose_preferences": "choose_preferences",
    "subscribe": "subscribe",
    "subscriptions": "see_subscription",
    "subscription": "see_subscription",
    "deliveries": "see_subscription",
    "change_subscription": "change_subscription",
    "rotate_secret": "change_subscription",
    "end_old_secret": "change_subscription",
    "test_subscription": "change_subscription",
    "replay_range": "change_subscription",
    "events": "read_events",
    "unsubscribe": "change_subscription",
    "pause": "change_subscription",
    "resume": "change_subscription",
    "replay": "change_subscription",
    "message_templates": "see_templates",
    "message_template": "see_templates",
    "template_versions": "see_templates",
    "preview_template": "see_templates",
}
"""Which row of its service's table an operation is asked by."""

OF_MATCH_LISTS = {
    "open_demand": ("ask", "ask_for_others"),
    "demand": ("see_demand",),
    "matches_of_demand": ("match_demand",),
    "give_up_demand": ("give_up",),
    "find_demand_unmet": ("find_unmet",),
    "asker_contact": ("see_asker_contact",),
    "open_demands_of_visit": ("ask_for_others",),
    "offer_resource": ("offer",),
    "resource": ("see_resource",),
    "matches_of_resource": ("match_resource",),
    "change_resource": ("change_resource",),
    "withdraw_resource": ("change_resource",),
    "plan_project": ("plan",),
    "start_project": ("plan",),
    "complete_project": ("plan",),
    "cancel_project": ("plan",),
    "project": ("see_project",),
    "match_list": ("see_match_lists",),
    "export_match_list": ("see_match_lists",),
}
"""Which rows of the match lists an operation is asked by."""

OF_SURVEYS = {
    "draft_survey": ("draft_survey",),
    "change_survey": ("change_survey",),
    "open_survey": ("open_survey",),
    "close_survey": ("close_survey",),
    "publish_survey": ("publish_survey",),
    "surveys": ("see_survey",),
    "survey": ("see_survey",),
    "answer_survey": ("answer_survey",),
    "survey_results": ("see_unpublished_results", "see_published_results"),
}
"""Which rows of surveys an operation is asked by."""

OVERSEEN = "oversee_subscriptions"
"""Besides their owners, who has this row's roles sees and changes subscriptions."""

REACHES = {
    "own": "for what is their own or their unit's",
    "scope": "in their scope",
    "community": "in the communities of their scope",
    "district": "in their district",
    "sums": "in their scope, which may hold several districts",
}


def who(row: Row) -> str:
    """The roles of a row of cases, those that share a condition together; the clock and the rules go unnamed."""
    found: dict[Condition, list[str]] = {}
    for role, conditions in row.items():
        for condition in conditions:
            if condition is not Condition.SYSTEM:
                found.setdefault(condition, []).append(role)
    return "; ".join(f"{', '.join(roles)} {PROVIDED[condition]}" for condition, roles in found.items())


def whom(row: cases.summons.permission.Row) -> str:
    """The roles of a row of summons, those that share a condition together."""
    conditions = dict.fromkeys(row.values())
    found = {each: [role for role, condition in row.items() if condition is each] for each in conditions}
    return "; ".join(f"{', '.join(roles)} {SUMMONED[condition]}" for condition, roles in found.items())


def policies() -> Iterable[tuple[str, str]]:
    """The sentences about what a district decides."""
    for operation in ("enter_case_categories", "enter_case_scoring"):
        yield operation, f"{', '.join(DECIDES)} {PROVIDED[Condition.SCOPE]}"
    yield "case_policies", f"{', '.join(OVERSEEING)} within their district"


def summons() -> Iterable[tuple[str, str]]:
    """The sentences about summons."""
    yield from (
        (act.value, whom(row)) for act, row in cases.summons.permission.PERMISSIONS.items() if "clock" not in row
    )
    yield from ((operation, whom(cases.summons.permission.SEES)) for operation in ("list_summons", "one_summons"))
    yield "enter_mechanisms", f"{', '.join(ENTERS)} {PROVIDED[Condition.SCOPE]}"
    yield "mechanisms", f"{', '.join(OVERSEEING)} {PROVIDED[Condition.SCOPE]}"
    yield "summons_scores", f"{', '.join(OVERSEEING)} {PROVIDED[Condition.SCOPE]}"


def seen(least: Sight) -> str:
    """Who sees so much of an ordinary case, or more."""
    rows = [f"{', '.join(roles)} {PROVIDED[condition]}" for roles, condition, ordinary, _ in SEES if ordinary >= least]
    follower = ["whoever reported a case that was merged into it"] if least <= Sight.OUTLINE else []
    return "; ".join(["whoever reported it", *follower, "whoever it is given to", *rows])


def told() -> str:
    """Who is told how to reach a reporter."""
    helpers = [role for role in TELLS if role not in ON_REQUEST]
    return (
        f"{', '.join(helpers)} {PROVIDED[Condition.ASSIGNEE]}, once they have accepted; "
        f"{', '.join(ON_REQUEST)} {PROVIDED[Condition.SCOPE]}, with a reason"
    )


def others(
    operations: Mapping[str, str], rows: Mapping[str, members.permission.Row] | Mapping[str, notify.permission.Row]
) -> Iterable[tuple[str, str]]:
    """The sentences about a service whose rows are roles and a reach."""
    every = max((row.roles for row in rows.values()), key=len)
    for operation, act in operations.items():
        found = [rows[act], *([rows[OVERSEEN]] if act.endswith("_subscription") else [])]
        said = [f"{', '.join(row.roles)} {REACHES[row.reach.value]}" for row in found]
        yield operation, EVERYBODY if rows[act].roles == every else "; ".join(said)


def of_templates() -> str:
    """Who changes what messages say."""
    rows = notify.permission.PERMISSIONS
    every, some = rows["change_templates"], rows["change_templates_of_members"]
    others = [role for role in some.roles if role not in every.roles]
    return (
        f"{', '.join(every.roles)} {REACHES[every.reach.value]}; "
        f"{', '.join(others)} {REACHES[some.reach.value]}, templates about activities, volunteering and registration"
    )


def of_dual_service() -> Iterable[tuple[str, str]]:
    """The sentences about registrations, points, rules, evaluations, and volunteer hours."""
    rows = members.permission.PERMISSIONS
    for operation, acts in {**OF_DUAL_SERVICE, **OF_HOURS}.items():
        said = [
            f"{EVERYBODY if rows[act].roles == ROLES else ', '.join(rows[act].roles)} {REACHES[rows[act].reach.value]}"
            for act in acts
        ]
        yield operation, "; ".join(said)


def of_match_lists() -> Iterable[tuple[str, str]]:
    """The sentences about demands, resources and projects."""
    for operation, acts in OF_MATCH_LISTS.items():
        said = [f"{', '.join(row.roles)} {REACHED[row.reach]}" for act in acts for row in MATCHING[act]]
        yield operation, "; ".join(said)
    yield from ((operation, EVERYBODY) for operation in ("own_demands", "own_resources"))


def of_surveys() -> Iterable[tuple[str, str]]:
    """The sentences about surveys."""
    for operation, acts in OF_SURVEYS.items():
        rows = [SURVEYING[act] for act in acts]
        yield operation, "; ".join(f"{', '.join(row.roles) or EVERYBODY}{SURVEYED[row.reach]}" for row in rows)


def of_intake_sessions() -> dict[str, str]:
    """The sentences about intake sessions."""
    holding = ("open_intake_session", "check_intake_session", "import_intake_session", "reveal_attendees")
    return {
        **dict.fromkeys(holding, f"{', '.join(HOSTS)} {PROVIDED[Condition.SCOPE]}"),
        **dict.fromkeys(("intake_sessions", "intake_session"), f"{', '.join(OVERSEEING)} {PROVIDED[Condition.SCOPE]}"),
    }


def _signed_in(row: Row) -> Row:
    """The row without those who are not: programs with a key, the public, and who has a link."""
    return {role: conditions for role, conditions in row.items() if role not in {API_KEY, ANYBODY, LINK}}


def table() -> dict[str, str]:
    """For each operation that needs a sign-in who may do it."""
    acts = {f"{act.value}_case": who(_signed_in(PERMISSIONS[act])) for act in Act if act not in {*UNASKED, *CLOCK_ACTS}}
    reading = dict.fromkeys(("cases", "case", "case_stream"), seen(Sight.OUTLINE))
    photo = f"whoever uploaded it, until it is named in a report or an act; then, of the case, {seen(Sight.OWN)}"
    special = {
        "photo": photo,
        "photo_link": photo,
        **dict.fromkeys(("release_photo", "take_back_photo"), f"{', '.join(RELEASERS)} {PROVIDED[Condition.SCOPE]}"),
        "upload": EVERYBODY,
        "visit_form": EVERYBODY,
        "worker_platforms": EVERYBODY,
        "proposal": "dispatcher in their scope",
        "duplicates": f"{', '.join(COMPARE)} {PROVIDED[Condition.SCOPE]}",
        **dict.fromkeys(("ledger", "export_ledger", "trend"), f"{', '.join(OVERSEEING)} {PROVIDED[Condition.SCOPE]}"),
        **dict.fromkeys(RANKS_AND_FIGURES, INDICATORS),
        **dict.fromkeys(("indicator_cases", "export_indicator_cases"), CASES_OF_INDICATORS),
        "reveal_contact": told(),
        "correct_contact": f"{PROVIDED[Condition.REPORTER]}; {CORRECTS} {PROVIDED[Condition.SCOPE]}",
        "audit_trail": f"{', '.join(AUDITORS)} {PROVIDED[Condition.SCOPE]}",
        "desk_stream": f"{', '.join(OVERSEEING)} {PROVIDED[Condition.SCOPE]}, within a district",
        **of_intake_sessions(),
        **dict.fromkeys(("register_asset", "change_asset"), f"{', '.join(KEEPERS)} {PROVIDED[Condition.SCOPE]}"),
        **dict.fromkeys(("assets", "assets_near"), f"{EVERYBODY}, in their districts"),
        "asset": f"{EVERYBODY}, in their districts; of its cases, {seen(Sight.MASKED)}",
    }
    return {
        "report": who(_signed_in(PERMISSIONS[Act.REPORT])),
        **acts,
        **reading,
        **special,
        **dict(of_match_lists()),
        **dict(policies()),
        **dict(of_surveys()),
        **dict(summons()),
        **dict(others(OF_MEMBERS, members.permission.PERMISSIONS)),
        **dict(of_dual_service()),
        **dict(others(OF_NOTIFY, notify.permission.PERMISSIONS)),
        "save_template": of_templates(),
    }


def written() -> str:
    """The file's text."""
    return json.dumps(table(), indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
