"""A service inherits its desks: what one of them calls its own, no other may call likewise, or it would be lost."""

from collections import Counter

import pytest

from cases.service import CasesService
from chassis.desk import Desk
from chassis.service import Service
from members.service import MembersService
from notify.service import NotifyService

DECLARED = {"__module__", "__doc__", "__dict__", "__weakref__", "__annotations__", "__firstlineno__"}
SERVICES = (CasesService, MembersService, NotifyService)


def desks(service: type[Service]) -> list[type]:
    return [Desk, *(base for base in service.__bases__ if base is not Service)]


@pytest.mark.parametrize("service", SERVICES)
def test_no_two_desks_have_a_name_in_common(service: type[Service]) -> None:
    assert len(desks(service)) > 4
    names = Counter(name for each in (service, *desks(service)) for name in vars(each) if name not in DECLARED)
    shared = {name for name, times in names.items() if times > 1 and not name.startswith("__")}
    assert shared == set()


@pytest.mark.parametrize("service", SERVICES)
def test_no_desk_hides_what_every_service_has(service: type[Service]) -> None:
    own = {name for name in dir(Service) if not name.startswith("__")}
    hidden = {(each.__name__, name) for each in desks(service) for name in vars(each) if name in own}
    assert hidden == set()
