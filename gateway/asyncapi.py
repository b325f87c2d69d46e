"""The events that partners get, as an AsyncAPI 3 document: three ways to the same bytes; served without a network."""

import json
from collections.abc import Iterable
from typing import Any

from flask import render_template

from gateway.openapi import VERSION, readable
from gateway.webhooks import BATCH, EVENT_BATCH, EXAMPLES, SCHEMAS, TEST_EVENT, TYPES

DESCRIPTION = """\
What happens to cases, for partner units. A subscription (`POST /v1/subscriptions`) says which types and which places,
and in which way they come: posted to a receiver (webhook), read page by page (feed), or put into a queue (AMQP). The
bytes and the id of an event are the same in all three. The same event may come twice: its id tells. The events of one
case come in order. Fields that a reader does not know are to be ignored; a change that would break readers becomes a
new type that ends in `.v2`. How to subscribe, check signatures and catch up stands in docs/partners.md."""

TEST = "subscription.test"

PAGE: dict[str, Any] = {
    "name": "page",
    "title": "A page of the feed",
    "summary": "Events as CloudEvents in JSON, oldest first; maybe none.",
    "contentType": BATCH,
    "headers": {
        "type": "object",
        "properties": {"Link": {"type": "string", "description": "Where to go on (RFC 8288): keep its `after`."}},
    },
    "payload": EVENT_BATCH["200"]["content"][BATCH]["schema"],
}

ASKED = {
    "after": "The cursor of the page before.",
    "subscription_id": "Which feed, where there are several.",
    "type": "Of the types of the subscription, one.",
    "grid": "Of its places, a part.",
    "category": "Of its categories, one.",
    "limit": "At most so many events.",
}
"""Query parameters of the feed."""

SIGNED = [name for name in EXAMPLES if name.startswith("webhook-")]

QUEUE_BINDING = {"amqp": {"is": "queue", "queue": {"durable": True, "vhost": "/partners"}, "bindingVersion": "0.3.0"}}

SERVERS: dict[str, Any] = {
    "gateway": {
        "host": "{gateway}",
        "protocol": "https",
        "description": "Where subscriptions are made and the feed is read.",
        "variables": {"gateway": {"default": "localhost:8000", "description": "Where this document was found."}},
        "security": [{"$ref": "#/components/securitySchemes/bearer"}],
    },
    "receiver": {
        "host": "{receiver}",
        "protocol": "https",
        "description": "The partner's own server, at a public address.",
        "variables": {"receiver": {"default": "partner.example", "description": "Host of the subscription's URL."}},
    },
    "broker": {
        "host": "{broker}",
        "pathname": "/partners",
        "protocol": "amqps",
        "protocolVersion": "0-9-1",
        "description": "The queues of partners. Address, user and, once, the password come with the subscription.",
        "variables": {"broker": {"default": "localhost:5671", "description": "Host and port of `amqp_url`."}},
        "security": [{"$ref": "#/components/securitySchemes/password"}],
    },
}

SECURITY: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "As for the API."},
    "password": {
        "type": "userPassword",
        "description": "The partner's user, who can read its own queues and do nothing else.",
    },
}


def document() -> dict[str, Any]:
    """The whole document."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Sandan events",
            "version": VERSION,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": SERVERS,
        "channels": _channels(),
        "operations": _operations(),
        "components": {
            "messages": {name: _message(name, told) for name, told in _told()} | {"page": PAGE},
            "schemas": SCHEMAS,
            "securitySchemes": SECURITY,
        },
    }


def text() -> str:
    """The document as JSON."""
    return json.dumps(document(), ensure_ascii=False, indent=1)


def page() -> str:
    """The document as HTML."""
    return render_template("events.html", spec=document(), readable=readable)


def _told() -> Iterable[tuple[str, str]]:
    yield from TYPES.items()
    yield TEST, str(TEST_EVENT["description"])


def _message(name: str, told: str) -> dict[str, Any]:
    schema = "TestEvent" if name == TEST else "CaseEvent"
    return {
        "name": name,
        "title": name,
        "summary": told,
        "contentType": "application/json",
        "headers": _headers(name),
        "payload": {"$ref": f"#/components/schemas/{schema}"},
    }


def _headers(name: str) -> dict[str, Any]:
    shown = EXAMPLES if name != TEST else {each: EXAMPLES[each] for each in ("ce-type", *SIGNED)}
    return {
        "type": "object",
        "required": [each for each in shown if each not in SIGNED],
        "properties": {each: _header(each, name) for each in shown},
    }


def _header(header: str, type_: str) -> dict[str, Any]:
    description, example = EXAMPLES[header]
    if header == "ce-type":
        return {"type": "string", "const": type_}
    if header in SIGNED:
        description = f"Webhooks only. {description}"
    return {"type": "string", "description": description, "examples": [example]}


def _channels() -> dict[str, Any]:
    return {
        "webhook": {
            "address": None,
            "title": "Webhook",
            "description": "The URL that the subscription names. Each event is one POST, signed (Standard Webhooks).",
            "servers": [{"$ref": "#/servers/receiver"}],
            "messages": _messages(TYPES, [TEST]),
        },
        "feed": {
            "address": "/v1/events",
            "title": "Feed",
            "description": "A page at a time, from a cursor that the reader keeps, for as long as the log is kept.",
            "servers": [{"$ref": "#/servers/gateway"}],
            "messages": _messages(["page"]),
        },
        "queue": {
            "address": "partner.{partner}.{subscription}",
            "title": "Queue",
            "description": "A durable quorum queue of the subscription, for one consumer or several. It is bounded: "
            "what it cannot take waits and comes later. Its property `message_id` is `ce-id`, `timestamp` `ce-time`.",
            "servers": [{"$ref": "#/servers/broker"}],
            "parameters": {
                "partner": {"description": "The unit, or the person who subscribed for none."},
                "subscription": {"description": "Id of the subscription."},
            },
            "messages": _messages(TYPES, [TEST]),
            "bindings": QUEUE_BINDING,
        },
    }


def _messages(*names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/messages/{name}"} for group in names for name in group}


def _operations() -> dict[str, Any]:
    return {
        "post": {
            "action": "send",
            "title": "Post an event",
            "summary": "Each event is posted to the receiver until it answers with 2xx, or ten tries were in vain.",
            "channel": {"$ref": "#/channels/webhook"},
            "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
        },
        "answer": {
            "action": "send",
            "title": "Answer with a page of events",
            "summary": "The reader asks with GET and is answered with what follows its cursor.",
            "channel": {"$ref": "#/channels/feed"},
            "bindings": {"http": {"method": "GET", "query": _query(), "bindingVersion": "0.3.0"}},
        },
        "enqueue": {
            "action": "send",
            "title": "Put an event into the queue",
            "summary": "Each event is put into the queue, where it stays until a consumer has acknowledged it.",
            "channel": {"$ref": "#/channels/queue"},
            "bindings": {"amqp": {"deliveryMode": 2, "mandatory": True, "timestamp": True, "bindingVersion": "0.3.0"}},
        },
    }


def _query() -> dict[str, Any]:
    told = {name: {"type": "string", "description": description} for name, description in ASKED.items()}
    return {"type": "object", "properties": told}
