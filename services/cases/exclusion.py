"""Why a case may be left out of the three rates, and what came of proposing it (docs/domain.md §2.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Ground(StrEnum):
    """For what a case may be left out of the three rates."""

    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    MALICIOUS = "malicious"
    OUT_OF_JURISDICTION = "out_of_jurisdiction"
    UNREASONABLE = "unreasonable"
    ANSWERED_DIRECTLY = "answered_directly"


WORDS: Mapping[Ground, tuple[str, str]] = {
    Ground.DUPLICATE: ("重复反映", "reported already"),
    Ground.WITHDRAWN: ("反映人撤回", "taken back by the reporter"),
    Ground.MALICIOUS: ("恶意反映", "malicious"),
    Ground.OUT_OF_JURISDICTION: ("不属本区管辖", "outside the district's duties"),
    Ground.UNREASONABLE: ("诉求不合理", "unreasonable"),
    Ground.ANSWERED_DIRECTLY: ("直接答复", "answered at once"),
}


class Stage(StrEnum):
    """How far an exclusion has come; only an approved one counts."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True)
class Exclusion:
    """That a case is to be left out of the rates: for what and in whose words, and what somebody else decided.

    `answer` are the words of whoever refused it.
    """

    reason: Ground
    text: str
    proposed_by: str
    proposed_at: datetime
    state: Stage = Stage.PROPOSED
    decided_by: str | None = None
    decided_at: datetime | None = None
    answer: str | None = None

    @property
    def holds(self) -> bool:
        """Whether the case is left out."""
        return self.state is Stage.APPROVED
