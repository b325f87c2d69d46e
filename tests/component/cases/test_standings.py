"""Where all cases stand, page by page: from it other services make their copies anew."""

from typing import Any

import pytest
from pymongo.database import Database

from cases.moves.event import COPIED
from cases.service import CasesService
from chassis.errors import Refusal
from tests.unit.cases.play import DISPATCHER, RESIDENT

Stored = Database[dict[str, Any]]


def test_where_cases_stand_is_told_page_by_page_as_their_events_tell_it(
    service: CasesService, database: Stored
) -> None:
    ids = [
        service.report(RESIDENT.dump(), f"k-{n}", text="楼道脏乱", compound_id="c-dongyuan")["case_id"]
        for n in range(5)
    ]
    service.move(DISPATCHER.dump(), "r", ids[0], "register", {"category": "0303"})
    pages, after = [], ""
    while after is not None:
        page = service.standings(after=after, limit=2)
        pages.append(page["items"])
        after = page["next"]
    assert [len(page) for page in pages] == [2, 2, 1]
    told = {case["case_id"]: case for page in pages for case in page}
    assert list(told) == sorted(ids)
    for each in database["cases"].find():
        last = each["history"][-1]["data"]
        assert told[each["_id"]] == {name: last[name] for name in (*COPIED, "at")}
    with pytest.raises(Refusal, match="invalid"):
        service.standings(limit=201)
