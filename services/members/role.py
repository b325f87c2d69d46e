"""Roles: in what capacity somebody acts; each is granted for a scope."""

ROLES = (
    "resident",
    "rider",
    "grid_worker",
    "community_worker",
    "dispatcher",
    "inspector",
    "in_service_member",
    "volunteer",
    "unit_contact",
    "union_leader",
    "union_cadre",
    "party_office",
    "district_admin",
    "auditor",
)
"""Every role that a person can be granted (docs/domain.md §5)."""

SPEAKER = "unit_contact"
"""Who speaks for the unit that they are of."""
