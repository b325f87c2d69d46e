"""Asks a running service from the command line, over nameko's own client, with a deadline for each answer."""

from typing import Any

from nameko.standalone.rpc import ClusterRpcProxy

from chassis.settings import settings


def ask(service: str, method: str, **kwargs: Any) -> Any:
    """The answer of the running service; raises nameko's RpcTimeout when none answers."""
    with ClusterRpcProxy({"AMQP_URI": settings.amqp_uri}, timeout=settings.rpc_seconds) as cluster:
        return getattr(getattr(cluster, service), method)(**kwargs)


def page_through(service: str, method: str) -> int:
    """Ask for page after page, each with what the one before answered, until that is None; how many there were."""
    pages, after = 1, ask(service, method, after="")
    while after is not None:
        pages, after = pages + 1, ask(service, method, after=after)
    return pages
