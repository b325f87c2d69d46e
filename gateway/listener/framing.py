"""What the lines of a request may look like (RFC 9112), so that everybody on the way reads the same request out of it.

Eventlet and the standard library are lenient: they take a lone CR for the end of a line, `0x17` for the size of a
chunk and a Unicode blank for a blank. Here lines are checked as bytes, before they are understood.
"""

import re
from collections.abc import Callable
from email.message import Message
from typing import Any

from eventlet.wsgi import ChunkReadError

LINE_BYTES = 8 * 1024
"""Of a line that begins or ends a chunk, and of all extensions and trailers of a body together."""

TRAILERS = 100
CHUNKS = 10_000
"""Of a body, at most: each costs a turn of the interpreter, however small it is, and JSON has up to 1 MiB."""

TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
"""A method or the name of a header (RFC 9110 §5.6.2)."""
TEXT = rb"[\t\x20-\x7e\x80-\xff]*"
"""The value of a header: no control character but the tab."""

REQUEST_LINE = re.compile(TOKEN + rb" [\x21-\x7e\x80-\xff]+ HTTP/[0-9]\.[0-9]\r\n")
RAW = re.compile(rb"[\x80-\xff]")
HEADER_LINE = re.compile(TOKEN + rb":" + TEXT + rb"\r\n")
END = re.compile(rb"\r\n")
SIZE_LINE = re.compile(rb"([0-9A-Fa-f]{1,16})((?:;" + TEXT + rb")?)\r\n")

WHOLE = re.compile(rb"^([^ ]+ )https?://[^/? ]*/?", re.IGNORECASE)
LENGTH = re.compile(r"[0-9]{1,18}")
HOST = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")
"""A name or an address, and perhaps a port (RFC 3986 §3.2): what is said of a host is put into addresses."""


def quoted(line: bytes) -> bytes:
    """The request line with raw bytes beyond ASCII, as careless clients send them, in the spelling of a URL.

    Some of them are blanks to the standard library, which would read another address.
    """
    return RAW.sub(lambda found: b"%%%02X" % ord(found[0]), line)


def origin_form(line: bytes) -> bytes:
    """The request line with the path alone of an address that is written whole, as to a proxy (RFC 9112 §3.2.2)."""
    return WHOLE.sub(rb"\1/", line, count=1)


class BadLine(Exception):
    """A line of a head that is none."""


class HeadLines:
    """What a head is read from, below eventlet's limits of its size."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def readline(self, size: int = -1) -> bytes:
        """The next line, an empty one at the end; raises BadLine, also when the connection ends before it."""
        line: bytes = self._file.readline(size)
        if not (HEADER_LINE.fullmatch(line) or END.fullmatch(line)):
            raise BadLine
        return line


class ChunkLines:
    """What a chunked body is read from; a broken line is the last: `give_up` is called, so that nothing follows it."""

    def __init__(self, file: Any, give_up: Callable[[], None]) -> None:
        self._file, self._give_up = file, give_up
        self.read = file.read
        self._rule = SIZE_LINE
        self._spare, self._chunks, self._trailers = LINE_BYTES, CHUNKS, TRAILERS

    def readline(self) -> bytes:
        """The next line between chunks or behind them; raises ChunkReadError for one that is broken or too much."""
        line: bytes = self._file.readline(LINE_BYTES)
        if self._rule is HEADER_LINE and END.fullmatch(line):
            return line
        found = self._rule.fullmatch(line)
        if found is None or not self._affordable(found):
            self._give_up()
            raise ChunkReadError
        if self._rule is SIZE_LINE:
            self._rule = END if int(found[1], 16) else HEADER_LINE
        elif self._rule is END:
            self._rule = SIZE_LINE
        return line

    def _affordable(self, found: re.Match[bytes]) -> bool:
        """Whether the line is within what a body may have besides its chunks."""
        if self._rule is SIZE_LINE:
            self._spare -= len(found[2])
            self._chunks -= 1
        elif self._rule is HEADER_LINE:
            self._spare -= len(found[0])
            self._trailers -= 1
        return min(self._spare, self._chunks, self._trailers) >= 0


def well_framed(headers: Message, version: str) -> bool:
    """Whether these headers say in one way where the request goes and where it ends (RFC 9112 §3.2, §6.1, §6.3).

    One host, and one length that is digits or, since HTTP/1.1, one transfer encoding.
    """
    lengths, encodings = headers.get_all("content-length", []), headers.get_all("transfer-encoding", [])
    hosts = headers.get_all("host", [])
    return (
        len(hosts) == 1
        and HOST.fullmatch(hosts[0].strip(" \t")) is not None
        and len(encodings) <= (1 if version == "HTTP/1.1" and not lengths else 0)
        and len(set(lengths)) <= 1
        and all(LENGTH.fullmatch(length.strip(" \t")) for length in lengths)
    )
