"""The files that leave the gateway or that operators take away: the trail of each service knows in which roles."""

import re
from pathlib import Path

import cases.operating
import cases.trail
import gateway.routes
import members.operating
import members.trail

SOURCE = re.compile(r'Source\("(\w+)", "(\w+)"')
"""Where a file comes from, as routes name it: the service, and what it is."""


def test_each_file_has_its_roles_in_the_trail_of_its_service() -> None:
    routes = Path(str(gateway.routes.__file__)).parent.glob("*.py")
    files = {found for route in routes for found in SOURCE.findall(route.read_text(encoding="utf-8"))}
    known = {"cases": cases.trail.READ_IN, "members": members.trail.READ_BY}
    told = {(service, kind) for service, kinds in known.items() for kind in kinds if kind != "audit"}
    taken = {
        (service, each.kind)
        for service, offer in (("cases", cases.operating.OFFER), ("members", members.operating.OFFER))
        for each in offer.exports
    }
    assert files | taken == told
