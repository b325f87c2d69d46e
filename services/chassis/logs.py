"""JSON logs with the ids that tie them together; never the content of a request, a message or a document."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from nameko.extensions import DependencyProvider

from chassis.privacy import masked_text

CARRIED = ("request_id", "correlation_id")
"""The ids that travel with every call and, the second, with every event."""


QUOTING = ("exception", "error", "reason", "call")
"""Fields whose words are not ours."""

OF_IDS = "_id"
"""How fields of ids end: what stands in them was asked for, and may be no id at all."""

MADE_HERE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""An id that a service made, which is not searched: its digits mean nothing."""


def configure(service: str, level: str) -> None:
    """One JSON object a line on standard output, from structlog and from the libraries alike."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        masked,
        _named(service),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # nameko logs each refusal with its traceback; ours goes through WorkerLog, once and without arguments.
    logging.getLogger("nameko").setLevel(logging.CRITICAL)
    logging.getLogger("amqp").setLevel(logging.ERROR)
    logging.getLogger("pymongo").setLevel(logging.WARNING)


def bind(values: Mapping[str, Any]) -> None:
    """Let every further line of this greenlet carry `values`; those that are None are left out."""
    structlog.contextvars.bind_contextvars(**{name: value for name, value in values.items() if value is not None})


def bound(name: str) -> str | None:
    """What is bound under `name` in this greenlet."""
    value = structlog.contextvars.get_contextvars().get(name)
    return str(value) if value is not None else None


def masked(_: Any, __: str, line: dict[str, Any]) -> dict[str, Any]:
    """The line with phones and identity numbers masked in what exceptions say and in ids, for they quote what came."""
    for name, value in line.items():
        if isinstance(value, str) and (name in QUOTING or (name.endswith(OF_IDS) and not MADE_HERE.fullmatch(value))):
            line[name] = masked_text(value)
    return line


def _named(service: str) -> Any:
    def add(_: Any, __: str, line: dict[str, Any]) -> dict[str, Any]:
        line["service"] = service
        return line

    return add


class WorkerLog(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Binds the ids that came with a call to every line of its worker."""

    def worker_setup(self, worker_ctx: Any) -> None:
        """Before the method runs."""
        structlog.contextvars.clear_contextvars()
        bind({name: worker_ctx.data.get(name) for name in CARRIED})
        bind({"method": worker_ctx.entrypoint.method_name})
