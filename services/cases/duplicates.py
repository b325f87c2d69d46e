"""Finding what may have been reported before: for a case that is kept, or a report still being typed in."""

from cases.likeness import Likeness, Sketch, likenesses
from cases.store.cases import CaseStore


class Duplicates:
    """Looks among the open cases for those that may be about the same thing as a report."""

    def __init__(self, cases: CaseStore) -> None:
        self._cases = cases

    def of(self, sketch: Sketch) -> list[Likeness]:
        """At most ten, best first; one indexed query, whether the report is kept or not.

        The sketch of a report that is not kept needs a place, the time and, if it is known, the category. Who asks has
        to oversee that place: what is found lies in its grid, and is still to be shown as far as the asker may see it.
        """
        return likenesses(sketch, self._cases.around(sketch))
