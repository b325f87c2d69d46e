"""An evaluation written as a document and read back."""

from collections.abc import Mapping
from typing import Any

from chassis.outbox import Document
from members.evaluations.evaluation import Decision, Evaluation, Measure, Status, Subject

NESTED = ("measure", "decision")


def written(found: Evaluation) -> Document:
    """The document."""
    plain = {name: value for name, value in vars(found).items() if name not in {"id", *NESTED}}
    return {
        "_id": found.id,
        "tenant": found.tenant,
        **plain,
        "subject": found.subject.value,
        "status": found.status.value,
        "presumed_years": list(found.presumed_years),
        "measure": dict(vars(found.measure)),
        "decision": dict(vars(found.decision)) if found.decision else None,
    }


def read(found: Mapping[str, Any]) -> Evaluation:
    """The evaluation that the document describes."""
    named = {name: found[name] for name in Evaluation.__dataclass_fields__ if name != "id"}
    known = {
        "subject": Subject(found["subject"]),
        "status": Status(found["status"]),
        "presumed_years": tuple(found["presumed_years"]),
        "measure": Measure(**found["measure"]),
        "decision": Decision(**found["decision"]) if found["decision"] else None,
    }
    return Evaluation(id=found["_id"], **{**named, **known})
