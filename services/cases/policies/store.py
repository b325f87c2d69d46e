"""Where versions are kept, each for good; and how this process knows the catalogues among them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from cases.case import Case
from cases.category import BOOK, Catalogue
from cases.deadline import LOCAL
from cases.exclusion import Ground
from cases.place import AREA_DIGITS, tenant_of
from cases.policies import catalogues, scoring
from cases.policies.policy import ENTERED, Kind, Policy, on
from cases.policies.scoring import Scoring
from chassis.command import Asked
from chassis.errors import Busy, Refusal
from chassis.mongo import Home
from chassis.outbox import Audited, Document
from chassis.records import COMMANDS, TRIES, WITHOUT_HISTORY, Answer, Outcome, Records
from chassis.store import Store

SHIPPED: Mapping[Kind, Callable[[], list[Policy]]] = {
    Kind.CATEGORIES: catalogues.shipped,
    Kind.SCORING: lambda: [scoring.shipped()],
}
"""What comes with the service: the first versions of every district."""


AUDITED = Audited({ENTERED: ("kind", "number", "valid_from")}, lambda document: (document["tenant"],))


class PolicyStore:
    """Reads and writes versions; nothing of one that is kept is ever changed."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "case_policies": [
            COMMANDS,
            IndexModel([("tenant", ASCENDING), ("kind", ASCENDING), ("number", ASCENDING)], name="number", unique=True),
        ]
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("case_policies", subject="policy", published=(ENTERED,), audited=AUDITED)
        self.records = Records(outbox, _written, _read, lambda: Refusal("policy_not_found"))

    def enter(self, asked: Asked, kind: Kind, tenant: str, decide: Callable[[int], Outcome[Policy]]) -> Answer:
        """Keep the next version of a district, which `decide` makes with its number; refuses what that does.

        Two that are entered at once get two numbers. Refuses `command_id_reused` and `busy_try_again`.
        """
        for _ in range(TRIES):
            if answer := self.records.answered(asked):
                return answer
            number = 1 + max(each.number for each in self.versions(kind, tenant))
            try:
                return self.records.open(asked, decide(number))
            except DuplicateKeyError:
                continue
        raise Busy

    def versions(self, kind: Kind, tenant: str) -> list[Policy]:
        """All versions of a district with those that come with the service, in no order."""
        return [*SHIPPED[kind](), *self._entered({"tenant": tenant, "kind": kind.value})]

    def scoring(self, tenant: str, day: date) -> Scoring:
        """How the rates of a district are made on a local day."""
        return scoring.scoring(on(self.versions(Kind.SCORING, tenant), day))

    def scoring_of(self, area: str, day: date) -> Scoring:
        """How the rates of an area are made on a local day: as its district decides.

        Of several districts, each of which may have decided otherwise, by the version that comes with the service.
        """
        return self.scorings_of(area, [day])[day]

    def scorings_of(self, area: str, days: Iterable[date]) -> dict[date, Scoring]:
        """The same of several days."""
        several = len(area) < AREA_DIGITS[0]
        versions = [scoring.shipped()] if several else self.versions(Kind.SCORING, tenant_of(area))
        return {day: scoring.scoring(on(versions, day)) for day in days}

    def catalogues_besides(self, known: Collection[str]) -> Iterable[Catalogue]:
        """The catalogues of all districts, without those of which the names are given."""
        query = {"_id": {"$nin": list(known)}, "kind": Kind.CATEGORIES.value}
        return [catalogues.catalogue(each) for each in self._entered(query)]

    def entered_after(self, id: str, limit: int) -> list[Policy]:
        """The versions that districts entered whose ids follow, at most so many, in the order of their ids."""
        return [kept.item for kept in self.records.find({"_id": {"$gt": id}}, [("_id", ASCENDING)], limit)]

    def _entered(self, query: Document) -> list[Policy]:
        return [kept.item for kept in self.records.find(query)]


class ScoringStore:
    """Reads on which grounds cases are left out of the rates, many at once; its index is that of `PolicyStore`."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {}

    def __init__(self, home: Home) -> None:
        self._policies = home.collection("case_policies")

    def grounds(self, cases: Iterable[Case]) -> dict[str, frozenset[Ground]]:
        """The grounds by the ids of those cases that are closed and have an approved exclusion (docs/domain.md §2.4).

        Of each they are those of its district's version on the day on which it was closed. No version begins in the
        past, so they stay the same.
        """
        excluded = [(case, case.dues.closed_at) for case in cases if case.exclusion and case.exclusion.holds]
        versions = {tenant: self._versions(tenant) for tenant in {case.place.tenant for case, _ in excluded}}
        return {
            case.id: scoring.scoring(on(versions[case.place.tenant], closed_at.astimezone(LOCAL).date())).exclusions
            for case, closed_at in excluded
            if closed_at is not None
        }

    def _versions(self, tenant: str) -> list[Policy]:
        which = {"tenant": tenant, "kind": Kind.SCORING.value}
        return [*SHIPPED[Kind.SCORING](), *map(_read, self._policies.find(which, WITHOUT_HISTORY))]


def opened(store: PolicyStore) -> PolicyStore:
    """The store, once this process knows the catalogues that are kept there: for whatever reads cases of a database."""
    BOOK.open(store.catalogues_besides)
    return store


class Policies(Store):
    """Injects the store, and lets the process know its catalogues before the first case is read."""

    def setup(self) -> None:
        """Open the book; it is read when it is first asked."""
        BOOK.open(self._catalogues)

    def _catalogues(self, known: Collection[str]) -> Iterable[Catalogue]:
        store: PolicyStore = self.store
        return store.catalogues_besides(known)


def _written(policy: Policy) -> Document:
    return {
        "_id": policy.version,
        "tenant": policy.tenant,
        "kind": policy.kind.value,
        "number": policy.number,
        "valid_from": policy.valid_from.isoformat(),
        "terms": dict(policy.terms),
        "entered_by": policy.entered_by,
        "entered_at": policy.entered_at,
    }


def _read(found: Mapping[str, Any]) -> Policy:
    return Policy(
        version=found["_id"],
        kind=Kind(found["kind"]),
        number=found["number"],
        valid_from=date.fromisoformat(found["valid_from"]),
        terms=found["terms"],
        tenant=found["tenant"],
        entered_by=found["entered_by"],
        entered_at=found["entered_at"],
    )
