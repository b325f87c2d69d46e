"""Five hundred subscriptions beside a million logged events: does fan-out keep up, and what do dead partners cost."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench.carried import Carried, Happenings
from bench.copied import Copyist, fill
from bench.figures import Figure, Figures, Table, cost_table
from bench.partners import Partners
from bench.stage import Sink, Stage
from dev.suite import Suite

LOGGED, QUICK_LOGGED = 1_000_000, 20_000
SUBSCRIPTIONS = 500
A_SECOND = 200
SECONDS, QUICK_SECONDS = 60, 10
CALM = 25
"""So many events a second can be carried with ease: what others feel of the dead then is not how long a queue is."""

AT_ONCE, QUICK_AT_ONCE = 4_000, 1_000
QUEUES = 8
REFUSING = (0, 17, 20, 21, 22)
HANGING = (3, 10, 11, 15, 16)
"""Which of the subscriptions die: one that wants everything, one that wants all of a type, and eight narrow ones."""

BEHIND_MS = 1_000
"""So far behind the last of the events may be filed for partners, or fan-out does not keep up."""

END = 0.05
"""The last events, by which that is judged."""

DEARER = 1.1
"""What comes with dead partners at most, as a multiple of what comes without them."""

MB = 2**20


@dataclass(frozen=True)
class Runs:
    """Events for nobody, for queues alone, for all subscriptions, all at once; then few, without the dead and with.

    Without the dead twice: by how much the two differ tells what of the rest is the machine's.
    """

    nobody: Carried
    queues: Carried
    all: Carried
    pushed: Carried
    calm_before: Carried
    calm: Carried
    beside: Carried
    others: frozenset[str]


def measure(stage: Stage) -> Figures:
    """Play each of the runs, on one suite."""
    logged = QUICK_LOGGED if stage.options.quick else LOGGED
    stage.manage_queues()
    with stage.suite(settings=stage.broker.settings) as suite:
        copyist = Copyist(stage)
        fill(stage, copyist, logged)
        return _figures(logged, _runs(stage, suite, copyist))


def _runs(stage: Stage, suite: Suite, copyist: Copyist) -> Runs:
    seconds, at_once = (QUICK_SECONDS, QUICK_AT_ONCE) if stage.options.quick else (SECONDS, AT_ONCE)
    living, refusing, hanging = (Sink(stage, number) for number in (1, 2, 3))
    partners, happenings = Partners(stage, suite, copyist), Happenings(stage, suite, copyist.events())
    happenings.carried(A_SECOND, A_SECOND)
    stage.told(f"{A_SECOND} events a second for nobody")
    nobody = happenings.carried(A_SECOND * seconds, A_SECOND)
    stage.told(f"{at_once} events into {QUEUES} queues")
    wide = partners.wide_queues(QUEUES)
    queues = happenings.carried(at_once, to=wide)
    partners.remove(wide)
    stage.told(f"{SUBSCRIPTIONS} subscriptions")
    ids = partners.subscribed([_sink(n, living, refusing, hanging).url for n in range(SUBSCRIPTIONS)])
    happenings.carried(A_SECOND, A_SECOND, ids)
    stage.told(f"{A_SECOND} events a second for all of them")
    all_ = happenings.carried(A_SECOND * seconds, A_SECOND, ids)
    stage.told(f"{at_once} events at once")
    pushed = happenings.carried(at_once, to=ids)
    others = [id for n, id in enumerate(ids) if n not in {*REFUSING, *HANGING}]
    stage.told(f"{CALM} events a second, and as many while {len(ids) - len(others)} partners are dead")
    calm_before, calm = (happenings.carried(CALM * seconds, CALM, ids) for _ in range(2))
    with _dead(refusing, hanging):
        beside = happenings.carried(CALM * seconds, CALM, others)
    return Runs(nobody, queues, all_, pushed, calm_before, calm, beside, frozenset(others))


def _sink(number: int, living: Sink, refusing: Sink, hanging: Sink) -> Sink:
    if number in REFUSING:
        return refusing
    return hanging if number in HANGING else living


@contextmanager
def _dead(refusing: Sink, hanging: Sink) -> Iterator[None]:
    """One of the receivers is gone, and the other takes connections and never answers."""
    refusing.process.stop()
    hanging.process.signal(signal.SIGSTOP)
    yield
    hanging.process.signal(signal.SIGCONT)


def _figures(logged: int, runs: Runs) -> Figures:
    nobody, all_, pushed = (_cost(run) for run in (runs.nobody, runs.all, runs.pushed))
    return Figures(
        title="Partners at size",
        conditions=f"{logged:,} events in the log, {SUBSCRIPTIONS} active subscriptions, of which an event concerns "
        f"{len(runs.all.arrivals) / runs.all.events:.1f} besides feeds; {A_SECOND} events a second for "
        f"{runs.all.events // A_SECOND} s, {CALM} where the dead are compared.",
        figures=(
            Figure("CPU of an event for nobody", sum(nobody.values()), "ms"),
            Figure("CPU of a delivery", _of_delivery(runs.all, nobody), "ms"),
            Figure("CPU of a delivery, all events at once", _of_delivery(runs.pushed, nobody), "ms"),
            Figure("CPU of a delivery into a queue", _of_delivery(runs.queues, nobody), "ms"),
            *_keeping_up(runs),
            *_beside_dead(runs),
        ),
        tables=(
            cost_table(
                "CPU of one event",
                {
                    "for nobody": nobody,
                    f"{SUBSCRIPTIONS} subscriptions": all_,
                    "… all at once": pushed,
                    f"{CALM} events a second": _cost(runs.calm),
                    "… ten partners dead": _cost(runs.beside),
                },
            ),
            _delays(runs),
        ),
    )


def _keeping_up(runs: Runs) -> tuple[Figure, ...]:
    behind, most = _at(runs.all.filed(END), 0.95), runs.pushed.events / runs.pushed.seconds
    return (
        Figure("the last events are filed for partners, p95", behind, "ms", f"≤ {BEHIND_MS:,}", behind <= BEHIND_MS),
        Figure("any event is filed, at most", runs.all.filed()[-1], "ms"),
        Figure("a delivery is there, p50", _at(runs.all.delays(), 0.5), "ms"),
        Figure("a delivery is there, p95", _at(runs.all.delays(), 0.95), "ms"),
        Figure("events at most", most, "/s", f"≥ {A_SECOND}", most >= A_SECOND),
        Figure("deliveries at most", len(runs.pushed.arrivals) / runs.pushed.seconds, "/s"),
        Figure("deliveries into queues at most", len(runs.queues.arrivals) / runs.queues.seconds, "/s"),
        Figure("memory of notify before", runs.all.memory[0] / MB, "MB"),
        Figure("memory of notify after", runs.all.memory[1] / MB, "MB"),
    )


def _beside_dead(runs: Runs) -> tuple[Figure, ...]:
    before, without, beside = runs.calm_before.delays(runs.others), runs.calm.delays(runs.others), runs.beside.delays()
    shares = (("p50", 0.5), ("p95", 0.95))
    twice = {name: _at(without, share) / _at(before, share) for name, share in shares}
    slower = {name: _at(beside, share) / _at(without, share) for name, share in shares}
    dearer = runs.beside.spent.total / runs.calm.spent.total
    return (
        *(
            Figure(f"the same deliveries, all alive and the second time, {name}", times, "×")
            for name, times in twice.items()
        ),
        *(
            Figure(f"others' deliveries beside dead partners, {name}", times, "×", f"≤ {DEARER}", times <= DEARER)
            for name, times in slower.items()
        ),
        Figure("CPU of all beside dead partners", dearer, "×", f"≤ {DEARER}", dearer <= DEARER),
    )


def _delays(runs: Runs) -> Table:
    rows = [(f"{way}s", runs.all.delays(way=way)) for way in ("webhook", "amqp")]
    rows += [
        ("all events at once", runs.pushed.delays()),
        ("queues alone, all at once", runs.queues.delays()),
        (f"others, {CALM} events a second", runs.calm_before.delays(runs.others)),
        ("… the second time", runs.calm.delays(runs.others)),
        ("… ten partners dead", runs.beside.delays()),
    ]
    return Table(
        "Milliseconds from an event to its partner",
        ("deliveries", "number", "p50", "p95", "max"),
        tuple((name, len(some), _at(some, 0.5), _at(some, 0.95), some[-1]) for name, some in rows),
    )


def _cost(run: Carried) -> dict[str, float]:
    return run.spent.each(run.events)


def _of_delivery(run: Carried, nobody: dict[str, float]) -> float:
    return (run.spent.total * 1000 - sum(nobody.values()) * run.events) / len(run.arrivals)


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
