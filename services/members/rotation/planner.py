"""The plan of service days to come: whose turn it is by waiting, need and order, and who is displaced (F45, F46)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from members.rotation.bound import queued, shortfall, turns_bound
from members.rotation.crews import available, sent
from members.rotation.score import score, terms
from members.rotation.turn import BOUND, MOST_OVERRIDES, DayAhead, DayPlan, Displaced, Order, Turn, Waiting, Why


def planned(ahead: DayAhead, compounds: Sequence[Waiting], later: int) -> DayPlan:
    """The plan of one day, after which so many teams come on each.

    The longest unserved have the turns, save for at most six that go to compounds in need which score higher. Nobody
    whom the bound needs and nobody who was displaced the last time is displaced by need; with fewer teams overrides are
    what is cut first. What an organiser ordered comes before all.
    """
    crew, queue, orders = available(ahead.teams), queued(compounds), ahead.orders
    by_id = {each.compound_id: each for each in queue}
    regular = queue[: len(crew)]
    swaps = list(_ordered(regular, by_id, orders))
    swaps += _overridden(queue, regular, swaps, orders)
    gone = {out.compound_id for _, out, _ in swaps}
    why = {came.compound_id: reason for came, _, reason in swaps}
    chosen = [*(each for each in regular if each.compound_id not in gone), *(came for came, _, _ in swaps)]
    team_of = sent(chosen, crew)
    turns = (_turn(each, team_of[each.compound_id], why) for each in chosen)
    return DayPlan(
        ahead.day,
        tuple(sorted(turns, key=lambda turn: (list(Why).index(turn.why), -turn.score, turn.compound_id))),
        tuple(Displaced(out.compound_id, came.compound_id, reason, terms(out)) for came, out, reason in swaps),
        shortfall(queue, len(crew), later),
    )


def planned_ahead(
    days: Iterable[DayAhead], compounds: Sequence[Waiting], later: int
) -> Iterator[tuple[DayPlan, Sequence[Waiting]]]:
    """The plans of days to come, each as if those before were carried out, and how the compounds stand before it."""
    for ahead in days:
        made = planned(ahead, compounds, later)
        yield made, compounds
        compounds = after(compounds, made)


def after(compounds: Iterable[Waiting], plan: DayPlan) -> list[Waiting]:
    """The compounds before the service day that follows the plan, if it is carried out."""
    team_of = {turn.compound_id: turn.team_id for turn in plan.turns}
    heads = {each.compound_id for each in plan.displaced}
    return [
        Waiting(each.compound_id, 1, last_team=team_of[each.compound_id], visits=each.visits + 1)
        if each.compound_id in team_of
        else replace(each, waited=each.waited + 1, displaced=each.displaced or each.compound_id in heads)
        for each in compounds
    ]


def broken_by(
    plain: Sequence[DayAhead], ordered: Sequence[DayAhead], compounds: Sequence[Waiting], later: int
) -> dict[str, int]:
    """The compounds that wait too long with the orders and not without them: on the how manieth day, from 0 on.

    Both begin with the same day, before which the compounds stand so. Whoever an order of that day makes late is late
    within the days that are looked at.
    """
    without = _late(plain, compounds, later)
    return {id: n for id, n in _late(ordered, compounds, later).items() if id not in without}


def _late(days: Sequence[DayAhead], compounds: Sequence[Waiting], later: int) -> dict[str, int]:
    """On which day each compound that waits too long would have to be visited at the latest and is not."""
    found: dict[str, int] = {}
    for n, (made, before) in enumerate(planned_ahead(_going_on(days), compounds, later)):
        visited = {turn.compound_id for turn in made.turns}
        for each in before:
            if each.left <= 1 and each.compound_id not in visited:
                found.setdefault(each.compound_id, n)
    return found


def _going_on(days: Sequence[DayAhead]) -> Iterator[DayAhead]:
    """The days, and days like the last without orders, as far as who is visited on the first of them can wait."""
    yield from days
    for _ in range(len(days), BOUND + 1):
        yield replace(days[-1], orders=())


Swap = tuple[Waiting, Waiting, Why]
"""Who comes, who goes for it, and why."""


def _ordered(regular: Sequence[Waiting], by_id: Mapping[str, Waiting], orders: Sequence[Order]) -> Iterator[Swap]:
    staying = {each.compound_id: each for each in regular}
    wanted = {order.compound_id for order in orders}
    for order in orders:
        came = by_id.get(order.compound_id)
        if came is None or came.compound_id in staying:
            continue
        spare = [each for id, each in staying.items() if id not in wanted]
        least = min(spare, key=lambda each: (each.left <= 1, score(each), each.compound_id), default=None)
        out = staying.get(order.instead_of or "") or least
        if out is None:
            continue
        del staying[out.compound_id]
        yield came, out, Why.ORDERED


def _overridden(
    queue: Sequence[Waiting], regular: Sequence[Waiting], ordered: Sequence[Swap], orders: Sequence[Order]
) -> list[Swap]:
    bound = turns_bound(queue)
    involved = {each.compound_id for came, out, _ in ordered for each in (came, out)}
    involved |= {order.compound_id for order in orders}
    spare = [each for each in regular[bound:] if each.compound_id not in involved]
    in_turn = {each.compound_id for each in regular} | involved
    needy = [each for each in queue if each.needs and each.compound_id not in in_turn]
    needy.sort(key=lambda each: (-score(each), each.compound_id))
    spare.reverse()  # of equals the last in the queue gives way first
    spare.sort(key=score)
    pairs = zip(needy[:MOST_OVERRIDES], spare, strict=False)
    return [(came, out, Why.NEED) for came, out in pairs if score(came) > score(out)]


def _turn(compound: Waiting, team_id: str, why: Mapping[str, Why]) -> Turn:
    return Turn(
        compound.compound_id,
        team_id,
        why.get(compound.compound_id) or _reason(compound),
        terms(compound),
        tuple(sorted(compound.needs)),
        same_team=team_id == compound.last_team,
    )


def _reason(compound: Waiting) -> Why:
    if compound.left < 1:
        return Why.OVERDUE
    if compound.displaced:
        return Why.HEAD
    return Why.AT_BOUND if compound.left <= 1 else Why.LONGEST
