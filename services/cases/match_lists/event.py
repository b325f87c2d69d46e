"""What events of the match lists say: ids, codes, states and times; never a name, a phone or anybody's words."""

from typing import Any

from cases.match_lists.demand import Demand
from cases.match_lists.project import Project
from cases.match_lists.resource import Resource
from chassis.instant import written, written_or_none


def of_demand(demand: Demand) -> dict[str, Any]:
    """Where the demand stands, as every event of it says."""
    return {
        "status": demand.status.value,
        "category": demand.category,
        "restricted": demand.kind.restricted,
        "grid_code": demand.place.grid_code,
        "compound_id": demand.place.compound_id,
        "source": demand.source.value,
        "source_id": demand.source_id,
        "asker_id": demand.asker.id,
        "callback": demand.asker.called_by_hand,
        "expires_at": written(demand.expires_at),
        "project_id": demand.project_id,
        "reason_code": demand.reason_code,
    }


def of_resource(resource: Resource, project_id: str | None = None) -> dict[str, Any]:
    """Where the resource stands; `project_id` is the project that the event is about."""
    return {
        "status": resource.status.value,
        "kind": resource.kind.value,
        "owner_id": resource.owner_id,
        "owner_kind": resource.owner_kind,
        "area": resource.area,
        "serves": list(resource.serves),
        "capacity": resource.capacity,
        "used": resource.used,
        "in_use": resource.load,
        "project_id": project_id,
    }


def of_project(project: Project) -> dict[str, Any]:
    """Where the project stands."""
    return {
        "status": project.status.value,
        "area": project.area,
        "demands": list(project.demands),
        "resources": list(project.resources),
        "cases": list(project.cases),
        "activities": list(project.activities),
        "reason_code": project.reason_code,
        "ended_at": written_or_none(project.ended_at),
    }


def key_of(demand: Demand) -> str:
    """What follows the type in the routing key of a demand's events."""
    return f"{demand.place.grid_code}.{demand.category}"
