"""Pages for who opens an address of ours in a browser; programs, which ask for JSON or for anything, get none."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from marshmallow import Schema

from gateway.parsing import JSON
from gateway.problem_answers import PROBLEM_JSON, spoken

HTML = "text/html"
PAGE = {HTML: {"schema": {"type": "string"}}}
"""A page among what an answer may be."""
MEDIA_TYPE = f"{HTML}; charset=utf-8"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
}


def told_either_way(schema: type[Schema]) -> dict[str, Any]:
    """What an answer is that programs read and people look at, for its description."""
    return {"200": {"description": "As data or as a page.", "content": {JSON: {"schema": schema}, **PAGE}}}


def browser_page(template: str, **values: Any) -> Response:
    """The page, in the reader's language, which the template has as `language`."""
    language = spoken()
    html = render_template(template, **values, language=language)
    response = Response(html, 200, HEADERS | {"Content-Language": language}, content_type=MEDIA_TYPE)
    response.vary.add("Accept-Language")
    return response


def either(response: Response, template: str, **values: Any) -> Response:
    """What programs are answered, or a page that says the same to who looks at it."""
    chosen = browser_page(template, **values) if _looked_at() else response
    chosen.vary.add("Accept")
    return chosen


def problems_as_pages(routes: Blueprint, template: str) -> None:
    """Answer whatever is wrong with these routes as a page, to who looks at it."""
    routes.after_request(lambda response: problem_page(response, template))


def problem_page(response: Response, template: str) -> Response:
    """A problem as a page, for who looks at one; what is no problem, and what a program reads, as it was.

    The template has the document as `problem`.
    """
    if response.mimetype != PROBLEM_JSON or not _looked_at():
        return response
    response.set_data(render_template(template, problem=response.get_json(), language=spoken()))
    response.content_type = MEDIA_TYPE
    response.headers.update(HEADERS)
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _looked_at() -> bool:
    return request.accept_mimetypes.best_match([JSON, PROBLEM_JSON, HTML]) == HTML
