"""Long texts that are the same for everybody until a release: written when first asked for, packed once, and kept."""

from collections.abc import Callable, Mapping
from functools import cached_property
from hashlib import blake2b

from flask import Response

from gateway import compression
from gateway.answers import conditional

UNTIL_A_RELEASE = {"Cache-Control": "public, max-age=300"}
"""It is another one only after an upgrade."""


class LastingText:
    """One such text; writing the longest takes a third of a second, which nobody could ask for again and again."""

    def __init__(self, write: Callable[[], str], content_type: str, headers: Mapping[str, str] | None = None) -> None:
        """`write` may need the application's context; `headers` are those that go along."""
        self._write, self._content_type = write, content_type
        self._headers = {**UNTIL_A_RELEASE, "Vary": "Accept-Encoding", **(headers or {})}

    @cached_property
    def _text(self) -> bytes:
        return self._write().encode()

    @cached_property
    def _packed(self) -> bytes:
        return compression.packed(self._text)

    @cached_property
    def _tag(self) -> str:
        return blake2b(self._text, digest_size=8).hexdigest()

    def answer(self) -> Response:
        """The text, packed for whoever wants it so, or 304 for whoever has it."""
        response = conditional(Response(self._text, content_type=self._content_type), self._tag)
        response.headers.update(self._headers)
        return compression.pack(response, lambda: self._packed)
