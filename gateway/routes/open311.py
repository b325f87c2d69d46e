"""Open311 GeoReport v2, outside /v1 and our specification, for it follows the standard's own (docs/open311.md)."""

from collections.abc import Callable
from hashlib import blake2b
from io import SEEK_END
from typing import Any, TypeVar, cast

from flask import Blueprint, Flask, Response, current_app, request, url_for
from werkzeug.datastructures import FileStorage

from chassis.errors import Refusal
from gateway.answers import conditional, our_address
from gateway.commands import part_of, programs_command_id
from gateway.facade import ask
from gateway.identity import PUBLIC
from gateway.open311 import arguments, documents
from gateway.open311.errors import errors_of, status_of
from gateway.open311.spark import MEDIA_TYPES, XML, written
from gateway.parsing import CHUNKED, FORM
from gateway.problem_answers import PROBLEM_JSON, spoken
from gateway.routes.photos import PHOTO_LIMIT, photo_bytes, public_address, transfers
from gateway.settings import Settings
from gateway.transfers import Way, holder

PREFIX = "/open311"
CACHED = "public, max-age=60"
"""It is the same for everybody who reads one language, and nobody has to know to the second."""

MULTIPART = "multipart/form-data"
FORMS = [FORM, MULTIPART]
BESIDES = 64 * 1024
"""Bytes of a form with a photo that are none of the photo."""

MOST_PHOTOS = 9

FORMAT = "<any(xml, json):form>"

routes = Blueprint("open311", __name__, url_prefix=PREFIX)

View = TypeVar("View", bound=Callable[..., Response])


def _public(path: str, method: str = "GET") -> Callable[[View], View]:
    """Declare a view under its path, which ends with the format."""

    def declare(view: View) -> View:
        setattr(view, PUBLIC, True)
        routes.add_url_rule(f"{path}.{FORMAT}", view.__name__, view, methods=[method])
        return view

    return declare


@_public("/v2/services")
def services(form: str) -> Response:
    """The list of services."""
    found = ask().cases.offered_services(jurisdiction=_jurisdiction())
    return _read(form, "services", documents.services(found["items"], spoken()))


@_public("/v2/services/<code>")
def service_definition(code: str, form: str) -> Response:
    """What else a report of a service may say."""
    found = ask().cases.offered_service(jurisdiction=_jurisdiction(), service_code=code)
    return _read(form, "service_definition", documents.definition(found, spoken()))


@_public("/v2/requests")
def service_requests(form: str) -> Response:
    """The requests that are asked for."""
    asked = arguments.listed(_query())
    found = ask().cases.public_requests(jurisdiction=_jurisdiction(), **asked)
    return _requests(form, found["items"])


@_public("/v2/requests/<number>")
def service_request(number: str, form: str) -> Response:
    """One request, as a list of one."""
    extended = arguments.extended(_query())
    found = ask().cases.public_request(jurisdiction=_jurisdiction(), number=number, with_history=extended)
    return _requests(form, [found])


@_public("/v2/requests", "POST")
def file_request(form: str) -> Response:
    """File one; its number is answered at once.

    What is no form has no key that could be looked at, so its type is refused first.
    """
    if request.mimetype not in FORMS and (request.content_length or CHUNKED in request.headers):
        raise Refusal("unsupported_media_type", accepted=FORMS)
    if request.mimetype != MULTIPART:
        return _filed(form)
    request.max_content_length = PHOTO_LIMIT + BESIDES
    with transfers().of(holder(), Way.SENT):
        return _filed(form)


def _filed(form: str) -> Response:
    given = dict(request.form.lists())
    who = _program(arguments.first_of_each(given).get("api_key"))
    report = {**arguments.filed(given), "jurisdiction": _jurisdiction()}
    command_id = programs_command_id(who["id"])
    files = [file for file in request.files.getlist("media")[:MOST_PHOTOS] if file.filename]
    photos = [_photo(file, who, part_of(command_id, f"photo {n}")) for n, file in enumerate(files)]
    report |= {"photos": photos} if photos else {}
    receipt = ask().cases.file_request(caller=who, command_id=command_id, **report)
    body = written(form, "service_requests", documents.filed(receipt, spoken()))
    where = url_for("open311.service_request", number=receipt["number"], form=form)
    return Response(body, 201, {"Location": where, "Cache-Control": "no-store"}, content_type=MEDIA_TYPES[form])


def _program(secret: str | None) -> dict[str, Any]:
    """As whom a program files; refuses `api_key_refused`, also where it shows nothing."""
    if secret is None:
        raise Refusal("api_key_refused")
    found: dict[str, Any] = ask().members.api_key_holder(secret=secret)
    return found


def _photo(file: FileStorage, who: dict[str, Any], command_id: str) -> str:
    """The id under which a photo is kept that came along; the same command keeps it once."""
    ticket = ask().cases.photo_ticket(caller=who, command_id=command_id, intent="upload")["ticket"]
    length = file.stream.seek(0, SEEK_END)
    file.stream.seek(0)
    kept = photo_bytes().keep(ticket, cast(Any, file.stream), length, file.mimetype)
    return str(kept["photo_id"])


@_public("/v2/tokens/<token>")
def token(token: str, form: str) -> Response:
    """There is none, since every request has its number at once."""
    raise Refusal("service_request_not_found")


@_public("/discovery")
def discovery(form: str) -> Response:
    """Where what is."""
    return _read(form, "discovery", documents.discovery(our_address(), spoken()))


routes.add_url_rule(f"/v2/discovery.{FORMAT}", "discovery_of_version", discovery)


def _requests(form: str, found: list[dict[str, Any]]) -> Response:
    extended = arguments.extended(_query())
    return _read(form, "service_requests", documents.requests(found, spoken(), public_address, extended=extended))


def _query() -> dict[str, list[str]]:
    return dict(request.args.lists())


def _jurisdiction() -> str:
    """The district that is named, or the one that is meant where none is; refuses `jurisdiction_missing`."""
    settings: Settings = current_app.extensions["settings"]
    named = arguments.first_of_each({**_query(), **dict(request.form.lists())}).get("jurisdiction_id")
    if not (named or settings.open311_district):
        raise Refusal("jurisdiction_missing")
    return named or settings.open311_district


def _read(form: str, root: str, value: Any) -> Response:
    body = written(form, root, value)
    response = Response(body, 200, content_type=MEDIA_TYPES[form])
    response = conditional(response, blake2b(body, digest_size=8).hexdigest())
    response.headers["Cache-Control"] = CACHED
    response.vary.discard("authorization")  # werkzeug takes away what is in small letters alone
    return response


def register(app: Flask) -> None:
    """Add the routes, and let every error under their path leave as the standard has it."""
    app.register_blueprint(routes)
    app.after_request(as_standard)


def as_standard(response: Response) -> Response:
    """An error as the standard's list, in the format of the path, or in XML where it has none."""
    if response.mimetype != PROBLEM_JSON or not request.path.startswith(f"{PREFIX}/"):
        return response
    form = next((each for each in MEDIA_TYPES if request.path.endswith(f".{each}")), XML)
    problem = cast(dict[str, Any], response.get_json())
    response.set_data(written(form, "errors", errors_of(problem, spoken())))
    response.content_type = MEDIA_TYPES[form]
    response.status_code = status_of(problem)
    return response
