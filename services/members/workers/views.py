"""Workers as they are shown: nickname and phone are masked on the server (docs/domain.md §5)."""

from collections.abc import Iterable
from typing import Any

from chassis.instant import written, written_or_none
from members.needs import views
from members.needs.need import Need, Progress
from members.people.person import masked_phone
from members.sealing import Seal
from members.workers.worker import Worker


def worker(found: Worker, version: int, seal: Seal, stated: Iterable[tuple[Need, Progress]]) -> dict[str, Any]:
    """A worker with what is needed."""
    return {
        "worker_id": found.id,
        "version": version,
        "nickname": found.shown_name,
        "kind": found.kind.value,
        "platform": found.platform,
        "grid_code": found.link.grid_code,
        "station_id": found.link.station_id,
        "phone": masked_phone(seal.open(found.phone)) if found.phone else None,
        "has_account": found.person_id is not None,
        "registered_at": written(found.registered_at),
        "left_at": written_or_none(found.left_at),
        "needs": views.needs(stated),
    }
