"""Every error leaves as one problem document (RFC 9457), worded in the caller's language, with the request's id."""

import json
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from chassis.errors import Refusal
from chassis.rpc import DeadlineExceeded, Unreachable
from gateway.faults import worded
from gateway.problems import BY_STATUS, PROBLEMS, RETRY_AFTER, Problem, advised, phrase
from gateway.times import shown
from gateway.tokens import TO_PROGRAM

PROBLEM_JSON = "application/problem+json"
LANGUAGES = ("zh-CN", "en")
RETRY_SECONDS = 2
BAD_TOKENS = frozenset({"token_invalid", "token_algorithm", "token_expired", "token_revoked", "token_outdated"})
ELSEWHERE = frozenset({"errors", RETRY_AFTER, TO_PROGRAM})
"""Details that have a member or a header of their own, or a text."""
OWN_HEADERS = frozenset({"allow", "location", "retry-after"})

log = structlog.get_logger()


def register(app: Flask) -> None:
    """Let every error of the application leave as a problem."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(Unreachable, unreachable)
    app.register_error_handler(DeadlineExceeded, too_late)
    app.register_error_handler(HTTPException, protocol_error)
    app.register_error_handler(Exception, failed)


def refused(refusal: Refusal) -> Response:
    """A service, or the gateway itself, said no."""
    if refusal.code not in PROBLEMS:
        log.error("refusal without a row in the table", code=refusal.code)
    return problem(refusal.code, refusal.details)


def unreachable(error: Unreachable) -> Response:
    """The broker or a service is away."""
    log.warning("unreachable", reason=str(error))
    return problem("unavailable", {RETRY_AFTER: RETRY_SECONDS})


def too_late(error: DeadlineExceeded) -> Response:
    """No answer within the deadline; the command may be repeated with the same key."""
    log.warning("deadline exceeded", call=str(error))
    return problem("deadline_exceeded", {})


def protocol_error(error: HTTPException) -> Any:
    """What Flask and Werkzeug refuse by themselves: no such route, wrong method, body too large …"""
    status = error.code or 500
    if status < 400:
        return error
    headers = {name: value for name, value in error.get_headers() if name.lower() in OWN_HEADERS}
    code = BY_STATUS.get(status, "malformed_request")
    return problem(code, {}, headers, status=status if code == "malformed_request" else None)


def failed(error: Exception) -> Response:
    """An error that nobody foresaw: logged here, and told without its text, which may hold anything."""
    log.error("request failed", exc_info=error)
    return problem("internal_error", {})


def problem(
    code: str, details: Mapping[str, Any], headers: Mapping[str, str] | None = None, status: int | None = None
) -> Response:
    """The problem document for a code of the table; an unknown code is a fault of ours and answers 500."""
    row = PROBLEMS.get(code, PROBLEMS["internal_error"])
    if details.get(TO_PROGRAM):
        row = row.to_program or row
    language = spoken()
    document = described(code, row, details, language) | {"status": status or row.status}
    response = Response(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")),
        document["status"],
        {**(headers or {}), "Content-Language": language, "Cache-Control": "no-store"},
        content_type=PROBLEM_JSON,
    )
    response.vary.add("Accept-Language")
    if RETRY_AFTER in details:
        response.headers["Retry-After"] = str(max(1, int(details[RETRY_AFTER])))
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = challenge(code, row)
    return response


def described(code: str, row: Problem, details: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The members of the document; `details` holds what the refusal said beyond its field errors."""
    rest = shown({name: value for name, value in details.items() if name not in ELSEWHERE})
    document: dict[str, Any] = {
        "type": f"/docs#problem-{code}",
        "title": phrase(row.title, language),
        "status": row.status,
        "detail": advised(row, language, {**rest, RETRY_AFTER: details.get(RETRY_AFTER)}),
        "code": code,
        "request_id": g.get("request_id", ""),
    }
    errors = [_placed(shown(_told(each, language))) for each in details.get("errors", ())]
    return document | ({"errors": errors} if errors else {}) | ({"details": rest} if rest else {})


def refusal_of_line(dumped: Mapping[str, Any]) -> dict[str, Any]:
    """The document for what a service refused of one of several lines, beside which others were done."""
    refusal = Refusal.load(dumped)
    if refusal.code not in PROBLEMS:
        log.error("refusal without a row in the table", code=refusal.code)
    row = PROBLEMS.get(refusal.code, PROBLEMS["internal_error"])
    return described(refusal.code, row, refusal.details, spoken())


def said(fault: Mapping[str, Any], language: str) -> str:
    """What is wrong: for a fault that a rule found, what its code means."""
    row = PROBLEMS.get(fault.get("code", ""))
    return phrase(row.title, language) if row else worded(fault["detail"], language)


def _told(fault: Mapping[str, Any], language: str) -> dict[str, Any]:
    """One of several faults: what is wrong with the field and, where a rule says so, what to do about it."""
    row, details = PROBLEMS.get(fault.get("code", "")), fault.get("details", {})
    reason = {"details": {**details, "said": worded(details["said"], language)}} if "said" in details else {}
    told = {**fault, "detail": said(fault, language), **reason}
    return told | ({"advice": advised(row, language, shown(told.get("details", {})))} if row else {})


def _placed(fault: dict[str, Any]) -> dict[str, Any]:
    """The fault; one that a service found in what came as a query is of a parameter, not of a body."""
    if request.method == "GET" and "pointer" in fault:
        told: dict[str, Any] = {"parameter": _parameter(fault["pointer"])}
        return told | {name: fault[name] for name in ("detail", "advice") if name in fault}
    return fault


def _parameter(pointer: str) -> str:
    """The name at the end of a pointer; where it leads to one of several values, the name before."""
    names = [part for part in pointer.split("/") if not part.isdecimal()]
    return names[-1] if names else ""


def challenge(code: str, row: Problem) -> str:
    """The `WWW-Authenticate` header (RFC 6750 §3): an error is named only of a token that was shown."""
    if code not in BAD_TOKENS:
        return 'Bearer realm="sandan"'
    return f'Bearer realm="sandan", error="invalid_token", error_description="{row.title.en}"'


def spoken() -> str:
    """The language of this answer: the caller's best of those that we have, Chinese when in doubt."""
    preferred = request.accept_languages.best_match(["zh-CN", "zh", "en", "en-US", "en-GB"], "zh-CN")
    return "en" if preferred and preferred.startswith("en") else "zh-CN"
