"""Which variables the texts of a template may ask for, and which they have to say; no drafts and no store."""

from collections.abc import Mapping
from functools import cache

from notify.preferences.kinds import KIND_OF, Kind
from notify.wording.wording import PLAIN, built_in

ALWAYS_TOLD: Mapping[Kind, frozenset[str]] = {
    **dict.fromkeys((Kind.OWN_CASE, Kind.TASK, Kind.DESK), frozenset({"number", "category", "place", "resolve_due"})),
    Kind.SUMMONS: frozenset({"number", "category", "place"}),
    Kind.ACTIVITY: frozenset({"activity", "begins", "ends", "place"}),
    Kind.MATCH_LIST: frozenset({"category", "place"}),
    Kind.SESSION: frozenset({"session", "place", "held_at", "cases", "needs"}),
}
"""What every event behind a template of the kind tells, whether or not the built-in text says it."""

NEEDED: Mapping[str, str] = {
    "one_time_code": "code",
    "digest": "lines",
    "call_to_action": "call",
    "call_by_hand": "message",
    "tell_by_hand": "message",
    "tell_followers_by_hand": "message",
    "delivery_parked": "subscription_id",
    "subscription_disabled": "subscription_id",
}
"""What the text for every channel has to say, for without it the message is of no use."""

NUMBER = "number"
"""What each text about a case has to say, in every channel, where the built-in one says it: people have several."""

NEEDED_EVERYWHERE = frozenset({"one_time_code"})
"""The templates whose texts for single channels have to say it too: nothing stands in the inbox."""


@cache
def needed(template: str, variant: str) -> frozenset[str]:
    """Which variables the text of a template for a channel, or for every channel, has to say."""
    found = set()
    if template in NEEDED and (variant == PLAIN or template in NEEDED_EVERYWHERE):
        found.add(NEEDED[template])
    if all(NUMBER in source.asks for place, source in built_in().items() if place.template == template):
        found.add(NUMBER)
    return frozenset(found)


@cache
def variables(template: str) -> frozenset[str]:
    """What its texts may ask for: what the built-in ones do, in any language, and what its kind always tells."""
    built = (source.asks for place, source in built_in().items() if place.template == template)
    kind = KIND_OF.get(template)
    return frozenset().union(*built) | (ALWAYS_TOLD.get(kind, frozenset()) if kind else frozenset())
