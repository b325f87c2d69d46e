"""The check of a certificate, open to everybody who has it in hand."""

from typing import Any

from flask import Response

from gateway.answers import answer
from gateway.browser_pages import either, problem_page, told_either_way
from gateway.facade import ask
from gateway.operations import Operations
from gateway.schemas.certificates import CertificateChecked, CodeQuery

TEMPLATE = "certificate.html"

routes = Operations("certificate-checks", "Whether a certificate of volunteer hours stands.")


@routes.operation(
    "GET",
    "/certificates/<number>",
    CertificateChecked,
    query=CodeQuery,
    responses=told_either_way(CertificateChecked),
    public=True,
    errors=(404, 503, 504),
)
def check_certificate(query: dict[str, Any], number: str) -> Response:
    """Check a certificate without signing in, with the code that it tells: state, hours, period, masked name.

    A number without its code is not found. A browser, which a phone opens for the QR code on the paper, gets a page
    that says the same.
    """
    found = ask().members.check_certificate(number=number, **query)
    return either(answer(found, headers={"Cache-Control": "no-store"}), TEMPLATE, found=found)


def read_by_people(response: Response) -> Response:
    """What is wrong as a page, for who has scanned the code on a paper."""
    return problem_page(response, TEMPLATE)


routes.after_request(read_by_people)
