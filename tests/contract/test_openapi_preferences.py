"""What the interface takes of preferences is what notify takes, and each kind has its words."""

from typing import Any

import pytest
from marshmallow import Schema

from gateway.routes.preferences import CHOICE
from gateway.schemas import preferences as offered
from gateway.sheets.kind_words import KIND_WORDS
from notify.channels.port import DECLINABLE
from notify.preferences import schemas, views
from notify.preferences.kinds import Kind
from notify.preferences.preference import Preference


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (offered.PreferencesChosen(), schemas.PreferencesSchema()),
        (offered.DeclinedChannels(), schemas.DeclinedSchema()),
        (offered.QuietHours(), schemas.QuietSchema()),
    ],
)
def test_a_body_has_the_fields_that_notify_reads(given: Schema, taken: Schema) -> None:
    assert set(given.fields) == set(taken.fields)


def test_kinds_and_channels_are_those_of_notify() -> None:
    assert list(offered.KINDS) == list(KIND_WORDS) == [kind.value for kind in Kind]
    assert offered.CHANNELS == DECLINABLE


@pytest.mark.parametrize("body", [{}, CHOICE, {"quiet": None}, {"declined": {kind: ["sms"] for kind in offered.KINDS}}])
def test_what_the_interface_lets_through_notify_can_read(body: dict[str, Any]) -> None:
    assert offered.PreferencesChosen().load(body) == body
    schemas.PreferencesSchema().load(body)


def test_what_notify_shows_is_described() -> None:
    shown = views.preference(Preference("p-1"))
    assert set(offered.Preferences().fields) == set(shown)
    assert offered.Preferences().validate(shown) == {}
