"""Asks a running service from the command line, over nameko's own client, with a deadline."""

from typing import Any

from nameko.standalone.rpc import ClusterRpcProxy

from chassis.settings import settings


def ask(service: str, method: str, **kwargs: Any) -> Any:
    """The answer of the running service; raises nameko's RpcTimeout when none answers."""
    with ClusterRpcProxy({"AMQP_URI": settings.amqp_uri}, timeout=settings.rpc_seconds) as cluster:
        return getattr(getattr(cluster, service), method)(**kwargs)
