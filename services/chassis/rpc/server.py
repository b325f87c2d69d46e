"""Answering requests: acknowledged after the answer, so what a killed process had begun is given out again."""

import json
from collections.abc import Callable
from time import perf_counter
from typing import Any, TypeVar

import eventlet
import structlog
from amqp.basic_message import Message
from nameko.exceptions import ContainerBeingKilled, IncorrectSignature
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension
from nameko.messaging import HeaderDecoder
from pymongo.errors import ConnectionFailure

from chassis import letters, topology, wire
from chassis.crash import crash_point
from chassis.errors import Refusal
from chassis.event import Malformed
from chassis.link import Link, written
from chassis.metrics import CALL_SECONDS, CALLS
from chassis.publisher import Publisher
from chassis.rpc.client import AWAY, DIRECT_REPLY, JSON

log = structlog.get_logger()

Method = TypeVar("Method", bound=Callable[..., Any])

PREFETCH = 50
PATIENCE_SECONDS = 1.0


class RpcServer(SharedExtension, ProviderCollector):  # type: ignore[misc]  # nameko is untyped
    """Takes the requests of one service from its queue, and answers each."""

    link = Link("rpc-server")
    publisher = Publisher()

    def __init__(self) -> None:
        super().__init__()
        self._channel: Any = None
        self._stopping = False

    def setup(self) -> None:
        """Ask to be told when the link is up."""
        self.link.register(self)

    def link_up(self, connection: Any) -> None:
        """Declare the queue and take requests from it."""
        channel = wire.open_channel(connection, PREFETCH)
        service = self.container.service_name
        topology.declare_dead(channel, service)
        topology.declare_rpc(channel, service)
        self._channel = channel
        if self._stopping:
            return  # a link that comes back while the last answers are given takes no more requests
        channel.basic_consume(
            topology.rpc_queue(service),
            "rpc",
            nowait=True,
            callback=self._arrived,
            on_cancel=lambda _: self.link.drop(),
        )

    def link_down(self) -> None:
        """Nothing to wake: workers finish, and the broker gives their requests to somebody again."""
        self._channel = None

    def cease(self) -> None:
        """Take no more requests; those that are running get their answers."""
        if not self._stopping:
            self._stopping = True
            channel = self._channel
            if channel is not None:
                written(lambda: channel.basic_cancel("rpc", nowait=True))

    def answer(self, message: Message, result: Any, error: Exception | None) -> None:
        """Send the answer, then acknowledge the request."""
        crash_point("before-answer")
        reply_to = str(message.properties["reply_to"])
        reply = wire.message(
            _reply_body(result, error),
            content_type=JSON,
            correlation_id=message.properties.get("correlation_id", ""),
        )
        exchange = "" if reply_to.startswith(DIRECT_REPLY) else topology.RPC_EXCHANGE
        written(lambda: wire.publish(message.channel, reply, exchange, reply_to, mandatory=False))
        written(lambda: message.channel.basic_ack(message.delivery_info["delivery_tag"]))

    def _arrived(self, message: Message) -> None:
        if self._stopping:
            written(lambda: message.channel.basic_reject(message.delivery_info["delivery_tag"], requeue=True))
            return
        try:
            kwargs = _request(message)
        except Malformed as error:
            eventlet.spawn_n(self._bury, message, error)
            return
        method = str(message.delivery_info["routing_key"]).rpartition(".")[2]
        for provider in self._providers:
            if provider.method_name == method:
                provider.handle(message, kwargs)
                return
        self.answer(message, None, Refusal("method_not_found", method=method))

    def _bury(self, message: Message, error: Malformed) -> None:
        log.warning("unreadable request", error=str(error))
        try:
            letters.give_up(self.publisher, topology.rpc_queue(self.container.service_name), message, error)
        except letters.CopyNotTaken as trouble:
            log.warning("copy not taken", error=str(trouble))
            eventlet.sleep(PATIENCE_SECONDS)
            written(lambda: message.channel.basic_reject(message.delivery_info["delivery_tag"], requeue=True))
        else:
            written(lambda: message.channel.basic_ack(message.delivery_info["delivery_tag"]))


class Rpc(Entrypoint, HeaderDecoder):  # type: ignore[misc]  # nameko is untyped
    """One method that answers requests; it takes keyword arguments only."""

    server = RpcServer()

    def setup(self) -> None:
        """Be found by the server."""
        self.server.register_provider(self)

    def stop(self) -> None:
        """Take no more requests."""
        self.server.cease()
        self.server.unregister_provider(self)

    def handle(self, message: Message, kwargs: dict[str, Any]) -> None:
        """Run the method; the server answers with its outcome."""

        def handle_result(worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            error = exc_info[1] if exc_info else None
            self._note(error, perf_counter() - began)
            self.server.answer(message, result, error)
            return result, exc_info

        began = perf_counter()
        context = {self._strip_header_name(name): value for name, value in wire.headers(message).items()}
        try:
            self.check_signature((), kwargs)
            self.container.spawn_worker(self, (), kwargs, context_data=context, handle_result=handle_result)
        except IncorrectSignature as error:
            self.server.answer(message, None, Refusal("invalid", errors=[{"pointer": "", "detail": str(error)}]))
        except ContainerBeingKilled:
            written(lambda: message.channel.basic_reject(message.delivery_info["delivery_tag"], requeue=True))

    def _note(self, error: Exception | None, seconds: float) -> None:
        CALL_SECONDS.labels(self.method_name).observe(seconds)
        if error is None:
            CALLS.labels(self.method_name, "done").inc()
        elif isinstance(error, Refusal):
            CALLS.labels(self.method_name, "refused").inc()
            log.info("refused", code=error.code)
        else:
            CALLS.labels(self.method_name, "failed").inc()
            log.error("request failed", exc_info=error)


def rpc(method: Method) -> Method:
    """Let `method` answer requests."""
    marked: Method = Rpc.decorator(method)
    return marked


def _request(message: Message) -> dict[str, Any]:
    if not message.properties.get("reply_to"):
        raise Malformed("the request has no reply_to")
    try:
        body = json.loads(message.body)
        args, kwargs = body["args"], body["kwargs"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Malformed(f"the request cannot be read: {type(error).__name__}") from None
    if args or not isinstance(kwargs, dict):
        raise Malformed("the request's arguments are not keyword arguments")
    return kwargs


def _reply_body(result: Any, error: Exception | None) -> bytes:
    try:
        return _encoded({"result": result, "error": None if error is None else _fault(error)})
    except (TypeError, ValueError) as unserialisable:
        log.exception("answer cannot be sent")
        return _encoded({"result": None, "error": _fault(unserialisable)})


def _encoded(reply: dict[str, Any]) -> bytes:
    return json.dumps(reply, ensure_ascii=False, separators=(",", ":")).encode()


def _fault(error: Exception) -> dict[str, Any]:
    """An error in nameko's form; of an unforeseen one the type alone, for its text may hold what must not travel.

    A database that is away is told as such: the caller may come again with the same command.
    """
    name = AWAY if isinstance(error, ConnectionFailure) else type(error).__name__
    fault: dict[str, Any] = {
        "exc_type": name,
        "exc_path": f"{type(error).__module__}.{name}",
        "exc_args": [],
        "value": name,
    }
    if isinstance(error, Refusal):
        fault |= {"exc_args": [error.code], "value": error.code, "refusal": error.dump()}
    return fault
