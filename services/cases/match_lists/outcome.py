"""What a command makes of a demand, a resource or a project, and the event that tells of it, for chassis' records."""

from typing import Any

from cases.match_lists.demand import Demand
from cases.match_lists.event import key_of, of_demand, of_project, of_resource
from cases.match_lists.project import Project
from cases.match_lists.resource import Resource
from chassis.records import Outcome


def demand_outcome(demand: Demand, type: str, role: str, **answer: Any) -> Outcome[Demand]:
    """The demand as it stands now, and what the receipt says besides."""
    shown = {"status": demand.status.value, "category": demand.category, "grid_code": demand.place.grid_code}
    return Outcome(demand, type, of_demand(demand), role, key_of(demand), {**shown, **answer})


def resource_outcome(resource: Resource, type: str, role: str, project_id: str | None = None) -> Outcome[Resource]:
    """The resource as it stands now, and the project that it is about."""
    shown = {"status": resource.status.value, "area": resource.area}
    return Outcome(resource, type, of_resource(resource, project_id), role, resource.area, shown)


def project_outcome(project: Project, type: str, role: str) -> Outcome[Project]:
    """The project as it stands now."""
    shown = {"status": project.status.value, "area": project.area}
    return Outcome(project, type, of_project(project), role, project.area, shown)
