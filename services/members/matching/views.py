"""What others get to see of a proposal."""

from typing import Any

from members.matching.ranking import Candidate

Answer = dict[str, Any]


def candidate(found: Candidate) -> Answer:
    """A proposed person, without name or phone."""
    return {
        "person_id": found.person_id,
        "kind": found.kind.value,
        "score": found.score,
        "parts": dict(found.parts),
        "reasons": [{"code": each.code, "zh": each.zh, "en": each.en} for each in found.reasons],
        "distance_m": found.distance_m,
        "load": found.load,
        "busy": found.load > 0,
    }
