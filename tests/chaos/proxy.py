"""A TCP proxy on 127.0.0.1 that harms what passes: resets, black hole, latency, a trickle, cuts at a chosen byte."""

import asyncio
import re
import socket
import struct
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any, Self

from dev.ports import free_port

HOST = "127.0.0.1"
CHUNK = 65_536
MOST_CONNECTIONS = 500
CONFIRM = re.compile(rb"\x01..\x00\x00\x00\x0d\x00\x3c\x00\x50", re.DOTALL)
"""An AMQP 0-9-1 frame with Basic.Ack; a broker sends it for nothing but the confirm of a publish."""


class Way(Enum):
    """How bytes pass."""

    PASS = "pass"
    HOLD = "hold"  # a black hole: connections stay open, nothing passes
    SLOW = "slow"  # half a second late
    TRICKLE = "trickle"  # a thousand bytes a second


LATENCY_SECONDS = 0.5
TRICKLE_BYTES = 100
TRICKLE_SECONDS = 0.1


@dataclass(eq=False)
class Connection:
    """The two ends of one connection through the proxy."""

    client: StreamWriter
    server: StreamWriter

    def reset(self) -> None:
        """End both with an RST, as a device in between would that has forgotten them."""
        for writer in (self.client, self.server):
            linger = struct.pack("ii", 1, 0)
            with suppress(OSError):
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()


class Proxy:
    """Listens on a port of its own before one port of 127.0.0.1; runs in a thread of its own."""

    def __init__(self, upstream: int) -> None:
        self.port = free_port()
        self.way = Way.PASS
        self.cuts = 0
        """How many connections were cut by `cut_after` and `cut_before_confirm`."""
        self._upstream = upstream
        self._connections: set[Connection] = set()
        self._bytes_left: int | None = None
        self._before_confirm = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._wait(asyncio.start_server(self._accept, HOST, self.port))
        return self

    def __exit__(self, *_: object) -> None:
        self._wait(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        self._reset_all()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def reset(self) -> None:
        """Cut every connection; new ones pass."""
        self._call(self._reset_all)

    def cut_after(self, number: int) -> None:
        """Let so many more bytes pass towards the server, then cut the connection whose byte was the last."""
        self._bytes_left = number

    def cut_before_confirm(self) -> None:
        """Cut the next connection on which the broker confirms a publish; the confirm does not pass."""
        self._before_confirm = True

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._connections)

    def _call(self, work: Callable[[], None]) -> None:
        async def run() -> None:
            work()

        self._wait(run())

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def _reset_all(self) -> None:
        for connection in list(self._connections):
            connection.reset()

    async def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(HOST, self._upstream)
        except OSError:
            Connection(writer, writer).reset()
            return
        connection = Connection(writer, far_writer)
        if len(self._connections) >= MOST_CONNECTIONS:
            connection.reset()
            return
        self._connections.add(connection)
        try:
            await asyncio.gather(
                self._carry(connection, reader, far_writer, self._cut_towards_server),
                self._carry(connection, far_reader, writer, self._cut_towards_client),
            )
        except (OSError, asyncio.CancelledError):
            pass  # one of the ends has gone, or the proxy closes: both ends are told by the reset
        finally:
            connection.reset()
            self._connections.discard(connection)

    async def _carry(
        self,
        connection: Connection,
        reader: StreamReader,
        writer: StreamWriter,
        cut: Callable[[bytes], bytes | None],
    ) -> None:
        while data := await reader.read(CHUNK):
            for piece in self._pieces(data):
                await self._delay()
                allowed = cut(piece)
                writer.write(piece if allowed is None else allowed)
                await writer.drain()
                if allowed is not None:
                    self.cuts += 1
                    connection.reset()
                    return
        raise ConnectionResetError

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            size = TRICKLE_BYTES if self.way is Way.TRICKLE else CHUNK
            yield data[:size]
            data = data[size:]

    async def _delay(self) -> None:
        if self.way is Way.SLOW:
            await asyncio.sleep(LATENCY_SECONDS)
        if self.way is Way.TRICKLE:
            await asyncio.sleep(TRICKLE_SECONDS)
        while self.way is Way.HOLD:  # noqa: ASYNC110 - set from another thread
            await asyncio.sleep(0.05)

    def _cut_towards_server(self, data: bytes) -> bytes | None:
        """What still passes of `data` before a cut; None when there is none."""
        if self._bytes_left is None:
            return None
        left = self._bytes_left - len(data)
        self._bytes_left = left if left > 0 else None
        return None if left > 0 else data[: len(data) + left]

    def _cut_towards_client(self, data: bytes) -> bytes | None:
        if self._before_confirm and (found := CONFIRM.search(data)):
            self._before_confirm = False
            return data[: found.start()]
        return None
