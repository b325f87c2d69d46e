"""Everything that is wrong with an input, told at once: each fault with what it is about and a code of its own."""

from collections.abc import Iterable

from chassis.errors import Refusal

Fault = tuple[str, Refusal]
"""The JSON pointer to what is wrong ("" for all of it), and what alone would be refused."""


def check(faults: Iterable[Fault]) -> None:
    """Refuses as `listed` says, if there is a fault."""
    if found := list(faults):
        raise listed(*found)


def listed(*faults: Fault) -> Refusal:
    """What is refused: the code of the faults, or `invalid` where they have several, and each of them in `errors`."""
    errors = [{"pointer": pointer, "code": each.code, "detail": each.code} for pointer, each in faults]
    if len({each.code for _, each in faults}) > 1:
        return Refusal("invalid", errors=errors)
    _, refusal = faults[0]
    refusal.details["errors"] = errors
    return refusal
