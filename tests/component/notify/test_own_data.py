"""What notify keeps of somebody: their own copy, and nothing of it once they are deleted (docs/domain.md §5)."""

from typing import Any

import pytest
from pymongo.database import Database

from chassis.event import Event
from chassis.ids import new_id
from notify.service import NotifyService
from tests.component.notify.samples import NOW, caller, event
from tests.component.notify.test_messages import Provider

Stored = Database[dict[str, Any]]
XIE = caller("p-xie") | {"former": ["p-old"]}


def erased(*ids: str) -> Event:
    first, *former = ids
    id, data = new_id(), {"person_id": first, "former_ids": former, "tenant": "360704"}
    return Event(id, "person.erased", "/services/members", f"person/{first}", 2, NOW, id, data, b"{}", "")


@pytest.fixture
def told(service: NotifyService) -> NotifyService:
    """Somebody was told of a case, outside too, under an earlier id as well, and somebody else of another."""
    service.channels = (Provider("sms"),)
    service.choose(XIE, declined={"desk": ["sms"]})
    service.tell(event("case.registered"))
    service.tell(event("case.registered", case="c-2", reporter_id="p-old"))
    service.tell(event("case.registered", case="c-3", reporter_id="p-worker"))
    service.send_outside()
    return service


def test_the_own_copy_has_everything_and_nothing_of_others(told: NotifyService, database: Stored) -> None:
    copy = told.own_data(XIE)
    assert copy["preferences"]["declined"] == {"desk": ["sms"]}
    assert sorted((each["template"], each["case_id"]) for each in copy["notices"]) == [
        ("registered", "c-1"),
        ("registered", "c-2"),
    ]
    [sent] = [each for each in copy["messages"] if each["state"] == "sent"]
    assert (sent["template"], [each["outcome"] for each in sent["tries"]]) == ("registered", ["sent"])
    assert "c-3" not in str(copy)
    [row] = database["audit"].find({"act": "own_data.copied"})
    assert (row["who"], row["what"]["id"]) == ("p-xie", "p-xie")
    assert [each["act"] for each in told.own_data(XIE)["trail"]] == ["own_data.copied"]


def test_who_is_deleted_is_in_nothing_that_is_kept(told: NotifyService, database: Stored) -> None:
    database["notices"].update_one({"case_id": "c-2"}, {"$set": {"template": "call_to_action"}})
    for _ in range(2):
        told.forget_person(erased("p-xie", "p-old"))
    for name, field in (("notices", "recipient"), ("messages", "person_id")):
        left = [(each[field], each["template"]) for each in database[name].find()]
        assert ("p-worker", "registered") in left
        assert not [each for each in left if each[0] == "p-xie"]
    # How many were called stays as it was.
    assert database["notices"].count_documents({"recipient": "p-old", "template": "call_to_action"}) == 1


def test_of_who_is_deleted_meanwhile_nothing_goes_out_any_more(service: NotifyService, database: Stored) -> None:
    provider = Provider("sms")
    service.channels = (provider,)
    service.tell(event("case.registered"))
    service.forget_person(erased("p-xie"))
    service.send_outside()
    assert (provider.took, database["messages"].count_documents({})) == ([], 0)
