"""A partner's receiver that costs next to nothing: answers 204 to every POST; a GET tells how many came.

`python -m bench.sink PORT [SECONDS]`, in a process of its own, so that its share of the load is known; each answer to
a POST takes so long.
"""

import asyncio
import sys

TAKEN = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"


class Sink:
    """Counts posts."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.posts = 0
        self._seconds = seconds

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until the other end closes it."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await reader.readexactly(_length(head))
                if self._seconds and head.startswith(b"POST"):
                    await asyncio.sleep(self._seconds)
                writer.write(self.answer(head))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def answer(self, head: bytes) -> bytes:
        """The answer to a request with this head."""
        if head.startswith(b"GET"):
            body = str(self.posts).encode()
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        self.posts += 1
        return TAKEN


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def listen(port: int, seconds: float = 0.0) -> None:
    """Serve on the loopback interface, for ever."""
    server = await asyncio.start_server(Sink(seconds).serve, "127.0.0.1", port, backlog=512)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(listen(int(sys.argv[1]), *map(float, sys.argv[2:])))
