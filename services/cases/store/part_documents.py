"""How the parts of a case are written in the database and read back: deadlines, marks, mediation, exclusion."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from cases.deadline import LOCAL
from cases.dues import Dues
from cases.exclusion import Exclusion, Ground, Stage
from cases.mediation import Ending, Mediation, Meeting, Party
from cases.rating import Rating, Solved
from chassis.privacy import masked_name, masked_phone
from chassis.secret import Secret, unshown

Document = dict[str, Any]

MILLISECOND = timedelta(milliseconds=1)


def part(value: object | None) -> Document | None:
    """A value without further values in it; unlike `asdict`, which takes most of the time, nothing is copied."""
    return None if value is None else vars(value)


def parts(values: Iterable[object]) -> list[Document]:
    """Values without further values in them."""
    return [vars(value) for value in values]


def dues_part(dues: Dues) -> Document:
    """The deadlines as they are written; `resolve_due` is for queries alone."""
    return vars(dues) | {
        "paused": dues.paused // MILLISECOND,
        "extended": dues.extended // MILLISECOND,
        "presumed_years": list(dues.presumed_years),
        "resolve_due": dues.resolve_due,
    }


def read_dues(row: Mapping[str, Any]) -> Dues:
    """The deadlines in a document."""
    lengths: dict[str, Any] = {name: row[name] * MILLISECOND for name in ("paused", "extended")}
    kept = {name: value for name, value in row.items() if name not in {"resolve_due", "presumed"}}
    return Dues(**{**kept, **lengths, "presumed_years": _read_years(row)})


def _read_years(row: Mapping[str, Any]) -> tuple[int, ...]:
    """Older cases say only that a year was presumed, which is that of the deadline."""
    if "presumed_years" in row:
        return tuple(row["presumed_years"])
    return (row["resolve_rule"].astimezone(LOCAL).year,) if row.get("presumed") else ()


def rating_part(rating: Rating) -> Document:
    """A mark as it is written."""
    return vars(rating) | {"solved": rating.solved.value if rating.solved else None}


def read_rating(row: Mapping[str, Any]) -> Rating:
    """A mark in a document."""
    return Rating(**{**row, "solved": Solved(row["solved"]) if row["solved"] else None})


def mediation_part(mediation: Mediation | None) -> Document | None:
    """The mediation as it is written, if there is one."""
    if mediation is None:
        return None
    rows = {"parties": parts(mediation.parties), "meetings": parts(mediation.meetings)}
    outcome = mediation.outcome.value if mediation.outcome else None
    return vars(mediation) | {**rows, "outcome": outcome, "agreement": list(mediation.agreement)}


def read_mediation(row: Mapping[str, Any] | None) -> Mediation | None:
    """The mediation in a document, if there is one."""
    if row is None:
        return None
    parties = tuple(Party(**{**one, **read_marked(one)}) for one in row["parties"])
    meetings = tuple(_read_meeting(one) for one in row["meetings"])
    outcome, agreement = Ending(row["outcome"]) if row["outcome"] else None, tuple(row["agreement"])
    return Mediation(**{**row, "parties": parties, "meetings": meetings, "outcome": outcome, "agreement": agreement})


def exclusion_part(exclusion: Exclusion | None) -> Document | None:
    """The exclusion as it is written, if there is one."""
    if exclusion is None:
        return None
    return vars(exclusion) | {"reason": exclusion.reason.value, "state": exclusion.state.value}


def read_exclusion(row: Mapping[str, Any] | None) -> Exclusion | None:
    """The exclusion in a document, if there is one."""
    if row is None:
        return None
    return Exclusion(**{**row, "reason": Ground(row["reason"]), "state": Stage(row["state"])})


def _read_meeting(row: Mapping[str, Any]) -> Meeting:
    return Meeting(row["at"], row["by"], Secret.kept(row["record"], unshown) or Secret.words(""))


def read_marked(row: Mapping[str, Any]) -> dict[str, Secret | None]:
    """The marked texts of a contact or a party, as they are kept."""
    return {"name": Secret.kept(row["name"], masked_name), "phone": Secret.kept(row["phone"], masked_phone)}
