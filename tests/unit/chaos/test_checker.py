"""Each invariant of the fault suite holds for a sound reading, and is broken by a reading that breaks it alone."""

from dataclasses import replace
from typing import Any

import pytest

from tests.chaos.checker import INVARIANTS, violations
from tests.chaos.reading import PARTNER, Change, Effect, Letter, Reading, Recovery, Sent, Size

WANTS = frozenset({("tell", "p:reported"), ("log", ""), (PARTNER, "one")})
MAY = frozenset({"one", "gone"})
EFFECTS = tuple(Effect(handler, event, part) for event in ("e1", "e2") for handler, part in sorted(WANTS))
SIZE = Size(60, 20, 3, 0)

SOUND = Reading(
    sent=(
        Sent("k1", "report", "a", 0, 1, "acknowledged"),
        Sent("k2", "note", "a", 1, 2, "acknowledged"),
        Sent("k3", "note", "a", 2, 3, "refused"),
        Sent("k4", "report", None, 3, 4, "failed"),
    ),
    changes=(Change("k1", "e1", "a", 1, WANTS, MAY), Change("k2", "e2", "a", 2, WANTS, MAY)),
    versions={"a": 2},
    effects=EFFECTS,
    reached=(Effect(PARTNER, "e1", "one"), Effect(PARTNER, "e2", "one"), Effect(PARTNER, "e1", "gone")),
    order={"log": (("a", 1), ("a", 2), ("a", 1))},
    parked=(Letter("q", "poison-1"),),
    poisons=(Letter("q", "poison-1"),),
    recoveries=(Recovery("broker killed", 3, 10),),
    first_sizes={"cases.1": SIZE},
    sizes={"cases.1": SIZE},
)


def without(handler: str) -> tuple[Effect, ...]:
    return tuple(effect for effect in EFFECTS if (effect.handler, effect.event) != (handler, "e2"))


def outcome(index: int, outcome: str) -> dict[str, Any]:
    changed = replace(SOUND.sent[index], outcome=outcome)
    return {"sent": (*SOUND.sent[:index], changed, *SOUND.sent[index + 1 :])}


BROKEN: list[tuple[set[str], dict[str, Any]]] = [
    ({"I1"}, outcome(3, "acknowledged")),
    ({"I1"}, outcome(1, "refused")),
    ({"I1"}, {"changes": (*SOUND.changes, Change("k2", "e3", "a", 3)), "versions": {"a": 3}}),
    ({"I1", "I7"}, {"effects": without("tell"), "parked": (), "poisons": ()}),
    ({"I1", "I7"}, {"effects": without("log")}),
    ({"I2"}, {"effects": (*EFFECTS, Effect("tell", "e9", "p:reported"))}),
    ({"I2"}, {"changes": (*SOUND.changes, Change("nobody", "e3", "b", 1)), "versions": {"a": 2, "b": 1}}),
    ({"I3"}, {"effects": (*EFFECTS, EFFECTS[0])}),
    ({"I4"}, {"order": {"log": (("a", 2), ("a", 1))}}),
    ({"I4"}, {"versions": {"a": 3}}),
    ({"I5"}, {"parked": ()}),
    ({"I5"}, {"poisons": ()}),
    ({"I5"}, {"down": ("cases.1",)}),
    ({"I6"}, {"recoveries": (Recovery("broker killed", 11, 10),)}),
    ({"I1", "I7", "I8"}, {"effects": without(PARTNER)}),
    ({"I8"}, {"unsigned": ("e1",)}),
    ({"I8"}, {"after_disabled": ("e1",)}),
    ({"I9"}, {"reached": (*SOUND.reached, Effect(PARTNER, "e2", "another"))}),
    ({"I9"}, {"revealed": ("one: e1 names p",)}),
    ({"I9"}, {"inside": ("/hook",)}),
    ({"I10"}, {"sizes": {"cases.1": replace(SIZE, megabytes=200)}}),
    ({"I10"}, {"sizes": {"cases.1": replace(SIZE, descriptors=100)}}),
    ({"I10"}, {"sizes": {"cases.1": replace(SIZE, working=100)}}),
    ({"I10"}, {"sizes": {"cases.1": replace(SIZE, waiting=1)}}),
]


def test_a_sound_reading_offends_nothing() -> None:
    assert violations(SOUND) == {}


@pytest.mark.parametrize(("broken", "change"), BROKEN)
def test_each_fault_is_found_by_its_invariant(broken: set[str], change: dict[str, Any]) -> None:
    assert set(violations(replace(SOUND, **change))) == broken


def test_every_invariant_is_broken_by_some_reading() -> None:
    assert set().union(*(broken for broken, _ in BROKEN)) == set(INVARIANTS)


def test_what_waits_is_not_lost() -> None:
    away: dict[str, Any] = {"effects": without("tell"), "parked": (), "poisons": ()}
    assert set(violations(replace(SOUND, **away, waiting={"notify:case.reported": 1}))) == {"I1"}
    assert violations(replace(SOUND, **away, unrelayed=frozenset({"e2"}))) == {}
    assert violations(replace(SOUND, effects=without(PARTNER), owed=frozenset({("e2", "one")}))) == {}
    of_another = frozenset({("e2", "another")})
    assert set(violations(replace(SOUND, effects=without(PARTNER), owed=of_another))) == {"I1", "I7", "I8"}


def test_a_duplicate_to_a_partner_is_allowed() -> None:
    assert violations(replace(SOUND, effects=(*EFFECTS, Effect(PARTNER, "e1", "one")))) == {}
