"""Asks a running service from the command line, over nameko's own client, with a deadline for each answer."""

from collections.abc import Callable, Iterator
from typing import Any

import click
from nameko.exceptions import RemoteError, RpcTimeout, UnknownService
from nameko.standalone.rpc import ClusterRpcProxy

from chassis.link import answering
from chassis.settings import settings


class NotDone(click.ClickException):
    """A service has answered that it has not done it; `code` is that of its refusal, or the kind of its error."""

    def __init__(self, service: str, code: str) -> None:
        super().__init__(f"{service} has not done it ({code}). Its log has more; what was done before is kept.")
        self.code = code


def ask(service: str, method: str, wait: float = 0.0, **kwargs: Any) -> Any:
    """The answer of the running service; ends the program with a reason, and what to do, when there is none.

    `wait`, in seconds, is for what takes longer than one service waits for another.
    """
    try:
        with ClusterRpcProxy(_broker(), timeout=max(wait, settings.rpc_seconds)) as cluster:
            return getattr(getattr(cluster, service), method)(**kwargs)
    except (OSError, RpcTimeout, UnknownService) as error:
        reason = f"{service} does not answer at the broker that AMQP_URI names ({type(error).__name__}: {error})."
        raise click.ClickException(f"{reason} See that it runs and is ready, and run the command again.") from None
    except RemoteError as error:
        raise NotDone(service, str(error.value)) from None


def _broker() -> dict[str, Any]:
    node = answering()
    return {"AMQP_URI": node, "AMQP_SSL": settings.amqp_trust.towards(node)}


def page_through(service: str, method: str, seen: Callable[[int], None]) -> int:
    """Ask for page after page, each with what the one before answered, until that is None; how many there were.

    `seen` is told the number of each page that is done.
    """
    pages, after = 0, ""
    while after is not None:
        after, pages = ask(service, method, after=after), pages + 1
        seen(pages)
    return pages


def listed(service: str, method: str, **asked: Any) -> Iterator[Any]:
    """Every item of a list that the service answers in pages of `{items, next}`; nothing is changed."""
    after: Any = asked.pop("after", "")
    while True:
        page = ask(service, method, **asked, after=after)
        yield from page["items"]
        if (after := page["next"]) is None:
            return
