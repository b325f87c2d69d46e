"""Takes the heads of the trail out of the database: into a file of the settings, and into the log."""

from datetime import UTC, datetime
from pathlib import Path

import structlog
from nameko.extensions import DependencyProvider

from chassis import instant
from chassis.audit.heads import Head, carried, carry
from chassis.audit.row import BEGINNING, Place
from chassis.audit.store import AuditStore
from chassis.settings import settings

log = structlog.get_logger()


class Carrier:
    """Carries what is newer than what was carried last, however many processes do so."""

    def __init__(self, service: str, path: Path | None) -> None:
        self._service, self._path = service, path
        self._last: Place | None = None

    def carry(self, trail: AuditStore) -> list[Head]:
        """Carry the last row of every day since the last head, the present one included; which these were.

        Where the trail has not the row that was carried last, all days are carried once more. Where the file
        cannot be written it is tried again with the next turn. Raises OSError.
        """
        last = self._last or self._of_before()
        if last is not None and last.seq > trail.anchor().seq and not trail.has(last):
            log.error("audit trail differs from its head", day=last.day, seq=last.seq)
            last = None
        at = instant.written(datetime.now(UTC))
        ends = trail.ends(last.seq if last else BEGINNING.seq)
        heads = [Head(self._service, each.day, each.seq, each.hash, at) for each in ends]
        if heads and self._path is not None:
            carry(self._path, heads)
        for head in heads:
            log.info("audit head", day=head.day, seq=head.seq, hash=head.hash)
        if heads:
            self._last = heads[-1].place
        return heads

    def _of_before(self) -> Place | None:
        """What the process before this one has carried.

        Where a line is no head all days are carried once more: whoever spoils a file does not keep heads from it.
        """
        try:
            heads = list(carried([self._path], self._service)) if self._path else []
        except ValueError as error:
            log.error("audit heads file is spoilt", error=str(error))  # noqa: TRY400 - an operator needs no traceback
            return None
        return heads[-1].place if heads else None


class CarrierProvider(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects what carries the service's heads."""

    def setup(self) -> None:
        """Read where to."""
        path = Path(settings.audit_heads_file) if settings.audit_heads_file else None
        if path is None:
            log.warning("audit heads go into the log alone: AUDIT_HEADS_FILE is not set")
        self._carrier = Carrier(self.container.service_name, path)

    def get_dependency(self, worker_ctx: object) -> Carrier:
        """The carrier itself."""
        return self._carrier
