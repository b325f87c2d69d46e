"""Asks a running service from the command line, over nameko's own client, with a deadline for each answer."""

from typing import Any

from nameko.exceptions import RpcTimeout, UnknownService
from nameko.standalone.rpc import ClusterRpcProxy

from chassis.settings import settings


def ask(service: str, method: str, **kwargs: Any) -> Any:
    """The answer of the running service; ends the program with a reason when there is none."""
    try:
        with ClusterRpcProxy({"AMQP_URI": settings.amqp_uri}, timeout=settings.rpc_seconds) as cluster:
            return getattr(getattr(cluster, service), method)(**kwargs)
    except (OSError, RpcTimeout, UnknownService) as error:
        reason = f"{type(error).__name__}: {error}"
        raise SystemExit(f"{service} does not answer at the broker that AMQP_URI names ({reason}).") from None


def page_through(service: str, method: str) -> int:
    """Ask for page after page, each with what the one before answered, until that is None; how many there were."""
    pages, after = 1, ask(service, method, after="")
    while after is not None:
        pages, after = pages + 1, ask(service, method, after=after)
    return pages
