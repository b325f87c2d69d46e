"""The mark that makes a method the handler of events: of the named types, or of all of them in order."""

from collections.abc import Callable
from typing import Any

from chassis.ordered import OrderedSubscription
from chassis.subscription import Subscription


def subscribe(source: str, *types: str, ordered: bool = False) -> Callable[[Any], Any]:
    """Mark a method as the handler of events of `source`: of the named types, or of all of them in order."""
    if ordered == bool(types):
        raise ValueError("name the types, or take all of them in order")
    decorate: Callable[[Any], Any]
    decorate = OrderedSubscription.decorator(source) if ordered else Subscription.decorator(source, *types)
    return decorate
