"""What codes are called, so that front ends need no dictionary of their own."""

from collections.abc import Mapping

from flask import Response

from gateway.answers import readable
from gateway.case_words import ACTS, ASKED, AT_WORK, SOURCES
from gateway.facade import ask
from gateway.operations import Operations
from gateway.problems import Text
from gateway.schemas.words import MEANINGS, Words
from gateway.sheets.intake_sessions import TAGS
from gateway.sheets.kind_words import KIND_WORDS
from gateway.sheets.ledger import SEVERITIES, STATUSES
from gateway.sheets.registry_words import IDENTITIES, ROLES, SKILLS, UNIT_TYPES

OWN: Mapping[str, Mapping[str, Text]] = {
    "status": STATUSES,
    "act": {**ACTS, **ASKED, **AT_WORK},
    "severity": SEVERITIES,
    "tag": TAGS,
    "source": SOURCES,
    "role": ROLES,
    "skill": SKILLS,
    "identity": IDENTITIES,
    "unit_type": UNIT_TYPES,
    "message_kind": KIND_WORDS,
}
"""The kinds whose words the gateway has for its files and pages; those of the others notify has for its messages."""

routes = Operations("words", "What codes are called.")


@routes.reads("/words", Words, public=True, errors=(503, 504))
def words() -> Response:
    """What codes are called, in both languages, for front ends.

    What categories are called a district decides: `GET /v1/categories`. Grids, compounds and units are named where
    they are shown, in `names`.
    """
    told = ask().notify.words()
    own = {kind: {code: text._asdict() for code, text in known.items()} for kind, known in OWN.items()}
    return readable({kind: own.get(kind) or told[kind] for kind in MEANINGS})
