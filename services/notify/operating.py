"""What operators do with notify: its keys, and its copies of what others keep."""

from chassis.operating.offer import Copies, Offer
from notify.sealed import MARKED, sealer

OFFER = Offer(
    marked=MARKED,
    sealer=sealer,
    copies=(
        Copies("names", "copy_names", "members", "places"),
        Copies("categories", "copy_categories", "cases", "entered_policies"),
    ),
)
