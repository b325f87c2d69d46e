"""A call to action: how fast thousands are handed to the channels, and whether a case waits for it (§6.3, F41)."""

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bench.cpu import Meter, Spent
from bench.figures import Figure, Figures, Table, cost_table
from bench.people import Crew, crews, holders, signed_in
from bench.stage import Sink, Stage
from bench.told import Told, told
from chassis.caller import Grant
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Entry
from dev.client import Client
from dev.suite import Suite
from members.demo.district import district
from members.people.person import Person
from members.people.store import PeopleStore
from members.sealing import Seal

CALLED, QUICK_CALLED = 3_000, 600
CLIENTS, A_SECOND, ALONE, QUICK_ALONE = 8, 5, 100, 20
"""Cases are reported by so many people in turn, so many a second; how many while nobody is called."""

SECONDS = 60
PROVIDER_SECONDS = 0.2
WAIT_SECONDS = 300
LOOK_SECONDS = 0.05
P95_MS = 1_000
"""What a case's message may take while thousands are called."""

GRID, DISTRICT = "360704100002001", "360704"
NOW, AT = "2026-03-31T10:00:00+08:00", "2026-04-01T08:30:00+08:00"
"""The suite's clock stands at a time outside quiet hours, whenever this runs."""


@dataclass(frozen=True)
class Handed:
    """What a call took until the last message of it went out."""

    called: int
    seconds: float
    sent: int
    spent: Spent


class Scene:
    """A suite, whoever calls and reports there, and what is told to whom."""

    def __init__(self, suite: Suite, people: Sequence[Crew], outside: Told) -> None:
        self._dispatcher = Client(suite.url, people[0].dispatcher)
        self._residents = [(Client(suite.url, each.resident), each.location) for each in people]
        self._outside = outside

    def reach(self) -> int:
        """How many a call would be for."""
        return int(_posted(self._dispatcher, "/v1/call-audience", grids=[GRID])["called"])

    def call(self) -> tuple[str, int]:
        """The event of a call, and for how many it is."""
        return called_out(self._dispatcher)

    def handed(self, event_id: str, called: int) -> None:
        """Wait until so many messages of a call have gone out; raises TimeoutError."""
        deadline = time.monotonic() + WAIT_SECONDS
        while len(self._outside.of_event[event_id]) < called:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self._outside.of_event[event_id])} of {called} were sent a message")
            time.sleep(LOOK_SECONDS)

    def report(self, go_on: Callable[[int], bool]) -> list[float]:
        """Report cases as long as it should go on: from each answer until its reporter's message went out, in ms."""
        began = time.monotonic()
        answered: list[Future[tuple[str, float]]] = []
        with ThreadPoolExecutor(CLIENTS) as pool:
            while go_on(len(answered)):
                answered.append(pool.submit(self._report, len(answered)))
                time.sleep(max(0.0, began + len(answered) / A_SECOND - time.monotonic()))
        return sorted(1000 * (self._told(case_id) - at) for case_id, at in (each.result() for each in answered))

    def _report(self, number: int) -> tuple[str, float]:
        client, location = self._residents[number % len(self._residents)]
        receipt = _posted(client, "/v1/cases", text="楼下路灯不亮，晚上看不清路。", location=location)
        return str(receipt["case_id"]), time.monotonic()

    def _told(self, case_id: str) -> float:
        deadline = time.monotonic() + WAIT_SECONDS
        while (at := self._outside.of_case.get((case_id, "reported"))) is None:
            if time.monotonic() > deadline:
                raise TimeoutError("a reporter was sent no message")
            time.sleep(LOOK_SECONDS)
        return at


def called_out(dispatcher: Client) -> tuple[str, int]:
    """The event of a call to the grid, and for how many it is."""
    issued = _posted(dispatcher, "/v1/calls", grids=[GRID], text="咱们先把楼道清理干净！", at=AT)
    return str(issued["event_id"]), int(issued["called"])


def _posted(client: Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    answer.raise_for_status()
    receipt: dict[str, Any] = answer.json()
    return receipt


def measure(stage: Stage) -> Figures:
    """Report cases, call, and do both at once."""
    wanted, alone = (QUICK_CALLED, QUICK_ALONE) if stage.options.quick else (CALLED, ALONE)
    clock = stage.directory / "clock"
    clock.write_text(NOW)
    with stage.suite(settings={"CLOCK_FILE": str(clock)}) as suite, told(suite.console_file) as outside:
        scene = Scene(suite, crews(suite, CLIENTS), outside)
        _move_in(stage, suite, wanted - scene.reach())
        meter = stage.meter(suite.processes)
        scene.report(lambda done: done < CLIENTS)
        stage.told(f"{alone} cases while nobody is called")
        without = scene.report(lambda done: done < alone)
        meter.wait_quiet(WAIT_SECONDS)
        stage.told(f"a call to {wanted}")
        handed = _handed(scene, outside, meter)
        stage.told("cases while as many are called")
        event_id, called = scene.call()
        meanwhile = scene.report(lambda _: len(outside.of_event[event_id]) < called)
    stage.told("a call through a provider that takes its time")
    return _figures(handed, _through_a_provider(stage, str(clock)), without, meanwhile)


def _through_a_provider(stage: Stage, clock: str) -> float:
    """Seconds until a provider over HTTP has taken the messages of as many, each of which it takes so long for."""
    sink = Sink(stage, seconds=PROVIDER_SECONDS)
    channels = stage.directory / "channels.json"
    url = f"{sink.url.replace('http', 'json')}/{{to}}"
    channels.write_text(json.dumps([{"name": "slow", "kind": "sms", "url": url}]))
    dispatcher = holders(district(), "dispatcher")[0]
    with stage.suite(settings={"CLOCK_FILE": clock, "CHANNELS_FILE": str(channels)}) as suite:
        client = Client(suite.url, signed_in(suite, {"dispatcher": dispatcher})["dispatcher"])
        began, before = time.monotonic(), sink.posts
        _, called = called_out(client)
        while sink.posts < before + called:
            if time.monotonic() - began > WAIT_SECONDS:
                raise TimeoutError(f"{sink.posts - before} of {called} messages came to the provider")
            time.sleep(LOOK_SECONDS)
        return time.monotonic() - began


def _handed(scene: Scene, outside: Told, meter: Meter) -> Handed:
    with meter.measured() as spent:
        began = time.monotonic()
        event_id, called = scene.call()
        scene.handed(event_id, called)
        meter.wait_quiet(WAIT_SECONDS)
    times = outside.of_event[event_id]
    return Handed(called, times[-1] - began, len(times), spent)


def _move_in(stage: Stage, suite: Suite, number: int) -> None:
    """So many volunteers more in the grid, who can be reached."""
    seal = Seal(suite.secrets["PERSON_KEY"], suite.secrets["CODE_KEY"])
    grants = (Grant("volunteer", GRID),)
    now = datetime.now(UTC)
    PeopleStore(Home(stage.client["members"])).add(
        (
            Person(f"bench-{n:05d}", DISTRICT, f"周测{n}", grants),
            seal.close(f"120003{n:05d}"),
            Entry(new_id(), "person.registered", now, {}),
        )
        for n in range(number)
    )


def _figures(handed: Handed, provided: float, without: list[float], meanwhile: list[float]) -> Figures:
    costs, p95 = handed.spent.each(handed.called), _at(meanwhile, 0.95)
    whole, in_time = handed.called >= CALLED, handed.seconds <= SECONDS
    rows = (("nobody is called", without), ("they are called", meanwhile))
    return Figures(
        title="A call to action",
        conditions=f"{handed.called:,} people of one grid are called, once while nothing else goes on and once "
        f"while cases are reported, {A_SECOND} a second; messages go to a file, or to a provider over HTTP.",
        figures=(
            Figure("CPU of one who is called", sum(costs.values()), "ms"),
            Figure(
                f"{handed.called:,} messages handed over",
                handed.seconds,
                "s",
                f"≤ {SECONDS}" if whole else "",
                in_time if whole else None,
            ),
            Figure(
                f"… through a provider that takes {1000 * PROVIDER_SECONDS:.0f} ms for each",
                provided,
                "s",
                f"≤ {SECONDS}" if whole else "",
                provided <= SECONDS if whole else None,
            ),
            Figure("messages", handed.called / handed.seconds, "/s"),
            Figure("sent twice", handed.sent - handed.called, "", "none", handed.sent == handed.called),
            Figure("a case's message while nobody is called, p95", _at(without, 0.95), "ms"),
            Figure("a case's message while they are called, p95", p95, "ms", f"≤ {P95_MS}", p95 <= P95_MS),
        ),
        tables=(
            cost_table("CPU of one who is called", {"called": dict(costs)}),
            Table(
                "Milliseconds from the answer to a report until its reporter's message goes out",
                ("while", "cases", "p50", "p95", "max"),
                tuple((name, len(waits), _at(waits, 0.5), _at(waits, 0.95), waits[-1]) for name, waits in rows),
            ),
        ),
    )


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
