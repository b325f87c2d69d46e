"""Two thousand open pages at one gateway: what they cost while nothing happens, and what an event costs."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice

import psutil

from bench.audience import Audience
from bench.cpu import Meter
from bench.figures import Figure, Figures, Table
from bench.people import Crew, crews
from bench.stage import Stage
from dev.client import Client
from dev.suite import Suite
from members.demo.district import district

STREAMS = 2_000
EVENTS, QUICK_EVENTS = 200, 30
A_SECOND = 2.0
IDLE_SECONDS, QUICK_IDLE_SECONDS = 60.0, 20.0
MOST_TOLD_SECONDS = 30.0
ROOM = {"STREAMS": "5000", "STREAMS_OF_ONE": "5000"}


@dataclass(frozen=True)
class Open:
    """What so many streams cost: bytes of memory, and CPU seconds a second while nothing happens."""

    memory: float
    idle: float


@dataclass(frozen=True)
class Heard:
    """What events cost that so many streams hear each: CPU milliseconds of the gateway, and milliseconds until told."""

    hearers: float
    cpu: float
    waits: Sequence[float]

    def at(self, share: float) -> float:
        """The wait within which that share of all was told."""
        return self.waits[min(len(self.waits) - 1, int(share * len(self.waits)))]


def measure(stage: Stage) -> Figures:
    """Open them, wait, and report cases: first all hear each, then those of the grid alone."""
    events = QUICK_EVENTS if stage.options.quick else EVENTS
    with stage.suite(settings=ROOM) as suite:
        [crew] = crews(suite, 1)
        gateway = psutil.Process(suite.processes["gateway.1"].pid)
        meter = stage.meter(suite.processes)
        _report(suite, crew, events)
        without, _ = _cpu_of_event(suite, crew, meter, events)
        stage.told(f"{STREAMS} streams of the whole district")
        everybody, opened = _everybody(stage, suite, crew, (meter, gateway), events)
        stage.told(f"{STREAMS} streams of a grid each")
        few = _few(suite, crew, meter, events)
    return _figures(events, without, opened, (everybody, few))


def _everybody(
    stage: Stage, suite: Suite, crew: Crew, watched: tuple[Meter, psutil.Process], events: int
) -> tuple[Heard, Open]:
    meter, gateway = watched
    seconds = QUICK_IDLE_SECONDS if stage.options.quick else IDLE_SECONDS
    before = _memory(gateway)
    with Audience(suite.url, crew.dispatcher) as audience:
        audience.open(["/v1/streams/desk"] * STREAMS)
        time.sleep(2)
        opened = Open(_memory(gateway) - before, _idle(meter, seconds))
        return _heard(suite, crew, meter, events, audience), opened


def _few(suite: Suite, crew: Crew, meter: Meter, events: int) -> Heard:
    grids = sorted({each.grid_code for each in district().compounds})
    with Audience(suite.url, crew.dispatcher) as audience:
        audience.open(islice(cycle(f"/v1/streams/desk?area={grid}" for grid in grids), STREAMS))
        return _heard(suite, crew, meter, events, audience)


def _heard(suite: Suite, crew: Crew, meter: Meter, events: int, audience: Audience) -> Heard:
    cpu, answered = _cpu_of_event(suite, crew, meter, events)
    waits, count = [], 0
    for line, times in audience.told.items():
        told = json.loads(line.removeprefix(b"data: "))
        if told["case_id"] in answered:
            waits += [1000 * (at - answered[told["case_id"]]) for at in times]
            count += 1
    if count < events:
        raise AssertionError(f"{count} of {events} events were heard")
    return Heard(len(waits) / count, cpu, sorted(waits))


def _cpu_of_event(suite: Suite, crew: Crew, meter: Meter, events: int) -> tuple[float, dict[str, float]]:
    """CPU milliseconds of the gateway for one report and all who are told of it; when which case was answered."""
    before, began = meter.read()["gateway"], time.monotonic()
    answered = _report(suite, crew, events)
    time.sleep(3)
    spent = (meter.read()["gateway"] - before - meter.idle["gateway"] * (time.monotonic() - began)) * 1000 / events
    return spent, answered


def _report(suite: Suite, crew: Crew, events: int) -> dict[str, float]:
    """When the report of each case was answered, in seconds since 1970."""
    answered = {}
    with Client(suite.url, crew.resident) as client:
        for _ in range(events):
            answer = client.post("/v1/cases", json={"text": "楼下路灯不亮，晚上看不清路。", "location": crew.location})
            answer.raise_for_status()
            answered[answer.json()["case_id"]] = time.time()
            time.sleep(1 / A_SECOND)
    return answered


def _idle(meter: Meter, seconds: float) -> float:
    before = meter.read()["gateway"]
    time.sleep(seconds)
    return (meter.read()["gateway"] - before) / seconds


def _memory(process: psutil.Process) -> float:
    """Bytes that the tree of a process holds resident."""
    return float(sum(each.memory_info().rss for each in (process, *process.children(recursive=True))))


def _figures(events: int, without: float, opened: Open, heard: Sequence[Heard]) -> Figures:
    everybody, few = heard
    rows = tuple(
        (name, each.hearers, each.cpu - without, (each.cpu - without) / each.hearers, each.at(0.5), each.at(0.99))
        for name, each in (("of the whole district", everybody), ("of a grid each", few))
    )
    return Figures(
        title="Streams",
        conditions=f"{STREAMS} streams at one gateway process, {events} reports at {A_SECOND:g} a second; what a "
        "report itself costs the gateway is taken off. The wait is from the answer to the reporter until a reader has "
        "the line, all readers in one thread on the same machine.",
        figures=(
            Figure("memory of a stream", opened.memory / STREAMS / 1024, "KiB"),
            Figure(f"CPU of {STREAMS} streams while nothing happens", opened.idle * 1000, "ms/s"),
            Figure("CPU of a line told", (everybody.cpu - without) / everybody.hearers, "ms"),
            Figure("until all are told, p99", everybody.at(0.99), "ms"),
            Figure("until those few are told, p99", few.at(0.99), "ms"),
        ),
        tables=(
            Table(
                "An event, at the gateway",
                ("streams", "hearers", "CPU ms", "CPU ms each", "p50 ms", "p99 ms"),
                rows,
            ),
        ),
    )
