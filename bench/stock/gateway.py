"""The HTTP face in plain nameko: each route is one request to cases."""

import json

from nameko.rpc import RpcProxy
from nameko.web.handlers import http
from werkzeug.wrappers import Request, Response


class GatewayService:
    """Answers over HTTP."""

    name = "gateway"

    cases = RpcProxy("cases")

    @http("POST", "/cases")  # type: ignore[untyped-decorator]  # nameko is untyped
    def open_case(self, request: Request) -> Response:
        """A new case."""
        answer = self.cases.open_case(json.loads(request.get_data(as_text=True))["text"])
        return Response(json.dumps(answer), status=201, mimetype="application/json")

    @http("POST", "/cases/<string:case_id>/notes")  # type: ignore[untyped-decorator]  # nameko is untyped
    def note(self, request: Request, case_id: str) -> Response:
        """A note on a case."""
        answer = self.cases.note(case_id, json.loads(request.get_data(as_text=True))["text"])
        return Response(json.dumps(answer), mimetype="application/json")
