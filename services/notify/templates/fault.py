"""What is wrong with a draft, all of it told at once; each fault says where it is and has a code of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chassis.errors import Refusal


@dataclass(frozen=True)
class Fault:
    """What is wrong with a text: a JSON pointer, a stable code, the line in it (from 1) and what its wording needs."""

    pointer: str
    code: str
    line: int | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        """The form in which it travels."""
        details = {**({"line": self.line} if self.line else {}), **self.more}
        return {"pointer": self.pointer, "code": self.code, "detail": self.code, "details": details}


def check(faults: Iterable[Fault]) -> None:
    """Refuses `template_refused`, if there is a fault, and names each of them in `errors`."""
    if found := list(faults):
        raise Refusal("template_refused", errors=[each.dump() for each in found])
