"""What operators do with members: its keys, its copies of what cases keeps, and the register of people as a file."""

from collections.abc import Sequence
from typing import Any

from chassis.operating.offer import Copies, Export, Offer
from members.keys import seal
from members.registry.sight import AUDITOR
from members.schemas import MANY
from members.sealing import MARKED

Answer = dict[str, Any]


def _of_people(area: str) -> Sequence[tuple[Answer, Answer]]:
    """Those who are active."""
    return [({}, {"filters": {"area": area}, "limit": MANY})]


OFFER = Offer(
    marked=MARKED,
    sealer=seal,
    copies=(
        Copies("cases", "copy_cases", "cases", "standings"),
        Copies("categories", "copy_categories", "cases", "entered_policies"),
    ),
    exports=(Export("people", "people_list", AUDITOR, "people", _of_people),),
)
