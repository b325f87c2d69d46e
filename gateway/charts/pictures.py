"""A chart as an answer: SVG as it was written, or PNG painted from it; of the same figures the same bytes."""

import sys
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import structlog
from flask import Response, current_app, request

from chassis.errors import Refusal
from gateway.answers import conditional
from gateway.facade import ErrandFailed, services
from gateway.operations import BINARY
from gateway.problem_answers import spoken
from gateway.settings import Settings

SVG, PNG = "image/svg+xml", "image/png"
FORMATS = {"svg": SVG, "png": PNG}
PAINTER = Path(__file__).with_name("painter.py")
PAINTED_BY = version("resvg-py")
RETRY_SECONDS = 5

PICTURES = {"200": {"description": "The picture.", "content": {SVG: {"schema": {"type": "string"}}, PNG: BINARY}}}
"""What is answered, for its description."""

log = structlog.get_logger()


def pictured(svg: bytes, format_: str) -> Response:
    """The picture with its tag, or 304; nothing is painted for who has it. Refuses `picture_not_painted`."""
    settings: Settings = current_app.extensions["settings"]
    tag = _tag(svg, format_, settings.certificate_font)
    content = svg if format_ == "svg" or request.if_none_match.contains_weak(tag) else _png(svg, settings)
    headers = {"Content-Language": spoken()}
    return conditional(Response(content, 200, headers, content_type=FORMATS[format_]), tag)


def _tag(svg: bytes, format_: str, font: str) -> str:
    """What is painted anew by another release of the painter, or in another font, is another picture."""
    painted = f"{format_} {PAINTED_BY} {font}" if format_ == "png" else format_
    return blake2b(svg, key=painted.encode()[:64], digest_size=8).hexdigest()


def _png(svg: bytes, settings: Settings) -> bytes:
    font = [settings.certificate_font] if settings.certificate_font else []
    try:
        return services().run([sys.executable, "-I", str(PAINTER), *font], svg)
    except ErrandFailed as failure:
        log.warning("picture not painted", reason=str(failure))
        raise Refusal("picture_not_painted", retry_after=RETRY_SECONDS) from None
