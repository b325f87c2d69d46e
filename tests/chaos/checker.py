"""The invariants, as a table of pure functions over what was read; each returns what offends it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from tests.chaos.reading import PARTNER, Change, Reading

Missing = tuple[Change, str, str]

MORE_MEGABYTES, MORE_DESCRIPTORS, MORE_WORKING = 80.0, 40, 30
"""What a process may have grown by since it was warm; what leaks grows with every command."""


def missing(reading: Reading) -> list[Missing]:
    """The effects that are not there, each with its change."""
    there = {(effect.event, effect.handler, effect.part) for effect in reading.effects}
    wanted = [(change, handler, part) for change in reading.changes for handler, part in sorted(change.wants)]
    return [(change, handler, part) for change, handler, part in wanted if (change.event, handler, part) not in there]


def undone(reading: Reading) -> list[Missing]:
    """The missing effects of events that are not still to be published, nor owed to the partner."""
    return [
        (change, handler, part)
        for change, handler, part in missing(reading)
        if change.event not in reading.unrelayed and not (handler == PARTNER and (change.event, part) in reading.owed)
    ]


def kept_once(reading: Reading) -> Iterator[str]:
    """I1: an acknowledged command has exactly one change, whose event reached every effect."""
    changes = Counter(change.command for change in reading.changes)
    allowed = {"acknowledged": {1}, "failed": {0, 1}, "refused": {0}}
    for sent in reading.sent:
        if changes[sent.key] not in allowed[sent.outcome]:
            yield f"{sent.outcome} {sent.kind} {sent.key} of case {sent.case}: {changes[sent.key]} changes"
    for change, handler, part in undone(reading):
        yield f"event {change.event} ({change.case} v{change.version}) has no effect {handler} {part}".rstrip()


def caused(reading: Reading) -> Iterator[str]:
    """I2: nothing happened without a change of state, and no change without a command."""
    events, commands = {change.event for change in reading.changes}, {sent.key for sent in reading.sent}
    yield from (
        f"{effect.handler} of unknown event {effect.event}" for effect in reading.effects if effect.event not in events
    )
    yield from (f"{change.event} of no command" for change in reading.changes if change.command not in commands)


def done_once(reading: Reading) -> Iterator[str]:
    """I3: one effect for each handler and event; partners are promised at least one, and told the event's id."""
    times = Counter(effect for effect in reading.effects if effect.handler != PARTNER)
    yield from (
        f"{effect.handler} {effect.part} {number} times for {effect.event}"
        for effect, number in times.items()
        if number > 1
    )


def in_order(reading: Reading) -> Iterator[str]:
    """I4: for each case the first occurrences came in order, and its state is the highest version."""
    for where, occurrences in reading.order.items():
        seen: dict[str, list[int]] = {}
        for case, version in occurrences:
            if version not in seen.setdefault(case, []):
                seen[case].append(version)
        yield from (
            f"{where}: case {case} came as {versions}"
            for case, versions in seen.items()
            if versions != sorted(versions)
        )
    highest: dict[str, int] = {}
    for change in reading.changes:
        highest[change.case] = max(change.version, highest.get(change.case, 0))
    for case, version in reading.versions.items():
        if highest.get(case) != version:
            yield f"case {case} is at {version}, its last change is {highest.get(case)}"


def first_occurrences(occurrences: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """The versions of each case in the order in which each came first."""
    seen: dict[str, list[int]] = {}
    for case, version in occurrences:
        if version not in seen.setdefault(case, []):
            seen[case].append(version)
    return seen


def parked_rightly(reading: Reading) -> Iterator[str]:
    """I5: the dead letters are exactly the poisons, and every process lives and is ready."""
    there, due = Counter(reading.parked), Counter(reading.poisons)
    yield from (f"parked in {letter.queue} without being a poison: {letter.id}" for letter in (there - due).elements())
    yield from (f"poison is not parked: {letter.queue} {letter.id}" for letter in (due - there).elements())
    yield from (f"process {name}" for name in reading.down)


def back_in_time(reading: Reading) -> Iterator[str]:
    """I6: answers came again within the time allowed after the fault."""
    for each in reading.recoveries:
        if each.seconds > each.limit:
            yield f"{each.fault}: answering again after {each.seconds:.1f} s, allowed are {each.limit:.0f} s"


def accounted_for(reading: Reading) -> Iterator[str]:
    """I7: an event without its effect still waits somewhere: unrelayed, in a queue, for a retry, parked or owed."""
    events_parked = Counter(reading.parked) - Counter(reading.poisons)
    somewhere = sum(reading.waiting.values()) + events_parked.total()
    lost = {(handler, change.event) for change, handler, _ in undone(reading)}
    if len(lost) > somewhere:
        yield from (f"{event} has no effect {handler} and waits nowhere" for handler, event in sorted(lost))


def partners_served(reading: Reading) -> Iterator[str]:
    """I8: each subscription got or is owed each of its events, validly signed, and nothing after its end."""
    for change, handler, part in undone(reading):
        if handler == PARTNER:
            yield f"{part}: {change.event} is neither delivered nor owed"
    yield from (f"wrongly signed: {what}" for what in reading.unsigned)
    yield from (f"delivered after the end of the subscription: {what}" for what in reading.after_disabled)


def nothing_else(reading: Reading) -> Iterator[str]:
    """I9: no partner got what is outside its filters or scope, or says who a person is; nobody else got anything."""
    may = {change.event: change.may for change in reading.changes}
    for effect in sorted(set(reading.reached), key=str):
        if effect.part not in may.get(effect.event, ()):
            yield f"{effect.part}: {effect.event} is not for it"
    yield from (f"told who a person is: {what}" for what in reading.revealed)
    yield from (f"posted to where no partner is: {what}" for what in reading.inside)


def flat(reading: Reading) -> Iterator[str]:
    """I10: processes have not grown, and nobody waits for an answer for ever."""
    for name, size in reading.sizes.items():
        first = reading.first_sizes.get(name)
        if first is None:
            continue
        grown = {
            "MB": (size.megabytes - first.megabytes, MORE_MEGABYTES),
            "descriptors": (size.descriptors - first.descriptors, MORE_DESCRIPTORS),
            "handlers at work": (size.working - first.working, MORE_WORKING),
            "callers waiting": (size.waiting, 0),
        }
        yield from (f"{name}: {more:+.0f} {what}" for what, (more, most) in grown.items() if more > most)


INVARIANTS: Mapping[str, Callable[[Reading], Iterator[str]]] = {
    "I1": kept_once,
    "I2": caused,
    "I3": done_once,
    "I4": in_order,
    "I5": parked_rightly,
    "I6": back_in_time,
    "I7": accounted_for,
    "I8": partners_served,
    "I9": nothing_else,
    "I10": flat,
}
"""Each invariant by its number."""


def violations(reading: Reading) -> dict[str, list[str]]:
    """What offends each invariant; those that hold are left out."""
    found = {name: list(check(reading)) for name, check in INVARIANTS.items()}
    return {name: items for name, items in found.items() if items}
