"""The relay from document to confirm, against the most that kombu publishes with confirms in the same run."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from bench.cpu import Meter
from bench.figures import Figure, Figures, Plot, Table
from bench.stage import IDLE_SECONDS, Stage
from bench.two import Two
from chassis.carrier import WINDOW
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import UNRELAYED_INDEX, Document, Entry, Outbox

ROUNDS, ENTRIES = 5, 20_000
QUICK_ROUNDS, QUICK_ENTRIES = 2, 5_000
BODY = 600
"""Characters of text, so that an event is as long as one of a case."""
EXCHANGE, KEY = "clerk.events", "note.kept.k"
AGE = timedelta(minutes=5)
"""How long ago the first of the documents counts as written; each further one a millisecond later."""
SHARES = (0.1, 0.9)
LOOK_SECONDS, LIMIT_SECONDS = 0.05, 300
TAKEN = 'sandan_relay_entries_total{outcome="taken"}'


@dataclass(frozen=True)
class Round:
    """Entries a second and CPU microseconds an entry, of the relay and of the ceiling; the broker's share apart."""

    relayed: float
    relay_cpu: float
    database_cpu: float
    published: float
    publisher_cpu: float
    broker_cpu: tuple[float, float]


def measure(stage: Stage) -> Figures:
    """Alternate: documents into the clerk's database until all are relayed, then as many messages published bare."""
    rounds, entries = (QUICK_ROUNDS, QUICK_ENTRIES) if stage.options.quick else (ROUNDS, ENTRIES)
    two = Two(stage)
    two.start("watcher").stop()  # its queues stay, and nobody takes CPU for emptying them
    stage.client["clerk"]["notes"].create_indexes([UNRELAYED_INDEX])
    two.start("clerk")
    meter = stage.meter({"clerk": two.processes["clerk"]}, IDLE_SECONDS)
    played = []
    for number in range(rounds):
        stage.told(f"relay, round {number + 1} of {rounds}")
        played.append(_round(stage, two, meter, entries))
    return _figures(played, entries)


def _round(stage: Stage, two: Two, meter: Meter, entries: int) -> Round:
    with meter.measured() as relay:
        rate = _relayed(stage, two, entries)
    with meter.measured() as bare:
        told = _published(stage, entries)
    return Round(
        relayed=rate,
        relay_cpu=relay.cpu["clerk"] * 1e6 / entries,
        database_cpu=relay.cpu["database"] * 1e6 / entries,
        published=entries / told["seconds"],
        publisher_cpu=told["cpu"] * 1e6 / entries,
        broker_cpu=(relay.cpu["broker"] * 1e6 / entries, bare.cpu["broker"] * 1e6 / entries),
    )


def _relayed(stage: Stage, two: Two, entries: int) -> float:
    """Entries a second while the middle of them is relayed: the first are read and the last are swept up meanwhile."""
    _fill(stage, entries)
    before, marks = two.metric("clerk", TAKEN), [entries * share for share in SHARES]
    passed: list[tuple[float, float]] = []
    deadline = time.monotonic() + LIMIT_SECONDS
    while len(passed) < len(marks):
        done, now = two.metric("clerk", TAKEN) - before, time.monotonic()
        if done >= marks[len(passed)]:
            passed.append((done, now))
        if now > deadline:
            raise TimeoutError(f"{done:.0f} of {entries} entries relayed in {LIMIT_SECONDS} s")
        time.sleep(LOOK_SECONDS)
    _wait_marked(stage)
    (first, began), (last, ended) = passed
    return (last - first) / (ended - began)


def _fill(stage: Stage, entries: int) -> None:
    """Insert documents that all become visible to the relay at once."""
    notes = stage.client["clerk"]["notes"]
    outbox = Home(stage.client["clerk"]).outbox("notes", "note", {"note.kept"})
    first = datetime.now(UTC) - AGE
    documents = [_sealed(outbox, first + timedelta(milliseconds=number)) for number in range(entries)]
    notes.insert_many(documents, ordered=False)
    notes.update_many({"relayed": 0}, {"$set": {"unrelayed": True}})


def _sealed(outbox: Outbox, at: datetime) -> Document:
    id = new_id()
    entry = Entry(id, "note.kept", at, {"id": id, "text": "x" * BODY}, key="k")
    return outbox.sealed({"_id": id}, [entry]) | {"written_at": at, "unrelayed": False}


def _wait_marked(stage: Stage) -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    while stage.client["clerk"]["notes"].find_one({"unrelayed": True}, {"_id": True}):
        if time.monotonic() > deadline:
            raise TimeoutError("not every document was marked as relayed")
        time.sleep(LOOK_SECONDS)


def _published(stage: Stage, entries: int) -> dict[str, float]:
    body = json.dumps({"id": new_id(), "text": "x" * BODY}).encode()
    command = [sys.executable, "-m", "bench.ceiling", stage.broker.uri, EXCHANGE, KEY, str(entries), str(WINDOW)]
    ended = subprocess.run(command, input=body, capture_output=True, check=True, timeout=LIMIT_SECONDS)
    told: dict[str, float] = json.loads(ended.stdout)
    return told


def _figures(rounds: list[Round], entries: int) -> Figures:
    share = median([each.relayed / each.published for each in rounds])
    cpu = _cpu(rounds)
    rows = tuple(
        (str(number), each.relayed, each.published, each.relayed / each.published)
        for number, each in enumerate(rounds, 1)
    )
    return Figures(
        title="Relay",
        conditions=f"{entries:,} documents with one event of {BODY} characters each, windows of {WINDOW}; rounds "
        "alternate, medians; nobody consumes.",
        figures=(
            Figure("relayed to confirm against kombu alone", share, "×", "≥ 0.6", share >= 0.6),
            Figure("relayed, from document to confirm", median([each.relayed for each in rounds]), "entries/s"),
            Figure("kombu alone, confirmed", median([each.published for each in rounds]), "messages/s"),
            Figure("CPU of an entry, relaying process", cpu["relay"][0], "µs"),
            Figure("CPU of a message, kombu alone", cpu["kombu alone"][0], "µs"),
        ),
        tables=(Table("Entries a second, round by round", ("round", "relay", "kombu alone", "ratio"), rows),),
        plots=(_plot(cpu),),
    )


def _cpu(rounds: list[Round]) -> dict[str, tuple[float, float, float]]:
    """CPU microseconds of an entry: the publishing process, the database, the broker."""
    return {
        "relay": (
            median([each.relay_cpu for each in rounds]),
            median([each.database_cpu for each in rounds]),
            median([each.broker_cpu[0] for each in rounds]),
        ),
        "kombu alone": (
            median([each.publisher_cpu for each in rounds]),
            0.0,
            median([each.broker_cpu[1] for each in rounds]),
        ),
    }


def _plot(cpu: dict[str, tuple[float, float, float]]) -> Plot:
    roles = ("publishing process", "database", "broker")
    series = {role: tuple(values[number] for values in cpu.values()) for number, role in enumerate(roles)}
    return Plot("relay", "CPU of one relayed entry", "bars", "", "CPU µs", tuple(cpu), series)
