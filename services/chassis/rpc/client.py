"""Asking other services: every request has a deadline, which also travels as the message's expiration."""

import json
from typing import Any

import eventlet
from amqp.basic_message import Message
from eventlet.event import Event as Signal
from nameko.extensions import DependencyProvider, SharedExtension
from nameko.messaging import HeaderEncoder

from chassis import topology, wire
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.link import LOST, Link
from chassis.metrics import ASKED, WAITING
from chassis.settings import settings

DIRECT_REPLY = "amq.rabbitmq.reply-to"
JSON = "application/json"
LINK_WAIT_SECONDS = 1.0


class Unreachable(Exception):
    """The broker or the service asked is away; the request may be repeated with the same command id."""


AWAY = Unreachable.__name__
"""What an answer names as its error when the service asked cannot reach its database."""


class DeadlineExceeded(Exception):
    """No answer came in time; the request was not started, or its answer is lost."""


class RemoteFault(Exception):
    """The other service failed while it worked on the request; its log has the reason."""


class RpcClient(SharedExtension):  # type: ignore[misc]  # nameko is untyped
    """Sends requests and hands each answer to who waits for it, over one channel with direct replies."""

    link = Link("rpc-client")

    def __init__(self) -> None:
        self._channel: Any = None
        self._up = Signal()
        self._waiting: dict[str, Signal] = {}

    def setup(self) -> None:
        """Ask to be told when the link is up."""
        self.link.register(self)
        WAITING.set_function(lambda: len(self._waiting))

    def link_up(self, connection: Any) -> None:
        """Open the channel and listen for answers on it."""
        channel = wire.open_channel(connection)
        channel.basic_consume(DIRECT_REPLY, "replies", no_ack=True, callback=self._answered)
        wire.on_return(channel, self._returned)
        self._channel = channel
        self._up.send(None)

    def link_down(self) -> None:
        """Nobody waits for an answer that cannot come."""
        self._channel = None
        if self._up.ready():
            self._up = Signal()
        for correlation_id in list(self._waiting):
            self._wake(correlation_id, Unreachable("the broker went away"))

    def ask(self, service: str, method: str, kwargs: dict[str, Any], headers: dict[str, Any], seconds: float) -> Any:
        """The answer of `service.method(**kwargs)`; raises Refusal, DeadlineExceeded, Unreachable, RemoteFault."""
        correlation_id, signal = new_id(), Signal()
        self._waiting[correlation_id] = signal
        try:
            with eventlet.Timeout(seconds, DeadlineExceeded(f"{service}.{method}")):
                self._send(service, method, kwargs, headers, correlation_id, seconds)
                return _result(signal.wait())
        finally:
            self._waiting.pop(correlation_id, None)

    def _send(
        self,
        service: str,
        method: str,
        kwargs: Any,
        headers: dict[str, Any],
        correlation_id: str,
        seconds: float,
    ) -> None:
        body = json.dumps({"args": [], "kwargs": kwargs}, ensure_ascii=False, separators=(",", ":")).encode()
        request = wire.message(
            body,
            headers,
            content_type=JSON,
            content_encoding="utf-8",
            reply_to=DIRECT_REPLY,
            correlation_id=correlation_id,
            expiration=str(int(seconds * 1000)),
        )
        try:
            wire.publish(self._open_channel(), request, topology.RPC_EXCHANGE, f"{service}.{method}", mandatory=True)
        except LOST as error:
            raise Unreachable(type(error).__name__) from None
        except DeadlineExceeded:
            self.link.drop()  # half a message may be on the wire, and nothing can follow it
            raise

    def _open_channel(self) -> Any:
        if self._channel is None:
            with eventlet.Timeout(LINK_WAIT_SECONDS, Unreachable("the broker is away")):
                self._up.wait()
        if self.link.blocked:
            raise Unreachable("the broker takes no messages at present")
        return self._channel

    def _answered(self, message: Message) -> None:
        try:
            answer: Any = json.loads(message.body)
        except ValueError:
            answer = RemoteFault("the answer cannot be read")
        self._wake(str(message.properties.get("correlation_id")), answer)

    def _returned(self, message: Message) -> None:
        self._wake(str(message.properties.get("correlation_id")), Unreachable("no such service is running"))

    def _wake(self, correlation_id: str, answer: Any) -> None:
        signal = self._waiting.pop(correlation_id, None)
        if signal is not None:
            signal.send(answer)


def _result(answer: Any) -> Any:
    if isinstance(answer, Exception):
        raise answer
    error = answer.get("error")
    if error is None:
        return answer.get("result")
    if "refusal" in error:
        raise Refusal.load(error["refusal"])
    if error.get("exc_type") == AWAY:
        raise Unreachable("the database of the service is away")
    raise RemoteFault(error.get("exc_type", "unknown"))


class Remote(DependencyProvider, HeaderEncoder):  # type: ignore[misc]  # nameko is untyped
    """Another service, as an attribute whose methods ask it."""

    client = RpcClient()

    def __init__(self, service: str, seconds: float | None = None) -> None:
        """`seconds` is the deadline of each request; the setting RPC_SECONDS unless given."""
        self.service = service
        self.seconds = seconds or settings.rpc_seconds

    def get_dependency(self, worker_ctx: Any) -> "Service":
        """The other service, asked on behalf of this worker."""
        return Service(self.client, self.service, self.get_message_headers(worker_ctx), self.seconds)


class Service:
    """Another service: `service.method(name=value)` asks and waits for the answer."""

    def __init__(self, client: RpcClient, name: str, headers: dict[str, Any], seconds: float) -> None:
        self._client, self._name, self._headers, self._seconds = client, name, headers, seconds

    def __getattr__(self, method: str) -> Any:
        def ask(**kwargs: Any) -> Any:
            outcome = "failed"
            try:
                answer = self._client.ask(self._name, method, kwargs, self._headers, self._seconds)
                outcome = "done"
                return answer
            except Refusal:
                outcome = "refused"
                raise
            finally:
                ASKED.labels(self._name, outcome).inc()

        return ask
