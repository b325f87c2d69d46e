"""An activity written as a document and read back."""

from collections.abc import Mapping
from typing import Any

from chassis.outbox import Document
from members.activities.activity import Activity, Kind, State, Task
from members.posts.post import areas


def written(activity: Activity) -> Document:
    """The document, with `areas` and `day` for the queries of lists."""
    plain = {name: value for name, value in vars(activity).items() if name != "id"}
    return {
        "_id": activity.id,
        "tenant": activity.tenant,
        "areas": areas(activity.grid_code),
        "day": activity.day.isoformat(),
        **plain,
        "kind": activity.kind.value,
        "state": activity.state.value,
        "muster": list(activity.muster),
        "compounds": list(activity.compounds),
        "skills": sorted(activity.skills),
        "tasks": [{**vars(task), "tools": list(task.tools)} for task in activity.tasks],
    }


def read(found: Mapping[str, Any]) -> Activity:
    """The activity that the document describes."""
    plain = {name: found[name] for name in Activity.__dataclass_fields__ if name != "id"}
    known = {
        "kind": Kind(found["kind"]),
        "state": State(found["state"]),
        "muster": (found["muster"][0], found["muster"][1]),
        "compounds": tuple(found["compounds"]),
        "skills": frozenset(found["skills"]),
        "tasks": tuple(Task(**{**task, "tools": tuple(task["tools"])}) for task in found["tasks"]),
    }
    return Activity(id=found["_id"], **{**plain, **known})
