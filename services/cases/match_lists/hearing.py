"""A need that members tells of becomes a demand, once; what cannot become one is kept with the reason, never lost."""

from collections.abc import Mapping
from typing import Any

from cases import heard
from cases.match_lists.asking import Demands
from cases.match_lists.demand import VISIT
from cases.place import tenant_of
from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.event import Event, Malformed

HOPELESS = frozenset({"invalid", "unknown_category", "need_not_found", "command_id_reused"})
"""Refusals that trying again changes nothing about: the letter is parked at once, for somebody to look at."""


class NotYet(Exception):
    """The place of a need is not known here: its letter is tried again, and parked in the end."""


def hear(demands: Demands, members: Any, event: Event) -> None:
    """Make a demand of the need in the event, under the same id, as of when it was stated.

    A refusal would be taken for an answer and the event be forgotten: so it raises chassis' Malformed for what stays
    wrong, and NotYet for what may come right.
    """
    try:
        _open(demands, members, heard.need(event.data), event)
    except Refusal as refused:
        reason = f"no demand for this need: {refused.code}"
        raise (Malformed(reason) if refused.code in HOPELESS else NotYet(reason)) from None


def _open(demands: Demands, members: Any, need: Mapping[str, Any], event: Event) -> None:
    by = Caller(str(need["by"]["id"]))
    asked = Asked(by, f"need:{need['need_id']}", digest(event.data), event.time)
    told = members.need_words(need_id=need["need_id"], tenant=tenant_of(need["grid_code"]))
    asker = {"consent": True, "callback": VISIT} | ({"person_id": need["person_id"]} if need["person_id"] else {})
    # A compound says where it is now, also where its grid was split since.
    where = {"compound_id": need["compound_id"]} if need["compound_id"] else {"grid_code": need["grid_code"]}
    fields = {name: need[name] for name in ("source", "source_id", "category")}
    demands.hear(asked, need["need_id"], {**fields, **where, "text": told["text"], "asker": asker}, need["by"]["role"])
