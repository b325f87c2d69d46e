"""Reading what a request brings: JSON bodies and query parameters; every fault becomes a refusal or an HTTP error."""

import json
from collections import Counter
from typing import Any, NoReturn, cast

from flask import Request
from marshmallow import RAISE, Schema, ValidationError
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest

from chassis.errors import Refusal
from chassis.schema import told

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
GIVEN_TWICE = "Given more than once."
CHUNKED = "Transfer-Encoding"
KEY_SHOWN = 100
"""Characters of a key that are told, at most."""


class Parser(FlaskParser):
    """Webargs' parser, strict: another content type is 415, unreadable JSON 400, a wrong field or parameter 422."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - as webargs declares it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": RAISE,
        "query": RAISE,
    }

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body, or `missing` when there is none."""
        if req.mimetype == JSON or req.mimetype.endswith("+json"):
            body = req.get_data(cache=False)
            if CHUNKED in req.headers:
                req.stream.read(1)  # Werkzeug cuts such a body at the limit, and objects only to a further byte
            return parsed(body) if body else missing
        if req.content_length or CHUNKED in req.headers:
            raise Refusal("unsupported_media_type", accepted=[JSON])
        return missing

    def load_form(self, req: Request, schema: Schema) -> Any:
        """The fields of a form; of those that are there twice only one would count, so they are refused."""
        if req.mimetype != FORM:
            raise Refusal("unsupported_media_type", accepted=[FORM])
        if repeated := [name for name, values in req.form.lists() if len(values) > 1]:
            raise Refusal("invalid", errors=[{"pointer": f"/{name}", "detail": GIVEN_TWICE} for name in repeated])
        return super().load_form(req, schema)

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """The parameters; refuses one that is given more than once, since only one of its values would count."""
        if repeated := [name for name, values in req.args.lists() if len(values) > 1]:
            errors = [{"parameter": name, "detail": GIVEN_TWICE} for name in repeated]
            raise Refusal("invalid", errors=errors)
        return super().load_querystring(req, schema)

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
        errors = told(messages)
        raise Refusal("invalid", errors=errors if location != "query" else [_of_parameter(each) for each in errors])


def parsed(body: bytes) -> Any:
    """The JSON in `body`; refuses `body_not_json` and `duplicate_key`.

    Raises BadRequest for what is too deep or half a character.
    """
    try:
        text = body.decode("utf-8")  # json itself would guess other encodings, and let half characters pass
        data = json.loads(text, object_pairs_hook=_once_each)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(data, ensure_ascii=False).encode()  # a lone surrogate cannot travel on
    except json.JSONDecodeError as error:
        raise Refusal("body_not_json", line=error.lineno, column=error.colno) from None
    except UnicodeDecodeError as error:
        raise Refusal("body_not_json", **_place(error)) from None
    except (ValueError, RecursionError) as error:
        raise BadRequest(type(error).__name__) from None
    return data


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object; of a key that occurs twice, readers choose differently which value counts (RFC 8259 §4)."""
    found = dict(pairs)
    if len(found) < len(pairs):
        key = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise Refusal("duplicate_key", key=key[:KEY_SHOWN].encode("utf-8", "replace").decode())
    return found


def _place(error: UnicodeDecodeError) -> dict[str, int]:
    """Where the first byte stands that belongs to no character."""
    lines = error.object[: error.start].decode(error.encoding, "replace").split("\n")
    return {"line": len(lines), "column": len(lines[-1]) + 1}


def _of_parameter(fault: dict[str, str]) -> dict[str, str]:
    return {"parameter": fault["pointer"].removeprefix("/"), "detail": fault["detail"]}
