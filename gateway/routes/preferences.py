"""What the signed-in person wants to be told outside the inbox."""

from typing import Any

from flask import Response

from gateway.answers import answer, readable
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import Operations
from gateway.schemas.preferences import Preferences, PreferencesChosen

CHOICE = {
    "zone": "Asia/Shanghai",
    "quiet": {"begins": "22:00", "ends": "07:00"},
    "declined": {"activity": ["sms"]},
    "gathered": ["match_list"],
    "digest_at": "18:00",
}

routes = Operations("preferences", "What people want to be told outside the inbox, through which channels, and when.")


@routes.reads("/inbox/preferences", Preferences)
def preferences() -> Response:
    """What holds for the caller: chosen, or as it is for everybody."""
    return readable(ask().notify.preferences(caller=identity().caller))


@routes.operation("PUT", "/inbox/preferences", Preferences, takes=PreferencesChosen(), examples=CHOICE)
def choose_preferences(body: dict[str, Any]) -> Response:
    """Choose anew, all at once; what is left out is as if never chosen.

    Emergencies, and changes of what somebody signs in by, are sent whatever is chosen. Results of own cases wait for
    the end of quiet hours, and nothing else holds them back.
    """
    return answer(ask().notify.choose(caller=identity().caller, **body))
