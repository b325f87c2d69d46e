"""How places and organisations are changed: found at their version, permitted, written with what tells of it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from chassis.errors import Refusal
from chassis.outbox import StaleVersion
from chassis.records import Writing
from members.commands import Change
from members.noun import Noun
from members.permission import tenants

Found = TypeVar("Found")
Item = TypeVar("Item")
Answer = dict[str, Any]


def known(found: Found | None, code: str, **details: Any) -> Found:
    """What was found; refuses with `code` if there is nothing."""
    if found is None:
        raise Refusal(code, **details)
    return found


def unless_stale(write: Callable[[], None]) -> None:
    """Write; refuses `stale_version` when somebody was faster."""
    try:
        write()
    except StaleVersion:
        raise Refusal("stale_version") from None


def versioned(noun: Noun[Item], change: Change) -> tuple[Item, int] | None:
    """The item that is to be changed, at its version, if it lies in a district of the caller's."""
    return noun.versioned(change.id, tenants(change.caller))


def registered(noun: Noun[Item], item: Item, change: Change, at: datetime, along: Sequence[Writing] = ()) -> Answer:
    """Write a new item with the event that announces it, and what goes along: the event's body and the `version`.

    Its id follows from the command's, so that a repetition finds it, and gets the same.
    """
    announced = noun.announcement(item)
    entry = change.entry(noun.registered, at, announced, {**announced, "version": 1})
    if noun.register(item, entry, along):
        return dict(entry.answer or {})
    return dict(noun.answer_of(change.id, change.command_id, change.digest) or {})


def changed(
    noun: Noun[Item], item: Item, version: int, change: Change, at: datetime, along: Sequence[Writing] = ()
) -> Answer:
    """Write the item with the event that announces it, and what goes along: the event's body and the `version`.

    Repetitions get the same.
    """
    if answered := noun.answer_of(change.id, change.command_id, change.digest):
        return dict(answered)
    announced = noun.announcement(item)
    entry = change.entry(noun.changed, at, announced, {**announced, "version": version + 1})
    unless_stale(lambda: noun.change(item, version, entry, along))
    return dict(entry.answer or {})
