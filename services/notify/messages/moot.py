"""Which messages have nothing left to say once their case has ended."""

ASKING = frozenset(
    {
        "asked",
        "assigned",
        "assignee_left",
        "came_again",
        "contact_late",
        "contact_please",
        "extension_asked",
        "half_time",
        "nearly_due",
        "nobody_has_it",
        "office_decides",
        "overdue",
        "reopened_at_desk",
        "returned",
        "review_due",
        "reworked",
        "silent",
        "step_late",
        "still_overdue",
        "still_working",
        "summoned",
        "summons_asked",
        "summons_due",
        "suspension_asked",
        "team_smaller",
        "timed_out",
        "to_inspect",
        "verified",
        "verify_please",
    }
)
"""Templates that ask somebody to do something on a case: whoever reads them after its end would do it for nothing."""
