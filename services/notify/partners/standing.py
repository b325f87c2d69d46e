"""What the roles of today mean for a subscription; no network and no store."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chassis.caller import Caller
from notify.partners.subscription import MOVES, Subscription
from notify.permission import held, within


@dataclass(frozen=True)
class Standing:
    """What is to be otherwise: the scopes in which it is held, whether it ends, whether it gets less than before."""

    scopes: tuple[str, ...]
    ends: bool
    narrower: bool


def standing(found: Subscription, callers: Iterable[Caller]) -> Standing | None:
    """What becomes of the subscription, None where nothing does.

    A unit's subscription is the unit's: it stands while anybody who speaks for the unit has a scope around its place or
    in it, whoever opened it, and reaches as far as the scopes of all of them together. One without a unit is its
    owner's, and stands with the owner's role.
    """
    scopes = tuple(sorted({scope for each in callers for scope in held(each, found.unit, found.owner_id)}))
    places = within(found.grid_prefix, scopes)
    ends = not places and (found.state, "bar") in MOVES
    if scopes == found.scopes and not ends:
        return None
    return Standing(scopes, ends, narrower=not _all_covered(_places(found), places))


def still_wants(after: Subscription, before: Subscription) -> bool:
    """Whether all that was for it before is for it now: nothing else was asked for, and its scopes lost nothing."""
    asked_the_same = replace(after.interest, scopes=before.scopes) == before.interest
    return asked_the_same and _all_covered(_places(before), _places(after))


def _places(found: Subscription) -> tuple[str, ...]:
    return (found.grid_prefix,) if found.scopes is None else within(found.grid_prefix, found.scopes)


def _all_covered(before: Iterable[str], after: Sequence[str]) -> bool:
    return all(_covered(place, after) for place in before)


def _covered(place: str, places: Iterable[str]) -> bool:
    return any(place.startswith(each) for each in places)
