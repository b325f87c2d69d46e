"""The entrypoints of the trail: writing a row, reading it, carrying its head out, dropping what is over."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import structlog
from nameko.extensions import DependencyProvider
from nameko.timer import timer

from chassis.audit.carrier import Carrier, CarrierProvider
from chassis.audit.debts import Debts
from chassis.audit.row import Act, local_day
from chassis.audit.schemas import DownloadSchema, TrailSchema
from chassis.audit.store import AuditStore, within
from chassis.audit.view import Words, shown
from chassis.caller import CLOCK, Caller
from chassis.command import Asked
from chassis.desk import Desk
from chassis.errors import Busy, Refusal
from chassis.ids import new_id
from chassis.logs import bound
from chassis.outbox import Document, Outbox
from chassis.privacy import masked_text
from chassis.relay import Relay
from chassis.rpc import rpc
from chassis.schema import load
from chassis.settings import settings
from chassis.store import Store
from chassis.term import Term, kept_since

Answer = dict[str, Any]

log = structlog.get_logger()

COMMON_ACTS: Mapping[str, Words] = {
    "audit.dropped": ("到期删除审计记录", "Rows of the trail were dropped at their term"),
    "audit.read": ("查阅审计记录", "The audit trail was read"),
    "file.downloaded": ("下载文件", "A file was downloaded"),
    "keys.resealed": ("更换加密密钥", "What is sealed was sealed with a new key"),
    "own_data.copied": ("获取本人数据副本", "Somebody took a copy of their own data"),
    "retention.run": ("执行到期清理", "What was over was let go"),
}
"""What every trail may hold, and what it is called."""

TERM = Term(3, "docs/domain.md §5, the audit log")
ENTER_SECONDS = 2
ENTERED_AT_ONCE = 100
END_SECONDS = 3600


class Outboxes(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects every outbox of the service."""

    relay = Relay()

    def get_dependency(self, worker_ctx: object) -> list[Outbox]:
        """The outboxes themselves."""
        return list(self.relay.outboxes())


class AuditDesk(Desk):
    """Keeps the trail of a service, which says who reads it and how the codes of areas are made up."""

    audit: AuditStore = Store(AuditStore)
    audit_carrier: Carrier = CarrierProvider()
    audit_owed: list[Outbox] = Outboxes()

    AUDIT_ACTS: ClassVar[Mapping[str, Words]]
    """Every act that a row may be about besides `COMMON_ACTS`: what histories owe and what entrypoints enter, with
    what each is called."""

    @rpc
    def audit_trail(self, caller: Answer, **page: Any) -> Answer:
        """A page of the rows of the caller's areas, the newest first: `{items, next}`; reading leaves a row itself.

        Refuses `invalid`, `period_reversed`, `unknown_act` for one of which no row can be, and as `_audit_scopes`.
        """
        who, asked = Caller.load(caller), load(TrailSchema(), page)
        if asked["first"] and asked["last"] and asked["first"] > asked["last"]:
            raise Refusal("period_reversed", **{"from": asked["first"].isoformat(), "to": asked["last"].isoformat()})
        scopes = self._audit_scopes(who, asked["area"])
        known = {**COMMON_ACTS, **self.AUDIT_ACTS}
        if asked["act"] is not None and asked["act"] not in known:
            raise Refusal("unknown_act", known=sorted(known))
        limit = asked["limit"]
        found = self.audit.page(_wanted(scopes, asked), asked["after"], limit + 1)
        named = ("first", "last", "act", "who", "what", "area")
        # Somebody may look for a phone in the place of an id: the trail keeps none.
        told = {name: masked_text(str(asked[name])) for name in named if asked[name] is not None}
        areas = [area for scope in scopes for area in self._audit_areas(scope)]
        role = who.acting(self._audit_roles(who, "audit"), asked["area"] or "")
        self._audit(who, "audit.read", role, "audit", None, areas, details=told)
        last = found[limit - 1] if len(found) > limit else None
        return {
            "items": [shown(row, known) for row in found[:limit]],
            "next": [last["day"], last["seq"]] if last else None,
        }

    @rpc
    def note_download(self, caller: Answer, **file: Any) -> None:
        """Keep the row of a file before it leaves. Refuses `invalid` and `busy_try_again`."""
        who, given = Caller.load(caller), load(DownloadSchema(), file)
        scopes = [given["area"]] if given["area"] else sorted({grant.scope for grant in who.grants})
        areas = [area for scope in scopes for area in self._audit_areas(scope)]
        told = {name: given[name] for name in ("format", "lines", "area") if given[name] is not None}
        role = who.acting(self._audit_roles(who, given["kind"], given["id"]), given["area"] or "")
        self._audit(who, "file.downloaded", role, given["kind"], given["id"], areas, details=told)

    @timer(interval=ENTER_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def enter_audited(self) -> None:
        """Enter what histories owe the trail."""
        try:
            Debts(self.audit, self.audit_owed).enter(ENTERED_AT_ONCE)
        except Busy:
            return  # the next turn goes on

    @timer(interval=settings.audit_heads_seconds)  # type: ignore[untyped-decorator]  # nameko is untyped
    def carry_audit_head(self) -> None:
        """Take the head of the trail out of the database."""
        try:
            self.audit_carrier.carry(self.audit)
        except (OSError, ValueError) as error:
            log.error("audit head not carried", error=str(error))  # noqa: TRY400 - an operator needs no traceback

    @timer(interval=END_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def end_audit(self) -> None:
        """Drop whole days whose term is over; that they were is a row of its own, kept first."""
        now = self.clock.now()
        last = self.audit.last_before(local_day(kept_since(TERM, now)), local_day(now))
        if last is not None:
            # One row for all of them, whoever drops it: and where somebody was cut short, it is dropped now.
            told = {"to": last.day, "seq": last.seq, "hash": last.hash}
            self.audit.append(
                Act(f"dropped:{last.seq}", "audit.dropped", now, CLOCK, CLOCK, "audit", None, details=told)
            )
            rows = self.audit.drop_to(last)
            log.info("audit rows dropped", day=last.day, seq=last.seq, rows=rows)

    def _audit_scopes(self, caller: Caller, area: str | None) -> Sequence[str]:
        """In which areas, within one that is named, the caller reads the trail; refuses `not_permitted`."""
        raise NotImplementedError

    def _audit_roles(self, caller: Caller, kind: str, id: str | None = None) -> Sequence[str]:
        """The roles in which the caller may read the trail (`audit`), or what is in a file of that kind and id."""
        raise NotImplementedError

    def _audit_asked(
        self,
        asked: Asked,
        act: str,
        role: str | None,
        what: tuple[str, str],
        areas: Sequence[str],
        reason: str | None = None,
        **details: Any,
    ) -> None:
        """Keep the row of a command about something (its kind and id) in these areas, once a day at most.

        Who sends a command of long ago again is told what is right today, and that is another row.
        """
        key = f"{act}:{asked.key}:{local_day(asked.now)}"
        self._audit(asked.caller, act, role, *what, areas, reason, key=key, details=details)

    def _audit_day(self, who: Caller, act: str, role: str, what: tuple[str, str], areas: Sequence[str]) -> None:
        """Keep the row of what somebody does to something (its kind and id) in these areas, one for each local day."""
        key = f"{act}:{what[1]}:{who.id}:{local_day(self.clock.now())}"
        self._audit(who, act, role, *what, areas, key=key)

    def _audit(
        self,
        who: Caller,
        act: str,
        role: str | None,
        kind: str,
        id: str | None,
        areas: Sequence[str],
        reason: str | None = None,
        *,
        key: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        self.audit.append(
            Act(
                key=key or new_id(),
                act=act,
                at=self.clock.now(),
                who=who.id,
                role=role,
                kind=kind,
                id=id,
                within=tuple(dict.fromkeys(areas)),
                reason=reason,
                details=details or {},
                request=bound("correlation_id") or bound("request_id"),
            )
        )

    def _audit_retention(self, by: str, gone: Mapping[str, int], id: str | None = None) -> None:
        """Enter that something was let go of at its term, and how many of what; nothing where that is none."""
        if counts := {name: number for name, number in gone.items() if number}:
            self._audit(Caller(by), "retention.run", by, "retention", id, ("",), key=id, details=counts)

    def _audit_areas(self, code: str) -> tuple[str, ...]:
        """The codes of every area that this one lies in, the widest first; ("",) for what lies in none."""
        raise NotImplementedError


def _wanted(scopes: Sequence[str], asked: Mapping[str, Any]) -> Document:
    days = {
        way: asked[name].isoformat() for way, name in (("$gte", "first"), ("$lte", "last")) if asked[name] is not None
    }
    fields = {"who": asked["who"], "act": asked["act"], "what.id": asked["what"], "day": days or None}
    return within(scopes) | {name: value for name, value in fields.items() if value is not None}
