"""The round that tells holders of posts of their week."""

from collections.abc import Sequence
from typing import Any

from chassis.desk import Desk
from chassis.ids import new_id
from chassis.instant import written
from chassis.store import Store
from notify.bell import Bell, on_bell
from notify.notices.store import NoticeStore
from notify.real_time import real_now
from notify.weeks import schemas
from notify.weeks import week as rules
from notify.weeks.store import LEASE, WeeksInHand
from notify.weeks.week import Week

HOLDERS_AT_ONCE = 50
"""Their grids are counted in one question for each unit that they are of, and a question has a deadline."""


class WeekDesk(Desk):
    """Tells everybody who holds a post once a week how their grids stand, page by page, beside everything else."""

    weeks_in_hand: WeeksInHand = Store(WeeksInHand)
    cases: Any
    notices_kept: NoticeStore
    bulk: Bell
    members: Any

    @on_bell("weeks", seconds=60.0)
    def tell_of_the_week(self) -> None:
        """Tell of a week when it is time, page by page.

        Whoever ends in between leaves a page that is told again: nobody gets a notice twice.
        """
        if week := rules.due(self.clock.now(), new_id()):
            self.weeks_in_hand.add(week, real_now())
        token = new_id()
        while week := self.weeks_in_hand.claim(token, real_now(), real_now() + LEASE):
            self.weeks_in_hand.advance(week.id, token, self._told_of(week), real_now())

    def _told_of(self, week: Week) -> str | None:
        """Put the next page into the inboxes, and on its way outside: where the one after it begins, if any."""
        asked = {"on": rules.local_day(week.until).isoformat(), "after": week.after, "limit": HOLDERS_AT_ONCE}
        holders, following = schemas.holders(self.members.post_holders(**asked))
        counts = {unit_id: self._counts(week, grids, unit_id) for unit_id, grids in rules.grids_of(holders).items()}
        self.notices_kept.add(list(rules.notices(week, holders, counts)), real_now())
        self.bulk.ring()
        return following

    def _counts(self, week: Week, grids: Sequence[str], unit_id: str | None) -> dict[str, dict[str, int]]:
        """What is counted of these grids for the people of a unit."""
        asked = {"grids": grids, "since": written(week.since), "until": written(week.until)}
        about = {"not_of": unit_id} if unit_id else {}
        return schemas.counts(self.cases.counts_of_grids(**asked, **about))
