"""A new-employment worker as the census knows one: by a nickname; nobody's identity is asked for (F08)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from chassis.errors import Refusal
from members.area import tenant_of

REGISTERED, CHANGED, LEFT, STATED = "worker.registered", "worker.changed", "worker.left", "worker.stated"
FOLLOWED = "worker.followed"
"""Entries of a worker's history; nobody outside hears of them."""


class Kind(StrEnum):
    """What somebody does."""

    RIDER = "rider"
    COURIER = "courier"
    DRIVER = "driver"
    STREAMER = "streamer"
    OTHER = "other"


PLATFORMS = ("美团", "饿了么", "顺丰", "中通", "圆通", "韵达", "邮政", "京东", "滴滴", "货拉拉", "抖音", "快手")
"""Platforms that forms propose; any other name is taken as well."""


@dataclass(frozen=True)
class Link:
    """Where a worker belongs: a grid, and perhaps a rest station; from an instant, until another (excluded).

    Who named a station alone is counted in its grid.
    """

    grid_code: str
    since: datetime
    station_id: str | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Worker:
    """One worker; a phone is there only sealed, with the consent to it; `person_id` is an account, if there is one."""

    id: str
    nickname: str
    kind: Kind
    platform: str
    links: tuple[Link, ...]
    registered_at: datetime
    phone: str | None = None
    phone_print: str | None = None
    consented_at: datetime | None = None
    person_id: str | None = None
    left_at: datetime | None = None

    @property
    def link(self) -> Link:
        """Where the worker belongs now, or belonged at last."""
        return self.links[-1]

    @property
    def tenant(self) -> str:
        """The district."""
        return tenant_of(self.link.grid_code)

    @property
    def shown_name(self) -> str:
        """The nickname, masked (docs/domain.md §5)."""
        return masked(self.nickname)


def masked(nickname: str) -> str:
    """The first character of a nickname, and no more."""
    return f"{nickname[:1]}**"


def registered(id: str, fields: Mapping[str, Any], now: datetime) -> Worker:
    """The worker of these fields, as of now."""
    return Worker(
        id=id,
        nickname=fields["nickname"],
        kind=Kind(fields["kind"]),
        platform=fields["platform"],
        links=(Link(fields["grid_code"], now, fields.get("station_id")),),
        registered_at=now,
        person_id=fields.get("person_id"),
        **_reached(fields, now),
    )


def changed(worker: Worker, fields: Mapping[str, Any], now: datetime) -> Worker:
    """The worker with other fields; where one belonged before is kept. Refuses `worker_left` and `nothing_changed`."""
    check_here(worker)
    told: dict[str, Any] = {name: fields[name] for name in ("nickname", "platform", "person_id") if name in fields}
    told |= {"kind": Kind(fields["kind"])} if "kind" in fields else {}
    told |= _reached(fields, now) if "phone" in fields else {}
    after = replace(worker, **told, links=_moved(worker, fields, now))
    if replace(after, consented_at=worker.consented_at, phone=worker.phone) == worker:
        raise Refusal("nothing_changed")
    return after


def left(worker: Worker, now: datetime) -> Worker:
    """The worker is here no more: the phone is forgotten, earlier days still count. Refuses `worker_left`."""
    check_here(worker)
    links = (*worker.links[:-1], replace(worker.link, until=now))
    return replace(worker, links=links, left_at=now, phone=None, phone_print=None, consented_at=None)


def followed(worker: Worker, old: str, codes: Sequence[str], at: datetime) -> Worker:
    """The worker in the grid that follows the closed grid `old` from `at` on; a station and what was before are kept.

    `codes` are those that may follow: of several nothing tells which, so that the worker stays, to be asked. The same
    for who has left, or belongs elsewhere by now.
    """
    last = worker.link
    if worker.left_at is not None or last.grid_code != old or len(codes) != 1:
        return worker
    after = replace(last, grid_code=codes[0], since=max(last.since, at))
    before = (replace(last, until=at),) if last.since < at else ()
    return replace(worker, links=(*worker.links[:-1], *before, after))


def check_here(worker: Worker) -> None:
    """Refuses `worker_left`."""
    if worker.left_at is not None:
        raise Refusal("worker_left")


def _moved(worker: Worker, fields: Mapping[str, Any], now: datetime) -> tuple[Link, ...]:
    last = worker.link
    grid_code = fields.get("grid_code", last.grid_code)
    # Whoever moves to another grid has no station until one is named.
    stays = grid_code == last.grid_code
    station = fields.get("station_id", last.station_id if stays else None)
    if (grid_code, station) == (last.grid_code, last.station_id):
        return worker.links
    return (*worker.links[:-1], replace(last, until=now), Link(grid_code, now, station))


def _reached(fields: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    phone = fields.get("phone")
    return {
        "phone": phone,
        "phone_print": fields.get("phone_print"),
        "consented_at": now if phone else None,
    }
