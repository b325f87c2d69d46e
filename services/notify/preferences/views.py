"""What somebody gets to see of their preferences."""

from typing import Any

from notify.preferences.kinds import MANDATORY, Kind
from notify.preferences.preference import Preference

Answer = dict[str, Any]


def preference(found: Preference) -> Answer:
    """The choices, with every kind there is and whether it can be declined."""
    return chosen(found) | {"kinds": [{"kind": kind.value, "mandatory": kind in MANDATORY} for kind in Kind]}


def chosen(found: Preference) -> Answer:
    """The choices alone."""
    quiet = found.quiet
    return {
        "zone": found.zone,
        "quiet": {"begins": f"{quiet.begins:%H:%M}", "ends": f"{quiet.ends:%H:%M}"} if quiet else None,
        "declined": {kind.value: sorted(channels) for kind, channels in sorted(found.declined.items())},
        "gathered": sorted(found.gathered),
        "digest_at": f"{found.digest_at:%H:%M}",
    }
