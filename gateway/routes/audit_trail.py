"""The audit trail, read by who oversees an area."""

from typing import Any

from flask import Response

from gateway.answers import page
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.audit_trail import AuditTrail, AuditTrailQuery

routes = Operations("audit-trail", "Who was shown, changed or took what, and why.")

SENT = {"from": "first", "to": "last"}
"""What the services call parameters that would be words of the language."""


@routes.operation("GET", "/audit-trail", AuditTrail, query=AuditTrailQuery)
def audit_trail(query: dict[str, Any]) -> Response:
    """The rows of a service's audit trail in the caller's areas, the newest first; reading them leaves a row itself.

    Every phone, contact, track or private note that was shown, every list that left as a file, own copies, roles,
    policies, templates, exclusions from the rates, redrawings, certificates, calls, partners' subscriptions, deletions
    and what retention let go: by whom, in which role, when and why.
    Rows are kept for three years.
    """
    wanted = {SENT.get(name, name): value for name, value in filters(query).items() if name != "service"}
    remote = getattr(ask(), query["service"])
    found = remote.audit_trail(caller=identity().caller, **wanted, after=position(query), limit=query["limit"])
    return page(found, continued(found, query), query)
