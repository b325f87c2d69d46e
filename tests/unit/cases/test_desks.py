"""The service inherits its desks: what one of them calls its own, no other may call likewise, or it would be lost."""

from collections import Counter

from cases.desk import Desk
from cases.service import CasesService
from chassis.service import Service

DESKS = [Desk, *(base for base in CasesService.__bases__ if base is not Service)]
DECLARED = {"__module__", "__doc__", "__dict__", "__weakref__", "__annotations__"}


def test_no_two_desks_have_a_name_in_common() -> None:
    assert len(DESKS) > 5
    names = Counter(name for each in (CasesService, *DESKS) for name in vars(each) if name not in DECLARED)
    shared = {name for name, times in names.items() if times > 1 and not name.startswith("__")}
    assert shared == set()


def test_no_desk_hides_what_every_service_has() -> None:
    own = {name for name in dir(Service) if not name.startswith("__")}
    hidden = {(each.__name__, name) for each in DESKS for name in vars(each) if name in own}
    assert hidden == set()
