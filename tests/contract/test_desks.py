"""A service is all of its desks in one class: none may take the place of what another one has under the same name."""

from collections import defaultdict
from itertools import combinations

import pytest

from cases.service import CasesService
from members.service import MembersService
from notify.service import NotifyService


def clashes(service: type) -> list[str]:
    """Names that two classes have of which none is made from the other."""
    holders: dict[str, list[type]] = defaultdict(list)
    for each in service.__mro__[:-1]:
        for name in vars(each):
            if not name.startswith("__"):
                holders[name].append(each)
    return [
        f"{name}: {one.__qualname__}, {other.__qualname__}"
        for name, found in holders.items()
        for one, other in combinations(found, 2)
        if not issubclass(one, other)
    ]


@pytest.mark.parametrize("service", [CasesService, MembersService, NotifyService])
def test_no_desk_takes_the_place_of_anothers_method(service: type) -> None:
    assert clashes(service) == []


def test_a_clash_is_seen() -> None:
    class One:
        def _check(self) -> None: ...

    class Other:
        def _check(self) -> None: ...

    class Narrower(One):
        def _check(self) -> None: ...

    class Both(Narrower, Other): ...

    assert len(clashes(Both)) == 2
