"""Whether the bound of the rotation can be kept, and how many turns of a day it takes (docs/domain.md, F45)."""

from collections.abc import Sequence

from members.rotation.turn import BOUND, Shortfall, Waiting


def queued(compounds: Sequence[Waiting]) -> list[Waiting]:
    """Those that have waited longest first, of these who was displaced, who was visited less often, and then by id."""
    return sorted(compounds, key=lambda each: (-each.waited, not each.displaced, each.visits, each.compound_id))


def turns_needed(queue: Sequence[Waiting]) -> int:
    """How many turns a day, from this day on, keep the bound for the queue and for whoever lines up again behind it.

    The n-th of a queue has its turn on day n/turns at the latest, and it may wait `left` days for it. None may wait for
    more days than the bound has: so many turns also let those who are visited now come again in time.
    """
    return max((_ceil(n, max(each.left, 1)) for n, each in enumerate(queue, 1)), default=0)


def turns_bound(queue: Sequence[Waiting]) -> int:
    """How many from the front no need may displace: those whom the bound needs, and who was displaced before."""
    heads = (n for n, each in enumerate(queue, 1) if each.displaced)
    return max(turns_needed(queue), *heads, 0)


def shortfall(queue: Sequence[Waiting], teams: int, later: int) -> Shortfall | None:
    """What breaks and when, if this many teams and `later` so many a day go on visiting who has waited longest.

    None if the bound is kept from now on.
    """
    served_on = {each.compound_id: _turn_of(n, teams, later) for n, each in enumerate(queue, 1)}
    keeps = _ceil(len(queue), later) if later else None
    # Whoever lines up behind the queue comes through if the whole of it does, time and again.
    goes_round = keeps is not None and keeps <= BOUND
    in_time = all((on := served_on[each.compound_id]) is not None and on <= max(each.left, 1) for each in queue)
    if not queue or (in_time and goes_round):
        return None
    fewest, needed = min(teams, later), turns_needed(queue)
    late = [each for each in queue if (on := served_on[each.compound_id]) is None or on > each.left]
    if not late:
        return Shortfall(BOUND, (), fewest, needed, keeps)
    first = min(max(each.left, 0) for each in late)
    ids = tuple(each.compound_id for each in late if max(each.left, 0) == first)
    return Shortfall(first, ids, fewest, needed, keeps)


def _turn_of(n: int, teams: int, later: int) -> int | None:
    """On which day the n-th has its turn; None for never."""
    if n <= teams:
        return 1
    return 1 + _ceil(n - teams, later) if later else None


def _ceil(count: int, by: int) -> int:
    return -(-count // by)
