"""An activity as everybody of its district may see it."""

from datetime import datetime
from typing import Any

from chassis import instant
from members.activities.activity import Activity


def shown(activity: Activity, version: int, now: datetime) -> dict[str, Any]:
    """What was announced, and where it stands now."""
    lon, lat = activity.muster
    return {
        "activity_id": activity.id,
        "version": version,
        "kind": activity.kind.value,
        "state": activity.at(now).value,
        "reason": activity.reason,
        "title": activity.title,
        "text": activity.text,
        "grid_code": activity.grid_code,
        "organiser_id": activity.organiser_id,
        "day": activity.day.isoformat(),
        "begins": instant.written(activity.begins),
        "ends": instant.written(activity.ends),
        "breaks": activity.breaks,
        "place": activity.place,
        "muster": {"lon": lon, "lat": lat, "crs": "WGS84"},
        "venue_id": activity.venue_id,
        "compounds": list(activity.compounds),
        "capacity": activity.capacity,
        "sign_up_until": instant.written(activity.sign_up_until),
        "sign_up_way": activity.sign_up_way,
        "conditions": activity.conditions,
        "risks": activity.risks,
        "protection": activity.protection,
        "skills": sorted(activity.skills),
        "youngest": activity.youngest,
        "series_id": activity.series_id,
        "tasks": [
            {
                "task_id": task.id,
                "name": task.name,
                "heads": task.heads,
                "tools": list(task.tools),
                "minutes": task.minutes,
            }
            for task in activity.tasks
        ],
    }
