"""What a subscription's receiver is posted, as OpenAPI has it: data alone; a test holds it to what notify posts."""

from collections.abc import Mapping
from typing import Any

EXAMPLES: dict[str, tuple[str, Any]] = {
    "ce-specversion": ("Version of CloudEvents.", "1.0"),
    "ce-id": ("Id of the event, the same on every try.", "0195f3c0-0000-7000-8000-000000000003"),
    "ce-type": ("What happened: `case.dispatched`, or `subscription.test`.", "case.dispatched"),
    "ce-source": ("Who tells it.", "/services/cases"),
    "ce-subject": ("To which case.", "case/0195f3c0-0000-7000-8000-000000000000"),
    "ce-time": ("When, RFC 3339 in UTC.", "2026-03-12T11:46:00Z"),
    "ce-sequence": ("The version that it made of the case; gaps are normal.", "3"),
    "webhook-id": ("Id of the event, the same on every try: by it a repeat is recognised.", "0195f3c0-…"),
    "webhook-timestamp": ("Time of this try, in seconds since 1970.", "1773315960"),
    "webhook-signature": (
        "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` with the subscription's secret; there may be "
        "several with blanks between them, of which one has to fit.",
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
}
"""Headers of a delivery: meaning and example."""

WITH_TEST = ("ce-type", "webhook-id", "webhook-timestamp", "webhook-signature")
"""Those that the test event has, too."""

TYPES: Mapping[str, str] = {
    "case.reported": "somebody reported",
    "case.verification_asked": "a grid worker is asked to look",
    "case.verified": "the grid worker has looked",
    "case.registered": "taken on; deadlines are set",
    "case.rejected": "not taken on",
    "case.merged": "joined with another",
    "case.joined": "another was merged into it",
    "case.answered_directly": "a question answered and closed",
    "case.dispatched": "given to a team",
    "case.offered": "offered openly",
    "case.accepted": "an assignee or claimant took it",
    "case.returned": "refused by the assignee",
    "case.reassigned": "given to others",
    "case.timed_out": "nobody accepted in time",
    "case.relieved": "somebody who had it has left (or is a unit that has closed), others have it still or it rests",
    "case.passed_on": "whoever had it has left (or is a unit that has closed), and others were asked or nobody",
    "case.corrected": "category or place was wrong",
    "case.noted": "a note was added",
    "case.asked": "a question to the reporter",
    "case.answered": "the answer",
    "case.arrived": "somebody came",
    "case.started": "somebody made contact",
    "case.left": "somebody left",
    "case.suspension_asked": "the clock is to stand",
    "case.suspended": "it stands",
    "case.resumed": "it goes on",
    "case.extension_asked": "more time asked for",
    "case.extended": "more time given",
    "case.mediated": "somebody mediates the dispute from now on; who quarrels is in no event",
    "case.met": "the parties met",
    "case.settled": "how the mediation ended",
    "case.resolved": "the assignee says that it is done",
    "case.closed": "inspected and closed",
    "case.reworked": "inspected and sent back",
    "case.rated": "the reporter's mark",
    "case.reopened": "not solved after all",
    "case.withdrawn": "taken back by the reporter",
    "case.reminded": "the clock reminds somebody",
    "case.rating_lapsed": "nobody rated it in time",
    "case.exclusion_proposed": "it is to be left out of the three rates",
    "case.exclusion_approved": "it is left out of the three rates",
    "case.exclusion_refused": "it is not left out of them",
}
"""Every type of event that a partner may ask for, and when it comes."""

_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_INSTANT_OR_NULL = {"type": ["string", "null"], "format": "date-time"}

CASE_EVENT: dict[str, Any] = {
    "type": "object",
    "description": "What happened to a case, without anything that tells who a person is. Each type may have fields "
    "besides; a reader ignores those that it does not know.",
    "required": ["case_id", "number", "version", "act", "at", "by", "status", "grid_code", "assignees", "restricted"],
    "properties": {
        "case_id": _TEXT,
        "number": {"type": "string", "description": "The number that people are told."},
        "version": {"type": "integer", "description": "As `ce-sequence`."},
        "act": {"type": "string", "description": "What was done."},
        "at": {"type": "string", "format": "date-time"},
        "by": {
            "type": "object",
            "description": "In which role; who it was is not told.",
            "properties": {"role": _TEXT_OR_NULL},
            "additionalProperties": False,
        },
        "status": {"type": "string", "description": "The status after it."},
        "category": _TEXT_OR_NULL,
        "severity": _TEXT_OR_NULL,
        "grid_code": _TEXT,
        "compound_id": _TEXT_OR_NULL,
        "assignees": {
            "type": "array",
            "description": "Units with their id, persons without.",
            "items": {
                "type": "object",
                "properties": {
                    "id": _TEXT,
                    "kind": {"type": "string", "enum": ["person", "unit"]},
                    "lead": {"type": "boolean"},
                    "accepted": {"type": "boolean"},
                },
                "additionalProperties": False,
            },
        },
        "respond_due": _INSTANT_OR_NULL,
        "resolve_due": _INSTANT_OR_NULL,
        "accept_due": _INSTANT_OR_NULL,
        "restricted": {"type": "boolean", "description": "Always false: events of sensitive cases are not sent."},
        "round": {"type": "integer"},
    },
}

TEST_EVENT: dict[str, Any] = {
    "type": "object",
    "description": "The first call to a new subscription, or to its new address, which becomes active once it was "
    "answered with 2xx; and whenever its owner asks for one.",
    "required": ["type", "subscription_id"],
    "properties": {"type": {"type": "string", "enum": ["subscription.test"]}, "subscription_id": _TEXT},
}

BATCH = "application/cloudevents-batch+json"

EVENT: dict[str, Any] = {
    "type": "object",
    "description": "An event as a CloudEvent 1.0 in JSON; `data` has the bytes that a webhook is posted.",
    "required": ["specversion", "id", "type", "source", "subject", "time", "sequence", "datacontenttype", "data"],
    "properties": {
        **{
            name.removeprefix("ce-"): {"type": "string", "description": description, "examples": [example]}
            for name, (description, example) in EXAMPLES.items()
            if name.startswith("ce-")
        },
        "datacontenttype": {"type": "string", "enum": ["application/json"]},
        "data": {"$ref": "#/components/schemas/CaseEvent"},
    },
}

EVENT_BATCH: dict[str, Any] = {
    "200": {
        "description": "Events, oldest first; maybe none.",
        "content": {BATCH: {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/FeedEvent"}}}},
    }
}
"""How an answer of the feed is described."""

SCHEMAS = {"CaseEvent": CASE_EVENT, "TestEvent": TEST_EVENT, "FeedEvent": EVENT}


def _header(name: str) -> dict[str, Any]:
    description, example = EXAMPLES[name]
    found = {"name": name, "in": "header", "description": description, "schema": _TEXT, "example": example}
    return {**found, "required": name in WITH_TEST}


WEBHOOKS: dict[str, Any] = {
    "caseEvent": {
        "post": {
            "operationId": "case_event",
            "summary": "An event of a case, or the test event of a new subscription.",
            "description": "Posted to the URL of each subscription. Check the signature against the bytes as they "
            "came, answer within 30 s, work afterwards. How to check, what is sent to whom and when it is tried again "
            "stands in docs/events.md.",
            "tags": ["subscriptions"],
            "security": [],
            "parameters": [_header(name) for name in EXAMPLES],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {
                            "anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("CaseEvent", "TestEvent")]
                        }
                    }
                },
            },
            "responses": {
                "2XX": {"description": "Taken."},
                "410": {"description": "Never again: the subscription is disabled."},
                "default": {"description": "Not taken, a redirect included: tried again later."},
            },
        }
    }
}
"""The section `webhooks` of the specification."""
