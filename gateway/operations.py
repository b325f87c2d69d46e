"""How a route is declared: path, what it takes and gives, and its documentation, in one typed decorator."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema

from gateway.identity import PUBLIC
from gateway.parsing import Parser

View = TypeVar("View", bound=Callable[..., Response])

BINARY = {"schema": {"type": "string", "format": "binary"}}
"""A body that is a file."""

IDEMPOTENCY_KEY = "IdempotencyKey"
IF_MATCH = "IfMatch"
IF_NONE_MATCH = "IfNoneMatch"
ACCEPT_LANGUAGE = "AcceptLanguage"
LAST_EVENT_ID = "LastEventId"
"""Header parameters, by their name among the components of the specification."""


EITHER_WAY: list[dict[str, list[str]]] = [{}, {"bearer": []}]
"""The `security` of a public view that tells those who are signed in something of their own."""


class Operations(Blueprint):  # type: ignore[misc]  # flask-smorest is untyped
    """A group of routes that share a tag."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, description: str, prefix: str = "/v1") -> None:
        super().__init__(name, __name__, url_prefix=prefix, description=description)
        self._prepare_doc_cbks.append(_document_headers)

    def reads(self, path: str, gives: type[Schema] | None, **options: Any) -> Callable[[View], View]:
        """A GET of something that has an `ETag`; options as of `operation`."""
        return self.operation("GET", path, gives, headers=(IF_NONE_MATCH,), **options)

    def does(self, path: str, gives: type[Schema] | None, **options: Any) -> Callable[[View], View]:
        """A command, safe to repeat with its `Idempotency-Key`; options as of `operation`."""
        return self.operation("POST", path, gives, **{"headers": (IDEMPOTENCY_KEY,), **options})

    def asks(self, path: str, gives: type[Schema], **options: Any) -> Callable[[View], View]:
        """A question too long for a query, of which nothing is written and which needs no key; options likewise."""
        return self.does(path, gives, headers=(), **options)

    def operation(
        self,
        method: str,
        path: str,
        gives: type[Schema] | None,
        *,
        status: int = 200,
        also: int | None = None,
        takes: Schema | None = None,
        location: str = "json",
        query: type[Schema] | None = None,
        examples: Any = None,
        headers: Sequence[str] = (),
        errors: Sequence[int] = (),
        public: bool = False,
        located: bool = True,
        faults: int = 422,
        **documentation: Any,
    ) -> Callable[[View], View]:
        """Declare a view; its docstring becomes the summary and the description.

        `gives` documents the answer, which the view writes itself, with `status` and perhaps `also` another one;
        `takes`, a JSON body or what its `location` says, and `query` are parsed and handed to the view as its first
        argument; `examples` is one body, or several by name; a view is for signed-in callers unless it is `public`;
        `errors` are statuses besides those that any such view can end with. What makes something answers 201 with its
        `Location`, unless it is not `located`. With `faults` it answers what is wrong with the fields of a request.
        """
        documentation |= {"x-errors": list(errors), "x-located": located, "x-faults": faults}
        if public:
            documentation.setdefault("security", [])

        def declare(view: View) -> View:
            wrapped = view if gives is None and status == 200 else self.response(status, gives)(view)
            if also is not None:
                wrapped = self.alt_response(also, schema=gives, success=True)(wrapped)
            if takes is not None:
                wrapped = self.arguments(takes, location=location, required=_needed(takes), **_examples(examples))(
                    wrapped
                )
            if query is not None:
                wrapped = self.arguments(query, location="query")(wrapped)
            wrapped = self.doc(operationId=view.__name__, **documentation)(wrapped)
            wrapped._apidoc["headers"] = list(headers)  # noqa: SLF001 - where flask-smorest keeps it
            setattr(wrapped, PUBLIC, public)
            self.add_url_rule(path, view.__name__, wrapped, methods=[method])
            return view

        return declare


def _document_headers(doc: dict[str, Any], doc_info: dict[str, Any], **_: Any) -> dict[str, Any]:
    return {**doc, "parameters": [*doc.get("parameters", []), *doc_info.get("headers", ()), ACCEPT_LANGUAGE]}


def _needed(schema: Schema) -> bool:
    """Whether nothing at all would be refused; often that is no single field's doing, but that one of several is."""
    return bool(schema.validate({}))


def _examples(examples: Any) -> dict[str, Any]:
    if examples is None:
        return {}
    several = isinstance(examples, list)
    return {"examples": dict(examples)} if several else {"example": examples}
