"""Where policies are kept, each with all its versions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Audited, Document
from chassis.records import COMMANDS, Answer, Outcome, Records
from members.area import areas_around, tenant_of
from members.policies.policy import ENTERED, Metric, Policy, Terms
from members.policies.span import Period

AREA_DIGITS = (6, 9, 12)


AUDITED = Audited({ENTERED: ("policy_id", "terms")}, lambda document: areas_around(document["area"]))


class PolicyStore:
    """Reads and writes policies; nobody outside hears of them."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "member_policies": [
            COMMANDS,
            IndexModel([("tenant", ASCENDING), ("area", ASCENDING)], name="area"),
            IndexModel([("tenant", ASCENDING), ("_id", ASCENDING)], name="id"),
        ]
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("member_policies", subject="policy", published=(), audited=AUDITED)
        self.records = Records(outbox, _written, _read, lambda: Refusal("policy_not_found"))

    def enter(self, asked: Asked, first: Policy, decide: Callable[[Policy], Outcome[Policy]]) -> Answer:
        """Keep the first version of a policy, or change the policy that there is; refuses what `decide` does."""
        return self.records.enter(asked, first.id, [tenant_of(first.area)], first, decide)

    def around(self, area: str) -> list[Policy]:
        """The policies of the area and of those around it."""
        query = {"tenant": tenant_of(area), "area": {"$in": _around(area)}}
        return [kept.item for kept in self.records.find(query, [("area", ASCENDING)])]

    def page(self, area: str, on: date | None, since: str, limit: int) -> list[Policy]:
        """The policies around and in the area by id, from an id on, which is widest first.

        With a day only those of which a version holds on it.
        """
        day = on.isoformat() if on else None
        lasts = [{"valid_to": None}, {"valid_to": {"$gte": day}}]
        holds = {"versions": {"$elemMatch": {"valid_from": {"$lte": day}, "$or": lasts}}} if day else {}
        query: Document = {
            "tenant": tenant_of(area),
            "_id": {"$gte": since},
            "$or": [{"area": {"$in": _around(area)}}, {"area": {"$gte": area, "$lt": f"{area}:"}}],
            **holds,
        }
        return [kept.item for kept in self.records.find(query, [("_id", ASCENDING)], limit)]


def _around(area: str) -> list[str]:
    return [area[:digits] for digits in AREA_DIGITS if digits <= len(area)]


def _written(policy: Policy) -> Document:
    return {
        "_id": policy.id,
        "tenant": tenant_of(policy.area),
        "area": policy.area,
        "metric": policy.metric.value,
        "period": policy.period.value,
        "versions": [vars(each) | {name: _day(getattr(each, name)) for name in DAYS} for each in policy.versions],
    }


DAYS = ("valid_from", "valid_to")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read(found: Mapping[str, Any]) -> Policy:
    versions = tuple(_terms(row) for row in found["versions"])
    return Policy(found["area"], Metric(found["metric"]), Period(found["period"]), versions)


def _terms(row: Mapping[str, Any]) -> Terms:
    return Terms(**{**row, **{name: date.fromisoformat(row[name]) if row[name] else None for name in DAYS}})
