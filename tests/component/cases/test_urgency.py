"""What is called urgent without an urgent category is confirmed or lowered by the desk, and that is on record (F33)."""

from typing import Any

import pytest
from pymongo.database import Database

from cases.service import CasesService
from chassis.errors import Refusal
from tests.unit.cases.play import DISPATCHER, GRID, RESIDENT

GAME = {"text": "健身器材松动", "category": "0108", "grid_code": GRID, "tags": ["urgent", "elderly"]}


def registered(service: CasesService, id: str, key: str, **fields: Any) -> dict[str, Any]:
    return service.move(DISPATCHER.dump(), key, id, "register", {"category": "0108", **fields})


@pytest.mark.parametrize(("judgement", "tags"), [("confirmed", ["urgent", "elderly"]), ("lowered", ["elderly"])])
def test_the_desk_says_whether_it_is_urgent(
    service: CasesService, database: Database[dict[str, Any]], judgement: str, tags: list[str]
) -> None:
    """F33: an urgent tag without an urgent category has to be confirmed or lowered, and that is logged."""
    id = service.report(RESIDENT.dump(), "k", **GAME)["case_id"]
    before = database["cases"].find_one({"_id": id})
    with pytest.raises(Refusal, match="urgency_undecided"):
        registered(service, id, "m-1")
    assert database["cases"].find_one({"_id": id}) == before
    assert registered(service, id, "m-2", urgency=judgement)["status"] == "REGISTERED"
    seen = service.case(DISPATCHER.dump(), id)
    assert seen["tags"] == tags
    assert [target["tag"] for target in seen["targets"]] == [tag for tag in tags if tag == "urgent"]
    assert seen["timeline"][-1]["details"]["urgency"] == judgement
    assert ((database["cases"].find_one({"_id": id}) or {})["history"])[-1]["data"]["urgency"] == judgement
