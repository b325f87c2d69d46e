"""Reasons by code: why a case was refused, returned, given to others, extended, suspended, sent back or excluded."""

from collections.abc import Mapping

from cases.act import Act
from cases.exclusion import Ground

TO_EXTEND = ("parts", "complex", "access", "weather", "other")
TO_SUSPEND = ("funds", "weather", "litigation")

REASONS: Mapping[Act, tuple[str, ...]] = {
    Act.REJECT: (
        "duplicate",
        "malicious",
        "out_of_jurisdiction",
        "unreasonable",
        "not_found",
        "insufficient",
    ),
    Act.DISPATCH: ("knows_the_case", "nobody_else", "other"),
    Act.RETURN: ("not_responsible", "no_capacity", "wrong_category", "unsafe", "other"),
    Act.REASSIGN: ("not_responsible", "no_capacity", "wrong_skill", "assignee_left", "other"),
    Act.EXTEND: TO_EXTEND,
    Act.ASK_EXTEND: TO_EXTEND,
    Act.SUSPEND: TO_SUSPEND,
    Act.ASK_SUSPEND: TO_SUSPEND,
    Act.REWORK: ("not_solved", "poor_quality", "evidence_missing", "other"),
    Act.REOPEN: ("not_solved", "came_back", "other"),
    Act.PROPOSE_EXCLUSION: tuple(Ground),
}
"""The codes that each act takes; those to refuse and exclude follow docs/domain.md §2.4, those to suspend §2.2."""

FINDINGS = ("confirmed", "not_found", "different")
"""What a grid worker can find when a report is verified."""
