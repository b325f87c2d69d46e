"""Finding what may have been reported before: for a case that is kept, or a report still being typed in."""

from cases.case import Case
from cases.likeness import Likeness, Sketch, likenesses
from cases.showing.sight import Sight, sight
from cases.store.cases import CaseStore
from chassis.caller import Caller


class Duplicates:
    """Looks among the open cases for those that may be about the same thing as a report, for one question at a time.

    What is open around several reports of one moment, place and category is read once.
    """

    def __init__(self, cases: CaseStore) -> None:
        self._cases = cases
        self._around: dict[Sketch, list[Case]] = {}

    @property
    def read(self) -> int:
        """How many open cases were read so far, to be compared."""
        return sum(len(each) for each in self._around.values())

    def of(self, sketch: Sketch) -> list[Likeness]:
        """At most ten, best first; one indexed query, whether the report is kept or not.

        The sketch of a report that is not kept needs a place, the time and, if it is known, the category. Who asks has
        to oversee that place: what is found lies in its grid, and is still to be shown as far as the asker may see it.
        """
        around = Sketch(sketch.place, sketch.reported_at, sketch.category)
        if around not in self._around:
            self._around[around] = self._cases.around(around)
        return likenesses(sketch, self._around[around])

    def shown_to(self, who: Caller, sketch: Sketch) -> list[tuple[Likeness, Sight]]:
        """Those of them that this caller sees more than an outline of, with how much that is.

        That two reports are 30 m apart tells where the one is to whoever knows where the other is (docs/domain.md §5).
        """
        found = [(each, sight(each.case, who)) for each in self.of(sketch)]
        return [(each, seen) for each, seen in found if seen > Sight.OUTLINE]
