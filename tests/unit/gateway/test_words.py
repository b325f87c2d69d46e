"""What codes are called is told to everybody, and no code that there is goes without a name."""

from collections.abc import Collection, Mapping

from flask.testing import FlaskClient

from cases.act import Act
from cases.case import Source
from cases.category import Severity
from cases.moves.reason import REASONS
from gateway.routes.words import OWN
from gateway.schemas import cases as case_schemas
from gateway.schemas.words import MEANINGS
from members.role import ROLES
from notify.names.desk import NameDesk
from tests.unit.gateway.fakes import FakeServices, said


def test_front_ends_read_what_codes_are_called_without_signing_in(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["notify.words"] = NameDesk.words(NameDesk())
    answer = anyone.get("/v1/words")
    told = said(answer)
    assert (answer.status_code, told.keys()) == (200, MEANINGS.keys())
    assert told["status"]["DISPATCHED"] == {"zh": "已派单", "en": "Dispatched"}
    assert told["reason"]["no_capacity"]["zh"] == "力量不足"
    assert all(name["zh"] and name["en"] for known in told.values() for name in known.values())
    again = anyone.get("/v1/words", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert services.last == {}


def test_no_code_goes_without_a_name() -> None:
    every: Mapping[str, Collection[str]] = {
        "status": set(case_schemas.STATUSES),
        "act": set(Act),
        "severity": set(Severity),
        "tag": set(case_schemas.TAGS),
        "source": set(Source),
        "role": set(ROLES),
    }
    assert {kind: set(OWN[kind]) for kind in every} == {kind: {str(code) for code in of} for kind, of in every.items()}
    assert {code for codes in REASONS.values() for code in codes} <= NameDesk.words(NameDesk())["reason"].keys()
