"""The check of a certificate, open to everybody who has it in hand."""

from typing import Any

from flask import Response

from gateway.answers import answer
from gateway.facade import ask
from gateway.operations import Operations
from gateway.schemas.certificates import CertificateChecked, CodeQuery

routes = Operations("certificate-checks", "Whether a certificate of volunteer hours stands.")


@routes.operation(
    "GET",
    "/certificates/<number>",
    CertificateChecked,
    query=CodeQuery,
    public=True,
    errors=(404, 503, 504),
)
def check_certificate(query: dict[str, Any], number: str) -> Response:
    """Check a certificate without signing in, with the code that it tells: state, hours, period, masked name.

    A number without its code is not found.
    """
    found = ask().members.check_certificate(number=number, **query)
    return answer(found, headers={"Cache-Control": "no-store"})
