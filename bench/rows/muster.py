"""The muster of a service day: ten thousand check-ins as fast as they go, none lost and none twice (§6.3, F44)."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from bench import k6
from bench.cpu import Meter, Spent
from bench.figures import Figure, Figures, Table, cost_table
from bench.k6 import Load
from bench.people import holders, signed_in
from bench.stage import SESSION_SECONDS, Stage
from chassis.ids import new_id
from chassis.mongo import Home
from dev.client import Client
from dev.suite import Suite
from gateway.tokens import Tokens
from members.activities.activity import SLOT_SECONDS, Activity, Kind
from members.activities.store import ActivityStore
from members.demo.district import district
from members.demo.enrolment import Enrolment

CHECK_INS, QUICK_CHECK_INS = 10_000, 1_000
DAYS = 3
"""Service days at once: the demo data has fewer active people than are to check in."""

CLIENTS = 50
WARM_UP = 200
REPEATED = 500
"""So many of the scans are sent once more, as phones do that got no answer."""

SECONDS = 60
P95_SECONDS = 0.5
DRAIN_SECONDS = 120
MEMBERS = "members"


@dataclass(frozen=True)
class Muster:
    """What the check-ins took, and what was there afterwards."""

    load: Load
    spent: Spent
    counted: int
    stints: int
    after_repeats: int


def measure(stage: Stage) -> Figures:
    """Check everybody in as fast as it goes, and count."""
    wanted = QUICK_CHECK_INS if stage.options.quick else CHECK_INS
    with stage.suite() as suite:
        stage.told(f"{wanted} check-ins")
        warm, scans = _scans(stage, suite, "warm-up", WARM_UP), _scans(stage, suite, "scans", wanted)
        meter = stage.meter(suite.processes)
        _check_in(suite, warm, WARM_UP)
        meter.wait_quiet(DRAIN_SECONDS)
        return _figures(_mustered(stage, suite, meter, scans, wanted), wanted)


def _mustered(stage: Stage, suite: Suite, meter: Meter, scans: Path, wanted: int) -> Muster:
    attendance = stage.client[MEMBERS]["attendance"]
    ids = {each["activity"] for each in json.loads(scans.read_text())}
    ours = {"activity_id": {"$in": sorted(ids)}}
    with meter.measured() as spent:
        load = _check_in(suite, scans, wanted)
        meter.wait_quiet(DRAIN_SECONDS)
    counted = attendance.count_documents(ours)
    stints = sum(len(each["stints"]) for each in attendance.find(ours, {"stints": True}))
    again = _check_in(suite, scans, min(REPEATED, wanted))
    for each in (load, again):
        if each.count("refused"):
            raise AssertionError(f"check-ins were refused: {each.complaints[:3]}")
    return Muster(load, spent, counted, stints, attendance.count_documents(ours))


def _check_in(suite: Suite, scans: Path, number: int) -> Load:
    return k6.run("muster.js", URL=suite.url, SCANS=scans, CLIENTS=CLIENTS, ITERATIONS=number)


def _scans(stage: Stage, suite: Suite, name: str, number: int) -> Path:
    """A file with so many scans, each by a person of the demo data at one of the service days of now."""
    days = _days(number)
    organiser = holders(district(), "community_worker")[0]
    activities = [_service_day(organiser) for _ in range(days)]
    ActivityStore(Home(stage.client[MEMBERS])).add(activities, datetime.now(UTC))
    client = Client(suite.url, signed_in(suite, {"organiser": organiser})["organiser"])
    codes = {}
    for each in activities:
        answered = client.get(f"/v1/activities/{each.id}/muster-code")
        answered.raise_for_status()
        codes[each.id] = answered.json()["code"]
    people = list(islice((each for each in district().people if each.person.active), -(-number // days)))
    tokens = _tokens(suite, people)
    pairs = islice(((each.id, token) for each in activities for token in tokens), number)
    path = stage.directory / f"{name}.json"
    path.write_text(
        json.dumps([{"token": token, "activity": id, "code": codes[id], "key": new_id()} for id, token in pairs])
    )
    return path


def _days(number: int) -> int:
    return max(DAYS * number // CHECK_INS, 1)


def _service_day(organiser: Enrolment) -> Activity:
    """A service day that has just begun, where the organiser works."""
    now = int(time.time())
    begins = datetime.fromtimestamp(now - now % SLOT_SECONDS, UTC)
    return Activity(
        id=new_id(),
        kind=Kind.SERVICE_DAY,
        title="扮靓周四",
        text="清扫楼道",
        grid_code=organiser.person.grants[0].scope,
        organiser_id=organiser.person.id,
        begins=begins,
        ends=begins + timedelta(hours=2),
        place="社区门口",
        muster=(115.006, 25.86),
        sign_up_until=begins,
        conditions="无",
        sign_up_way="当天直接参加",
        risks="楼梯湿滑",
        protection="手套",
    )


def _tokens(suite: Suite, people: list[Enrolment]) -> list[str]:
    """A token for each, as a sign-in would give: to sign so many in would take longer than all the rest."""
    tokens = Tokens(suite.secrets["TOKEN_KEY"], SESSION_SECONDS)
    return [tokens.issue(new_id(), each.person.caller().dump(), time.time()) for each in people]


def _figures(muster: Muster, wanted: int) -> Figures:
    load, costs = muster.load, muster.spent.each(wanted)
    took, calls = load.elapsed, load.trend("every_call")
    p95, whole, in_time = calls["p(95)"], wanted == CHECK_INS, took <= SECONDS
    once = muster.counted == muster.stints == muster.after_repeats == wanted
    return Figures(
        title="The muster of a service day",
        conditions=f"{wanted:,} people check in by the code of the day at {_days(wanted)} service days, "
        f"{CLIENTS} at a time; {min(REPEATED, wanted)} of the scans are then sent once more.",
        figures=(
            Figure("CPU of a check-in", sum(costs.values()), "ms"),
            Figure(f"{wanted:,} check-ins", took, "s", f"≤ {SECONDS}" if whole else "", in_time if whole else None),
            Figure("check-ins", wanted / took, "/s"),
            Figure("a check-in, p95", p95, "ms", f"≤ {P95_SECONDS * 1000:.0f}", p95 <= P95_SECONDS * 1000),
            Figure("lost", wanted - muster.counted, "", "none", muster.counted == wanted),
            Figure("counted twice", muster.stints + muster.after_repeats - 2 * muster.counted, "", "none", once),
            Figure("load generator", load.cpu * 1000 / wanted, "ms CPU a check-in"),
        ),
        tables=(
            cost_table("CPU of one check-in", {"check-in": dict(costs)}),
            Table(
                "Milliseconds of a call",
                ("call", "p50", "p95", "p99", "max"),
                (("check-in", calls["med"], p95, calls["p(99)"], calls["max"]),),
            ),
        ),
    )
