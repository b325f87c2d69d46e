"""Reading what a request brings: JSON bodies and query parameters; every fault becomes a refusal or an HTTP error."""

import json
from typing import Any, NoReturn, cast

from flask import Request
from marshmallow import RAISE, Schema, ValidationError
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from chassis.errors import Refusal
from chassis.schema import faults

CHUNKED = "Transfer-Encoding"


class Parser(FlaskParser):
    """Webargs' parser, strict: another content type is 415, unreadable JSON 400, a wrong field 422."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - as webargs declares it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": RAISE,
        "query": RAISE,
    }

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body, or `missing` when there is none."""
        if req.mimetype == "application/json" or req.mimetype.endswith("+json"):
            body = req.get_data(cache=False)
            if CHUNKED in req.headers:
                req.stream.read(1)  # Werkzeug cuts such a body at the limit, and objects only to a further byte
            return parsed(body) if body else missing
        if req.content_length or CHUNKED in req.headers:
            raise UnsupportedMediaType
        return missing

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Any,
    ) -> NoReturn:
        """Refuse, naming each fault: of the body by JSON pointer, of the query by the parameter's name."""
        [(location, messages)] = cast(dict[str, Any], error.messages).items()
        errors = list(faults(messages))
        raise Refusal("invalid", errors=errors if location == "json" else [_of_parameter(each) for each in errors])


def parsed(body: bytes) -> Any:
    """The JSON in `body`; raises BadRequest when it is none, is nested too deeply or holds half characters."""
    try:
        data = json.loads(body)
        if b"\\ud" in body or b"\\uD" in body:
            json.dumps(data, ensure_ascii=False).encode()  # a lone surrogate cannot travel on
    except (ValueError, RecursionError) as error:
        raise BadRequest(type(error).__name__) from None
    return data


def _of_parameter(fault: dict[str, str]) -> dict[str, str]:
    return {"parameter": fault["pointer"].removeprefix("/"), "detail": fault["detail"]}
