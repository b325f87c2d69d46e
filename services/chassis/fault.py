"""Everything that is wrong with an input, told at once: each fault with what it is about and a code of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chassis.errors import Refusal


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field: a JSON pointer ("" for all of it), a stable code, and what its text needs."""

    pointer: str
    code: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def dump(self, before: str = "") -> dict[str, Any]:
        """The form in which it travels; `before` is the pointer of the entry among several."""
        named = {"pointer": f"{before}{self.pointer}", "code": self.code, "detail": self.code}
        return named | ({"details": dict(self.details)} if self.details else {})


def check(faults: Iterable[Fault]) -> None:
    """Refuses as `listed` says, if there is a fault."""
    if found := list(faults):
        raise listed(*found)


def listed(*faults: Fault) -> Refusal:
    """What is refused: the code of the faults, or `invalid` where they have several, and each of them in `errors`."""
    codes = {fault.code for fault in faults}
    details = faults[0].details if len(faults) == 1 else {}
    code = codes.pop() if len(codes) == 1 else "invalid"
    return Refusal(code, errors=[each.dump() for each in faults], **details)
