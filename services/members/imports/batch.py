"""A register that came as a whole: how its lines are looked at, and what is told of them; it knows no storage."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.fault import Fault


@dataclass(frozen=True)
class Import:
    """What is kept of an import besides what it entered: by whom the history says."""

    id: str
    tenant: str
    register: str
    lines: int


def misformed(fault: Mapping[str, str], n: int) -> dict[str, Any]:
    """A fault in the form of the n-th line; what people mistake for something else has a code of its own."""
    pointer = f"/items/{n}{fault['pointer']}"
    match fault["detail"]:
        case "Not a valid date.":
            return Fault(pointer, "impossible_date").dump()
        case "Not a unified social credit code of 18 characters (GB 32100).":
            return Fault(pointer, "credit_code_wrong").dump()
        case detail:
            return {"pointer": pointer, "code": "not_valid", "detail": detail}


def placed(found: Sequence[tuple[int, Sequence[Fault]]]) -> Iterator[dict[str, Any]]:
    """The faults that rules found, each with its line: `(number of the line, its faults)`."""
    for n, faults in found:
        for fault in faults:
            yield fault.dump(f"/items/{n}")


def repeated(codes: Iterable[tuple[int, str | None]], taken: Container[int]) -> Iterator[dict[str, Any]]:
    """A fault for each line whose credit code stands in another one too, unless it is `taken` anyhow."""
    lines = [(n, code) for n, code in codes if code]
    times = Counter(code for _, code in lines)
    for n, code in lines:
        if times[code] > 1 and n not in taken:
            yield Fault(f"/items/{n}/credit_code", "credit_code_repeated", {"credit_code": code}).dump()
