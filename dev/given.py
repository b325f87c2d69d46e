"""What stands on make's command line, handed on as name=value; knows nothing of what the names mean."""

from collections.abc import Collection, Sequence


def given(arguments: Sequence[str], known: Collection[str], target: str) -> dict[str, str]:
    """`cases=2` as `{"cases": "2"}`; raises ValueError that lists the `known` names when there is another one."""
    pairs = [argument.partition("=") for argument in arguments]
    unknown = [name for name, _, _ in pairs if name not in known]
    if unknown:
        raise ValueError(f"make {target} knows no {' or '.join(unknown)}. It takes {', '.join(known)}.")
    return {name: value for name, _, value in pairs}
