"""One sample of each event of the match lists; `python -m tests.unit.cases.match_list_samples` writes them."""

import json
from collections.abc import Iterator
from typing import Any

from cases.match_lists import demand as demands
from cases.match_lists import project as projects
from cases.match_lists import resource as resources
from cases.match_lists.outcome import demand_outcome, project_outcome, resource_outcome
from chassis.instant import written
from chassis.outbox import Entry
from tests.unit.cases.match_lists import UNIT, asked_for, offered, planned, told
from tests.unit.cases.play import AT, CLOCK, DISPATCHER, RESIDENT
from tests.unit.cases.samples import write

IDS = {
    "demand-1": "0195f3c0-0000-7000-8000-0000000000d1",
    "resource-1": "0195f3c0-0000-7000-8000-0000000000e1",
    "project-1": "0195f3c0-0000-7000-8000-0000000000f1",
}


def of_demands() -> Iterator[Entry]:
    opened = asked_for()
    matched = demands.matched(opened, "project-1")
    yield told("demand", 1, RESIDENT, demand_outcome(opened, demands.OPENED, "resident"))
    yield told("demand", 2, DISPATCHER, demand_outcome(matched, demands.MATCHED, "dispatcher"))
    yield told("demand", 3, DISPATCHER, demand_outcome(demands.met(matched, AT), demands.MET, "dispatcher"))
    yield told("demand", 3, DISPATCHER, demand_outcome(demands.given_back(matched), demands.REOPENED, "dispatcher"))
    unmet = demands.unmet(opened, "no_resource", AT)
    yield told("demand", 2, DISPATCHER, demand_outcome(unmet, demands.UNMET, "dispatcher"))
    expired = demands.expired(opened, opened.expires_at)
    yield told("demand", 2, CLOCK, demand_outcome(expired, demands.EXPIRED, "clock"), opened.expires_at)


def of_resources() -> Iterator[Entry]:
    new = offered()
    reserved, id = resources.reserved(new, "project-1", AT), "project-1"
    changed = resources.changed(new, {"capacity": 2}, AT)
    yield told("resource", 1, UNIT, resource_outcome(new, resources.OFFERED, "unit_contact"))
    yield told("resource", 2, UNIT, resource_outcome(changed, resources.CHANGED, "unit_contact"))
    yield told("resource", 2, DISPATCHER, resource_outcome(reserved, resources.RESERVED, "dispatcher", id))
    released, used = resources.given_back(reserved, id, AT), resources.used(reserved, id, AT)
    yield told("resource", 3, DISPATCHER, resource_outcome(released, resources.RELEASED, "dispatcher", id))
    yield told("resource", 3, DISPATCHER, resource_outcome(used, resources.USED, "dispatcher", id))
    withdrawn = resources.withdrawn(new)
    yield told("resource", 2, UNIT, resource_outcome(withdrawn, resources.WITHDRAWN, "unit_contact"))


def of_projects() -> Iterator[Entry]:
    new = planned()
    yield told("project", 1, DISPATCHER, project_outcome(new, projects.PLANNED, "dispatcher"))
    for act, reason in ((projects.Act.START, None), (projects.Act.COMPLETE, None), (projects.Act.CANCEL, "funds")):
        moved = projects.moved(new, act, reason, AT)
        yield told("project", 2, DISPATCHER, project_outcome(moved, projects.MOVES[act][2], "dispatcher"))


def samples() -> dict[str, dict[str, Any]]:
    """The samples by type, with ids that are always the same."""
    entries = [*of_demands(), *of_resources(), *of_projects()]
    return {entry.type: _sample(number, entry) for number, entry in enumerate(entries)}


def _sample(number: int, entry: Entry) -> dict[str, Any]:
    kind = entry.type.partition(".")[0]
    whole = {
        "specversion": "1.0",
        "id": f"0195f3c0-0000-7000-8000-0000{number:08}",
        "source": "/services/cases",
        "type": entry.type,
        "subject": f"{kind}/{entry.data[f'{kind}_id']}",
        "time": written(entry.at),
        "sequence": entry.data["version"],
        "key": entry.key,
        "data": dict(entry.data),
    }
    text = json.dumps(whole, ensure_ascii=False)
    for name, id in IDS.items():
        text = text.replace(name, id)
    sample: dict[str, Any] = json.loads(text)
    return sample


if __name__ == "__main__":
    write(samples())
