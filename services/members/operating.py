"""What operators do with members: its keys, and its copies of what cases keeps."""

from chassis.operating.offer import Copies, Offer
from members.keys import seal
from members.sealing import MARKED

OFFER = Offer(
    marked=MARKED,
    sealer=seal,
    copies=(
        Copies("cases", "copy_cases", "cases", "standings"),
        Copies("categories", "copy_categories", "cases", "entered_policies"),
    ),
)
