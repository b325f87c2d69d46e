"""What messages are about, as people choose by it."""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """One line of somebody's preferences."""

    OWN_CASE = "own_case"
    TASK = "task"
    DESK = "desk"
    ACTIVITY = "activity"
    VOLUNTEERING = "volunteering"
    MATCH_LIST = "match_list"
    REGISTRATION = "registration"
    SESSION = "session"
    SUMMONS = "summons"
    CALL = "call"
    WEEK = "week"
    PARTNER = "partner"
    SIGN_IN = "sign_in"


KINDS: Mapping[Kind, frozenset[str]] = {
    Kind.OWN_CASE: frozenset(
        {
            "answered_directly",
            "asked",
            "closed",
            "closed_for_follower",
            "corrected",
            "dispatched",
            "extended",
            "merged",
            "registered",
            "rejected",
            "rejected_for_follower",
            "reopened",
            "reported",
            "resumed",
            "still_working",
            "suspended",
        }
    ),
    Kind.TASK: frozenset(
        {
            "answered",
            "assigned",
            "call_by_hand",
            "contact_please",
            "exclusion_approved",
            "exclusion_refused",
            "half_time",
            "nearly_due",
            "overdue",
            "rated",
            "relieved",
            "reworked",
            "silent",
            "task_closed",
            "task_corrected",
            "task_extended",
            "task_joined",
            "task_resumed",
            "task_suspended",
            "task_withdrawn",
            "tell_by_hand",
            "tell_followers_by_hand",
            "verify_please",
        }
    ),
    Kind.DESK: frozenset(
        {
            "assignee_left",
            "came_again",
            "contact_late",
            "exclusion_proposed",
            "extension_asked",
            "nobody_has_it",
            "office_decides",
            "reopened_at_desk",
            "returned",
            "review_due",
            "step_late",
            "still_overdue",
            "suspension_asked",
            "team_smaller",
            "timed_out",
            "to_inspect",
            "verified",
        }
    ),
    Kind.ACTIVITY: frozenset(
        {
            "activity_called_off",
            "activity_moved",
            "activity_overlaps",
            "activity_reminder",
            "activity_seated",
            "activity_task_lost",
            "activity_unseated",
            "own_activity_called_off",
        }
    ),
    Kind.VOLUNTEERING: frozenset(
        {
            "certificate_revoked",
            "certificate_superseded",
            "hours_approved",
            "hours_corrected",
            "hours_kept",
            "hours_refused",
            "star_offered",
        }
    ),
    Kind.MATCH_LIST: frozenset(
        {
            "demand_expired",
            "demand_matched",
            "demand_met",
            "demand_met_by_hand",
            "demand_reopened",
            "demand_unmet",
            "demand_unmet_by_hand",
            "resource_released",
            "resource_reserved",
            "resource_used",
        }
    ),
    Kind.REGISTRATION: frozenset(
        {
            "evaluation_final",
            "evaluation_results",
            "evaluation_shown",
            "registration_accepted",
            "registration_ended",
            "registration_refused",
            "registration_slip",
        }
    ),
    Kind.SESSION: frozenset(
        {"session_decided", "session_decided_by_hand", "session_done", "session_done_by_hand"},
    ),
    Kind.SUMMONS: frozenset(
        {
            "summoned",
            "summons_absent",
            "summons_acknowledged",
            "summons_arrived",
            "summons_asked",
            "summons_declined",
            "summons_due",
            "summons_granted",
            "summons_led_by_office",
            "summons_scored",
            "summons_unanswered",
        }
    ),
    Kind.CALL: frozenset({"call_called_off", "call_to_action"}),
    Kind.WEEK: frozenset({"week_of_posts"}),
    Kind.PARTNER: frozenset({"delivery_parked", "subscription_disabled"}),
    Kind.SIGN_IN: frozenset({"sign_in_changed"}),
}
"""Which templates each kind holds; every template of a notice is in one."""

MANDATORY = frozenset({Kind.OWN_CASE, Kind.SIGN_IN})
"""The kinds of which nothing can be declined or gathered."""

KIND_OF: Mapping[str, Kind] = {template: kind for kind, templates in KINDS.items() for template in templates}
