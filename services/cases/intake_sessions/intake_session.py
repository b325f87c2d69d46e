"""An intake session: where and when people were listened to, who was there, and what became of all they said."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cases.permission import WORKERS, within
from cases.place import AREA_DIGITS
from cases.showing.listing import OVERSEEING
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.instant import written
from chassis.secret import Secret

HOSTS = (*WORKERS, "dispatcher")
"""Who writes down what was said at a session, in their scope (docs/domain.md §5)."""

LATEST_ENTRY = timedelta(days=60)
"""How long after a session what was said can still be typed in: our decision."""

HELD = "session.held"
PROGRESSED = "session.progressed"
EVENT_TYPES = frozenset({HELD, PROGRESSED})


class Kind(StrEnum):
    """How people were listened to (docs/domain.md §1); a register is a list that somebody else has kept."""

    EVENING_TALK = "evening_talk"
    FORUM = "forum"
    HOME_VISIT = "home_visit"
    REGISTER = "register"


class Form(StrEnum):
    """What an item becomes: a case, or a demand of the match lists."""

    CASE = "case"
    NEED = "need"


class Stage(StrEnum):
    """How far a session has come of which its attendees were told last."""

    HELD = "held"
    DECIDED = "decided"
    """Each item is registered, rejected or otherwise decided."""

    DONE = "done"
    """Each item has ended."""


@dataclass(frozen=True)
class Attendee:
    """Somebody who wants to hear what comes of it: an account, or a name and a phone; with consent."""

    consent: bool
    person_id: str | None = None
    name: Secret | None = None
    phone: Secret | None = None
    callback: str = "voice"

    @staticmethod
    def said(told: Mapping[str, Any]) -> "Attendee":
        """The attendee as told of."""
        marked = {"name": Secret.name(told.get("name")), "phone": Secret.phone(told.get("phone"))}
        return Attendee(**{**told, **marked})

    @property
    def by_hand(self) -> bool:
        """Whether somebody has to call: there is a phone and no account."""
        return self.person_id is None and self.phone is not None


@dataclass(frozen=True)
class Item:
    """One matter that came up: the case or the demand that it became; `known` when it had been a case before."""

    form: Form
    id: str
    number: str | None = None
    known: bool = False


@dataclass(frozen=True)
class IntakeSession:
    """One session; `area` is the grid or community in which it was held."""

    id: str
    kind: Kind
    area: str
    host_id: str
    held_at: datetime
    opened_at: datetime
    source: str
    attendance: int
    attendees: tuple[Attendee, ...] = ()
    items: tuple[Item, ...] = ()
    compound_id: str | None = None
    stage: Stage = Stage.HELD
    forgotten_at: datetime | None = None

    def ids(self, form: Form) -> list[str]:
        """The cases, or the demands, that came of it."""
        return [item.id for item in self.items if item.form is form]

    @property
    def opened(self) -> tuple[Item, ...]:
        """What it has opened; what was known before has a history of its own."""
        return tuple(item for item in self.items if not item.known)


@dataclass(frozen=True)
class Standing:
    """Where an item stands: whether the desk has decided about it, and whether it has ended."""

    decided: bool
    ended: bool


def check_host(area: str, caller: Caller) -> str:
    """The role in which the caller holds a session there; refuses `not_permitted` and `out_of_scope`.

    Who works in a grid of a community may hold a session for all of it.
    """
    held = [role for role in HOSTS if role in caller.roles]
    if not held:
        raise Refusal("not_permitted", act="hold_session")
    role = next((role for role in held if any(_meet(area, scope) for scope in caller.scopes(role))), None)
    if role is None:
        raise Refusal("out_of_scope", act="hold_session")
    return role


def _meet(area: str, scope: str) -> bool:
    return area.startswith(scope) or scope.startswith(area)


def check_told(session: "IntakeSession", caller: Caller, reason: str | None) -> str:
    """The role in which the caller is told how to reach attendees: the host, and with a reason who works in all of it.

    Refuses `not_permitted`, `out_of_scope` and `reason_missing`.
    """
    role = check_host(session.area, caller)
    if caller.is_(session.host_id):
        return role
    if not within(caller, HOSTS, session.area):
        raise Refusal("out_of_scope", act="reach_attendees")
    if not reason:
        raise Refusal("reason_missing")
    return role


def sees(session: "IntakeSession", caller: Caller) -> bool:
    """Whether the caller sees the session: the host, and whoever oversees the area."""
    return caller.is_(session.host_id) or within(caller, OVERSEEING, session.area)


def check_time(held_at: datetime, now: datetime) -> None:
    """Refuses `session_not_held_yet` and `session_too_long_ago`."""
    if held_at > now:
        raise Refusal("session_not_held_yet")
    if now - held_at > LATEST_ENTRY:
        raise Refusal("session_too_long_ago", days=LATEST_ENTRY.days)


def attendees_gone(session: "IntakeSession", ids: Collection[str]) -> "IntakeSession":
    """The session with as many attendees, of whom nothing is known of these people."""
    left = tuple(Attendee(each.consent) if each.person_id in ids else each for each in session.attendees)
    return replace(session, attendees=left)


def reached(standings: Iterable[Standing]) -> Stage:
    """How far the session has come, by where each of its items stands."""
    found = list(standings)
    if all(each.ended for each in found):
        return Stage.DONE
    return Stage.DECIDED if all(each.decided for each in found) else Stage.HELD


def is_further(stage: Stage, than: Stage) -> bool:
    """Whether there is something new to tell."""
    order = list(Stage)
    return order.index(stage) > order.index(than)


def told(session: IntakeSession) -> dict[str, Any]:
    """What every event of a session says: ids, codes and counts, nobody's name or phone."""
    return {
        "kind": session.kind.value,
        "area": session.area,
        "compound_id": session.compound_id,
        "held_at": written(session.held_at),
        "host_id": session.host_id,
        "attendance": session.attendance,
        "cases": len(session.ids(Form.CASE)),
        "needs": len(session.ids(Form.NEED)),
        "attendees": [each.person_id for each in session.attendees if each.person_id],
        "by_hand": sum(each.by_hand for each in session.attendees),
        "stage": session.stage.value,
    }


def placed(item: Mapping[str, Any], session: Mapping[str, Any]) -> dict[str, Any]:
    """Where an item is: as it says itself, else where the session was held.

    Only a session in one compound or one grid says enough.
    """
    named = {name: item[name] for name in ("location", "grid_code", "compound_id") if item.get(name)}
    if named:
        return named
    if session.get("compound_id"):
        return {"compound_id": session["compound_id"]}
    return {"grid_code": session["area"]} if len(session["area"]) == AREA_DIGITS[-1] else {}
