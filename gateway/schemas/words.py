"""What codes are called, as it is shown."""

from collections.abc import Mapping

from marshmallow import Schema, fields

from gateway.schemas.ledgers import InBoth

MEANINGS: Mapping[str, str] = {
    "status": "Of a case.",
    "act": "What is done to a case, as its timeline and `acts` have it.",
    "reason": "Every `reason_code` of cases, demands, projects and summons.",
    "severity": "Of a case and of a category.",
    "tag": "Of a case.",
    "source": "How a case came.",
    "solved": "What who is asked says of a case.",
    "satisfaction": "How much who is asked likes it.",
    "callback": "How somebody without an account is told.",
    "session": "Kinds of intake sessions.",
    "role": "What people are.",
    "skill": "What people can do.",
    "identity": "What people agreed to show.",
    "unit_type": "Kinds of units.",
    "registration_reason": "Every `reason_code` of registrations.",
    "message_kind": "By which people choose what they are told outside the inbox.",
    "disabled_reason": "Why a subscription was disabled.",
}
"""The kinds of codes, with what each is of."""


def _of(meaning: str) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(), values=fields.Nested(InBoth), required=True, metadata={"description": meaning}
    )


class Words(Schema.from_dict({kind: _of(meaning) for kind, meaning in MEANINGS.items()})):  # type: ignore[misc]  # made
    """What the codes of each kind are called in both languages; new codes may come at any time."""
