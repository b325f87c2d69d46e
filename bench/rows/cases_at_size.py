"""What each move and each way of reading costs among a million stored cases, against a database with few of them."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from statistics import median, quantiles

from bench import picture, stored
from bench.figures import Figure, Figures, Table
from bench.people import Crew, crews
from bench.stage import Stage
from bench.story import LONG, SHORT, Teller, Told
from dev.client import Client
from dev.processes import resident
from dev.suite import Suite

STORED, QUICK_STORED = 1_000_000, 20_000
FEW, FEW_WEEKS = 10_000, 2
"""What a district has that began two weeks ago: few, and yet enough to fill the first page of everything."""

TOLD, QUICK_TOLD = 160, 40
"""Cases of each story."""

READ, QUICK_READ = 240, 80
LOT, PAGES = 20, 40
"""So many moves, or pages, are done at once before it is the others' turn."""

SETTLE_SECONDS = 1.5
"""What a move leaves to do is done within that."""

CREWS = 20
DRAIN_SECONDS = 300
DEARER = 1.25
"""What an operation may cost among all of them, as a multiple of what it costs among few."""

MONTH_MS = 1_000
TOWN, COMMUNITY, GRID = "360704100", "360704100002", "360704100002001"
NOW, MONTH = "2026-03-16T10:00:00+08:00", "from=2026-02-01&to=2026-02-28"
"""The suite's clock stands in the week after the last stored cases, and the month before is as full as any."""

MB = 2**20

Costs = dict[str, float]


@dataclass(frozen=True)
class Spell:
    """Everything once among so many cases: CPU ms of one, its p95 in ms, CPU ms a second of idling, MB of processes.

    `database` is what of the CPU the database used.
    """

    stored: int
    moves: Costs
    reads: Costs
    database: Costs
    waits: Costs
    idle: float
    memory: Costs


READS: Mapping[str, str] = {
    "one case": "/v1/cases/{}",
    "list, newest first": "/v1/cases",
    "list of a grid": f"/v1/cases?grid={GRID}",
    "list of one status": "/v1/cases?status=CLOSED",
    "list by priority": "/v1/cases?order=priority",
    "board of a grid": f"/v1/ledgers/{GRID}?list=problem",
    "board of a community": f"/v1/ledgers/{COMMUNITY}?list=problem",
    "board of the town": f"/v1/ledgers/{TOWN}?list=problem",
    "board, who answers": f"/v1/ledgers/{TOWN}?list=responsibility",
    "board, what is done": f"/v1/ledgers/{TOWN}?list=completion",
}
"""What the office asks for, where need be with the id of a case."""

MONTHS: Mapping[str, str] = {
    "indicators of a month": f"/v1/indicators?area={TOWN}&{MONTH}",
    **{
        f"indicators of a month by {part}": f"/v1/indicators?area={TOWN}&by={part}&{MONTH}"
        for part in ("grid", "unit", "category", "day")
    },
}
"""There is little to count among few, so these have a limit of their own."""

YEARS: Mapping[str, str] = {
    "indicators of two years by month": f"/v1/indicators?area={TOWN}&by=month&from=2024-03-16&to=2026-03-15",
    "indicators of two years by grid": f"/v1/indicators?area={TOWN}&by=grid&from=2024-03-16&to=2026-03-15",
    "ranking of a month": f"/v1/indicator-ranking?area={TOWN}&by=grid&{MONTH}",
}
"""What those ask for who look at everything that is stored; nothing limits these."""

PUBLIC = "public indicators of a month"
"""The set that residents see, in which the opinions of few are hidden."""

ASKED: Mapping[str, str] = {**READS, **MONTHS, PUBLIC: f"/v1/indicators?area={TOWN}&by=grid&{MONTH}", **YEARS}


def measure(stage: Stage) -> Figures:
    """Take every step and read everything among few cases and among all, on two suites, in turns.

    A machine is never equally busy for an hour: what stands side by side was measured within the same half minute.
    """
    number = QUICK_STORED if stage.options.quick else STORED
    with Stage(stage.options) as beside, at_desk(stage) as many, at_desk(beside) as few:
        for desk, wanted, weeks in ((few, FEW, FEW_WEEKS), (many, number, stored.WEEKS)):
            desk.fill(wanted, weeks)
        for desk in (few, many):
            desk.warm_up()
        for desk in (few, many):
            desk.begin()
        stage.told(f"every move and every way of reading among few and among {number:,} cases, in turns")
        for (name, lot), (_, lot_beside) in zip(few.lots(), many.lots(), strict=True):
            with many.resting():
                few.do(name, lot)
            with few.resting():
                many.do(name, lot_beside)
        for desk in (few, many):
            desk.suite.require_alive()
        return _figures(few.spell(FEW), many.spell(number))


@contextmanager
def at_desk(stage: Stage) -> Iterator["Desk"]:
    """A desk in a suite of its own, whose clock stands."""
    clock = stage.directory / "clock"
    clock.write_text(NOW)
    with stage.suite(settings={"CLOCK_FILE": str(clock)}) as suite:
        yield Desk(stage, suite, crews(suite, CREWS))


@dataclass(frozen=True)
class Used:
    """What so many operations took: seconds of the clock, CPU seconds of all processes and of the database."""

    operations: int
    seconds: float
    total: float
    database: float


class Timed:
    """What has been done, by its name: how often, CPU of all processes and of the database, ms of each wait.

    What idling uses is taken off, as it was seen over the whole run whenever the others had their turn. Of all lots
    the lower quartile counts: a busy machine makes every lot dearer and none cheaper, and now and then a database
    writes for seconds what it has held back for a minute.
    """

    def __init__(self, read: Callable[[], Mapping[str, float]]) -> None:
        """`read` says the CPU seconds so far, by role."""
        self._read = read
        self._used: dict[str, list[Used]] = {}
        self._rested: list[Used] = []
        self._took: dict[str, list[float]] = {}

    def do(self, name: str, doing: Sequence[Callable[[], None]]) -> None:
        """Do one after the other, until all that they caused is done."""
        took = self._took.setdefault(name, [])
        with self._watched(self._used.setdefault(name, []), len(doing)):
            for do in doing:
                began = time.monotonic()
                do()
                took.append((time.monotonic() - began) * 1_000)
            time.sleep(SETTLE_SECONDS)

    def resting(self) -> AbstractContextManager[None]:
        """Nothing is asked of them inside."""
        return self._watched(self._rested, 0)

    @contextmanager
    def _watched(self, kept: list[Used], operations: int) -> Iterator[None]:
        before, started = self._read(), time.monotonic()
        yield
        after = self._read()
        total, database = sum(after.values()) - sum(before.values()), after["database"] - before["database"]
        kept.append(Used(operations, time.monotonic() - started, total, database))

    def of(self, names: Iterable[str]) -> Costs:
        """CPU ms of one, by name."""
        return {name: self._net(name, lambda each: each.total) for name in names}

    @property
    def database(self) -> Costs:
        """What of it the database used."""
        return {name: self._net(name, lambda each: each.database) for name in self._used}

    @property
    def idle(self) -> float:
        """CPU seconds a second while nothing was asked."""
        return self._idle(lambda each: each.total)

    def _net(self, name: str, part: Callable[[Used], float]) -> float:
        idle = self._idle(part)
        costs = [(part(each) - idle * each.seconds) * 1_000 / each.operations for each in self._used[name]]
        return quantiles(costs, n=4, method="inclusive")[0]

    def _idle(self, part: Callable[[Used], float]) -> float:
        return median(part(each) / each.seconds for each in self._rested)

    @property
    def waits(self) -> Costs:
        """p95 in ms."""
        return {name: sorted(took)[int(len(took) * 0.95)] for name, took in self._took.items()}


class Desk:
    """Those who act and read, and what it costs."""

    def __init__(self, stage: Stage, suite: Suite, people: Sequence[Crew]) -> None:
        self.suite = suite
        self._stage, self._people = stage, people
        self._teller = Teller(suite.url, picture.jpeg())
        self._told = QUICK_TOLD if stage.options.quick else TOLD
        self._reads = QUICK_READ if stage.options.quick else READ

    def fill(self, wanted: int, weeks: int) -> None:
        """Have so many cases stored while nobody works; all begin anew then, with an hour until what is hourly."""
        self.suite.stop()
        with stored.unindexed(self._stage):
            stored.fill(self._stage, wanted, weeks)
        self.suite.start()
        stored.check(self._stage, self.suite)

    def warm_up(self) -> None:
        """Do everything some times, so that pools and caches are filled."""
        for story in (LONG, *SHORT):
            for told in self._cases(CREWS):
                for step in story:
                    self._teller.take(step, told)
        for name in ASKED:
            for _ in range(CREWS):
                self._read(name, self._newest())

    def begin(self) -> None:
        """Wait until all is quiet, and measure from now on."""
        meter = self._stage.meter(self.suite.processes)
        meter.wait_quiet(DRAIN_SECONDS)
        self._timed = Timed(meter.read)

    def lots(self) -> Iterator[tuple[str, Sequence[Callable[[], None]]]]:
        """Everything that is done, lot by lot with its name: each move with each case, each page as it is read."""
        for story in (LONG, *SHORT):
            cases = list(self._cases(self._told))
            for step in story:
                for start in range(0, len(cases), LOT):
                    yield step.name, [partial(self._teller.take, step, told) for told in cases[start : start + LOT]]
        case_id = self._newest()
        for name in ASKED:
            for _ in range(0, self._reads, PAGES):
                yield name, [partial(self._read, name, case_id)] * PAGES

    def do(self, name: str, doing: Sequence[Callable[[], None]]) -> None:
        """Do it, and keep what it cost."""
        self._teller.hang_up()
        self._timed.do(name, doing)

    def resting(self) -> AbstractContextManager[None]:
        """It is the others' turn inside."""
        return self._timed.resting()

    def spell(self, number: int) -> Spell:
        """What it all cost among so many cases."""
        timed, moves = self._timed, [step.name for story in (LONG, *SHORT) for step in story]
        memory = {name: resident(each.pid) / MB for name, each in self.suite.processes.items()}
        return Spell(number, timed.of(moves), timed.of(ASKED), timed.database, timed.waits, timed.idle, memory)

    def _cases(self, number: int) -> Iterator[Told]:
        offices = sorted({crew.dispatcher for crew in self._people})
        beside = [*self._people[1:], self._people[0]]
        for crew, neighbour in islice(cycle(zip(self._people, beside, strict=True)), number):
            yield Told(crew, next(each for each in offices if each != crew.dispatcher), neighbour.worker_id)

    def _newest(self) -> str:
        found = self._office.get("/v1/cases", params={"limit": 1}).json()
        return str(found["items"][0]["case_id"])

    def _read(self, name: str, case_id: str) -> None:
        crew = self._people[0]
        reader = self._teller.client(crew.resident if name == PUBLIC else crew.dispatcher)
        reader.get(ASKED[name].format(case_id)).raise_for_status()

    @property
    def _office(self) -> Client:
        return self._teller.client(self._people[0].dispatcher)


def _figures(few: Spell, many: Spell) -> Figures:
    among = f"among {many.stored:,}"
    months = max(many.waits[name] for name in (*MONTHS, PUBLIC))
    pages = [{name: spell.reads[name] for name in READS} for spell in (few, many)]
    return Figures(
        title="Cases at size",
        conditions=f"Two suites, of which one has {few.stored:,} cases; in turns, {LOT} moves or {PAGES} pages at a "
        f"time, by one client, each move {TOLD} times and each page {READ} times; CPU over all processes of a suite "
        "until all that it caused is done, the lower quartile of all turns.",
        figures=(
            *_dearest("move", few.moves, many.moves),
            *_dearest("page", *pages),
            Figure(f"indicators of a month {among}, p95", months, "ms", f"< {MONTH_MS}", months < MONTH_MS),
            Figure("CPU while idling, few", few.idle * 1_000, "ms a second"),
            Figure(f"CPU while idling {among}", many.idle * 1_000, "ms a second"),
            *(
                Figure(f"memory of {name} {among}, against few", many.memory[name] - few.memory[name], "MB more")
                for name in few.memory
            ),
        ),
        tables=(
            _costs("CPU of a move", few.moves, many.moves, few, many),
            _costs("CPU of a page", few.reads, many.reads, few, many),
            Table(
                "Memory, MB",
                ("process", "few", among),
                tuple((name, few.memory[name], many.memory[name]) for name in few.memory),
            ),
        ),
    )


def _dearest(kind: str, few: Costs, many: Costs) -> Iterator[Figure]:
    ratios = {name: many[name] / few[name] for name in few}
    name = max(ratios, key=ratios.__getitem__)
    yield Figure(f"all of one {kind} each, CPU against few", sum(many.values()) / sum(few.values()), "×")
    worst = ratios[name]
    yield Figure(f"dearest {kind} ({name}), CPU against few", worst, "×", f"≤ {DEARER}", worst <= DEARER)


def _costs(title: str, few: Costs, many: Costs, before: Spell, after: Spell) -> Table:
    rows = tuple(
        (
            name,
            few[name],
            many[name],
            many[name] / few[name],
            before.database[name],
            after.database[name],
            after.waits[name],
        )
        for name in few
    )
    among = f"among {after.stored:,}"
    return Table(title, ("CPU ms", "few", among, "×", "database, few", f"database, {among}", "p95, ms"), rows)
