"""What becomes of demands and resources, in the inbox and outside; partners hear of cases alone."""

from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from chassis.event import Event
from notify.channels.console import Console
from notify.service import NotifyService
from tests.component.notify.samples import PARTNER, MembersStandIn, caller, event
from tests.component.notify.test_service import lines, titles
from tests.component.set_clock import SetClock
from tests.unit.notify.samples import SAMPLES, sample

Stored = Database[dict[str, Any]]
XIE, GRID_WORKER = caller("p-xie"), caller("p-grid", "grid_worker")


def told(type: str, **changes: Any) -> Event:
    return sample(SAMPLES / f"{type}.json", **changes)


def test_fourteen_askers_are_told_once_each_however_often_the_events_come(
    service: NotifyService, members: MembersStandIn, database: Stored
) -> None:
    """F09: all 14 askers are told; who has a phone and no account is called by a grid worker."""
    met = [told("demand.met", asker_id=f"p-{n}") for n in range(10)]
    met += [told("demand.met", asker_id=None, callback="visit") for _ in range(4)]
    events = [Event(**{**vars(each), "id": f"e-{n}"}) for n, each in enumerate(met)]
    for each in (*events, *events):
        service.tell_of_match_lists(each)
    assert database["notices"].count_documents({}) == 14
    for n in range(10):
        assert titles(service, caller(f"p-{n}")) == ["demand_met"]
    assert titles(service, GRID_WORKER) == ["demand_met_by_hand"] * 4
    assert {each[0] for each in members.asked} == {"responsible"}
    [notice] = service.inbox(caller("p-3"))["items"]
    assert notice["demand_id"] == met[3].data["demand_id"]
    assert "驿站设施/物资需求" in notice["texts"]["zh-CN"]["body"]


def test_a_unit_reads_what_becomes_of_its_resource_through_its_contacts(service: NotifyService) -> None:
    service.tell_of_match_lists(told("resource.reserved"))
    assert titles(service, PARTNER) == ["resource_reserved"]


def test_what_cannot_be_sent_to_an_asker_becomes_a_call(
    service: NotifyService, clock: SetClock, tmp_path: Path
) -> None:
    service.channels = (Console(tmp_path / "missing" / "console"),)
    clock.wait(hours=-11)  # the whole ladder is over before quiet hours
    for type in ("demand.met", "demand.matched"):
        service.tell_of_match_lists(told(type))
    for _ in range(5):
        service.send_outside()
        clock.wait(hours=2)
    assert titles(service, GRID_WORKER) == ["demand_met_by_hand"]
    [task] = service.inbox(GRID_WORKER)["items"]
    assert "None" not in str(task["texts"])


def test_the_console_gets_it_too(service: NotifyService, console_file: Path) -> None:
    service.tell_of_match_lists(told("demand.met"))
    service.send_outside()
    [line] = lines(console_file)
    assert (line["recipient"], line["template"]) == ("p-xie", "demand_met")


@pytest.mark.parametrize("type", ["demand.opened", "resource.offered", "project.planned"])
def test_events_of_the_match_lists_are_passed_over_for_partners(
    service: NotifyService, database: Stored, type: str
) -> None:
    service.keep_events([told(type)])
    assert database["event_log"].count_documents({}) == 0
    service.keep_events([told(type), event("case.registered"), told(type)])
    assert [each["type"] for each in database["event_log"].find()] == ["case.registered"]
