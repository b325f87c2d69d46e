"""Two entries of one person become one, and the old id goes on answering as whom it turned out to be."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any

import eventlet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymongo.database import Database

from chassis.caller import Grant
from chassis.errors import Refusal
from members.accounts.account import Account
from members.accounts.store import AccountStore
from members.merges.merging import check_unit, merged
from members.people.person import ONLY_OF, TAGS, Person, Tag
from members.people.skill import SKILLS
from members.people.tenure import Tenure, revoked, standing
from members.service import MembersService
from tests.component.members.entrants import PHONE, begun, change_phone, signed_in
from tests.component.members.small_district import ADMIN, GRID, SELF, refusal
from tests.component.members.staging import NOW, Messenger
from tests.component.set_clock import SetClock

pytestmark = pytest.mark.usefixtures("district_of_xie")

PARTY = {"id": "p-party", "grants": [{"role": "party_office", "scope": "360704"}], "unit": None}

moments = st.integers(0, 20).map(lambda days: NOW + timedelta(days=days))
tenures = st.builds(
    lambda role, scope, since, days: Tenure(role, scope, since, since + timedelta(days=days) if days else None),
    st.sampled_from(("volunteer", "rider")),
    st.sampled_from(("360704", GRID)),
    moments,
    st.integers(0, 9),
)
tags = st.builds(
    lambda kind, since, days: Tag(kind, since, "1", since + timedelta(days=days) if days else None),
    st.sampled_from(TAGS),
    moments,
    st.integers(0, 3),
)
people = st.builds(
    lambda id, held, skills, shown: Person(
        id, "360704", "x", (), tenures=tuple(held), skills=frozenset(skills), tags=tuple(shown)
    ),
    st.sampled_from(("p-1", "p-2")),
    st.lists(tenures, max_size=6),
    st.sets(st.sampled_from(sorted(SKILLS)), max_size=4),
    st.lists(tags, max_size=4, unique_by=lambda tag: tag.kind),
)


@given(people, people, st.lists(moments, min_size=3, max_size=3))
def test_a_merge_loses_nothing_that_holds_and_invents_nothing(into: Person, other: Person, looks: list[Any]) -> None:
    left = merged(into, other, NOW)
    for at in looks:
        before = {*standing(into.tenures, at), *standing(other.tenures, at)}
        assert set(standing(left.tenures, at)) == before
    assert left.skills == into.skills | other.skills
    rests_on = {"", *(grant.role for grant in left.grants)}
    ends = [tag for tag in (*into.tags, *other.tags) if tag.revoked_at]
    shown = {
        tag.kind
        for tag in (*into.tags, *other.tags)
        if tag.revoked_at is None and ONLY_OF.get(tag.kind, "") in rests_on
        if not any(over.kind == tag.kind and over.revoked_at >= tag.consented_at for over in ends if over.revoked_at)
    }
    assert sorted(left.shown_tags) == sorted(shown)
    kept = [replace(tag, revoked_at=each.revoked_at) for tag, each in zip(left.tags, into.tags, strict=False)]
    assert kept == list(into.tags)


def test_of_two_addresses_of_a_kind_the_survivors_stays() -> None:
    into = Person("p-1", "360704", "x", (), addresses={"email": "sealed 1"})
    other = Person("p-2", "360704", "x", (), addresses={"email": "sealed 2", "ntfy": "sealed 3"})
    assert merged(into, other, NOW).addresses == {"email": "sealed 1", "ntfy": "sealed 3"}


CONSENT = Tag("veteran", NOW + timedelta(days=2), "1")
BEFORE = Tag("veteran", NOW, "1", NOW + timedelta(days=1))
AFTER = Tag("veteran", NOW, "1", NOW + timedelta(days=3))


@pytest.mark.parametrize(
    ("into", "other", "shown"),
    [
        ((AFTER,), (CONSENT,), []),
        ((CONSENT,), (AFTER,), []),
        ((BEFORE,), (CONSENT,), ["veteran"]),
        ((CONSENT,), (BEFORE,), ["veteran"]),
    ],
)
def test_a_consent_that_was_withdrawn_later_in_the_other_entry_has_ended(
    into: tuple[Tag, ...], other: tuple[Tag, ...], shown: list[str]
) -> None:
    first, second = (Person(id, "360704", "x", (), tags=tags) for id, tags in (("p-1", into), ("p-2", other)))
    assert merged(first, second, NOW + timedelta(days=9)).shown_tags == shown


def merge(service: MembersService, by: dict[str, Any] = PARTY, key: str = "k", **ids: str) -> dict[str, Any]:
    return service.merge_people(caller=by, command_id=key, **{"person_id": "p-xie", "into": "p-near", **ids})


def test_one_is_left_and_the_old_id_answers_as_it(service: MembersService, database: Database[dict[str, Any]]) -> None:
    receipt = merge(service)
    assert merge(service) == receipt
    left = service.person(caller=PARTY, person_id="p-xie")
    assert (left["person_id"], left["merged_from"], left["skills"]) == ("p-near", ["p-xie"], ["electrician"])
    asked: dict[str, Any] = {"ids": ["p-xie", "p-near"], "tenant": "360704"}
    assert [(row["id"], row["name_masked"]) for row in service.names(**asked)] == [
        ("p-near", "李师傅"),
        ("p-xie", "李师傅"),
    ]
    assert {row["id"]: row["phone"] for row in service.contacts(**asked)} == dict.fromkeys(asked["ids"], "12000000003")
    assert {row["id"]: row["active"] for row in service.assignees(**asked)} == dict.fromkeys(asked["ids"], True)
    assert service.me(caller={**SELF, "id": "p-xie"})["person_id"] == "p-near"
    gone = database["people"].find_one({"_id": "p-xie"})
    assert gone is not None
    assert (gone["name"], gone["phone"], gone["home"], gone["grants"]) == ("", None, None, [])
    assert "p-xie" not in [row["person_id"] for row in service.people_list(caller=PARTY, limit=100)["items"]]


def test_every_id_of_a_person_is_told_by_any_of_them(service: MembersService) -> None:
    assert service.known_as(person_id="p-nobody") == {"ids": ["p-nobody"]}
    merge(service)
    for id in ("p-near", "p-xie"):
        assert service.known_as(person_id=id) == {"ids": ["p-near", "p-xie"]}


def test_the_accounts_of_the_one_that_goes_sign_in_to_the_other(
    service: MembersService, messenger: Messenger, present: SetClock
) -> None:
    before = signed_in(service, messenger)
    merge(service)
    assert refusal(service.refresh, refresh_token=before["refresh_token"]).code == "session_ended"
    present.wait(minutes=2)
    assert signed_in(service, messenger)["person_id"] == "p-near"


def test_sessions_of_both_end_and_who_signs_in_next_is_known_by_both_ids(
    service: MembersService, messenger: Messenger, present: SetClock
) -> None:
    before = signed_in(service, messenger)
    merge(service, person_id="p-near", into="p-xie")
    assert refusal(service.refresh, refresh_token=before["refresh_token"]).code == "session_ended"
    present.wait(minutes=2)
    caller = signed_in(service, messenger)["caller"]
    assert (caller["id"], caller["former"]) == ("p-xie", ["p-near"])


def test_the_history_tells_ids_and_nobody_else_is_told(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    merge(service)
    kept = database["people"].find_one({"_id": "p-near"})
    assert kept is not None
    entry = kept["history"][-1]
    assert (entry["type"], kept["unrelayed"]) == ("person.merged", False)
    assert set(entry["data"]) == {"person_id", "version", "at", "by", "from", "into", "tenant"}


@pytest.mark.parametrize(
    ("by", "ids", "code"),
    [
        (PARTY, {"into": "p-xie"}, "merged_with_itself"),
        (PARTY, {"into": "p-nobody"}, "person_not_found"),
        (PARTY, {"into": "p-admin"}, "role_above_own"),
        (ADMIN, {"into": "p-admin"}, "own_entry"),
        (ADMIN, {"person_id": "p-admin", "into": "p-xie"}, "own_entry"),
        (SELF, {}, "not_permitted"),
        ({**PARTY, "grants": [{"role": "party_office", "scope": "360703"}]}, {}, "person_not_found"),
        ({**PARTY, "grants": [{"role": "party_office", "scope": "360704100"}]}, {}, "not_permitted"),
    ],
)
def test_what_cannot_be_merged_is_refused(
    service: MembersService, by: dict[str, Any], ids: dict[str, str], code: str
) -> None:
    assert refusal(merge, service=service, by=by, **ids).code == code


@pytest.mark.parametrize(
    ("act", "more"), [("delete_person", {}), ("record_leaving", {}), ("release_phone", {"reason": "号码已停用"})]
)
def test_what_an_office_does_to_others_it_does_not_do_to_itself(
    service: MembersService, database: Database[dict[str, Any]], act: str, more: dict[str, str]
) -> None:
    before = list(database["people"].find()), list(database["accounts"].find())
    asked: dict[str, Any] = {"caller": ADMIN, "command_id": "k", "person_id": "p-admin", **more}
    assert refusal(getattr(service, act), **asked).code == "own_entry"
    assert (list(database["people"].find()), list(database["accounts"].find())) == before


HOMES, SCHOOL = "u-homes", "u-school"
VOLUNTEER, SPEAKER = Grant("volunteer", "360704"), Grant("unit_contact", "360704")


@pytest.mark.parametrize(
    ("into", "other", "is_refused"),
    [
        ((SCHOOL, VOLUNTEER), (HOMES, SPEAKER), True),
        ((SCHOOL, SPEAKER), (HOMES, VOLUNTEER), True),
        ((SCHOOL, SPEAKER), (HOMES, SPEAKER), True),
        ((SCHOOL, VOLUNTEER), (None, SPEAKER), True),
        ((None, SPEAKER), (SCHOOL, VOLUNTEER), True),
        ((SCHOOL, SPEAKER), (SCHOOL, SPEAKER), False),
        ((None, VOLUNTEER), (HOMES, SPEAKER), False),
        ((HOMES, SPEAKER), (None, VOLUNTEER), False),
        ((SCHOOL, VOLUNTEER), (HOMES, VOLUNTEER), False),
    ],
)
def test_nobody_speaks_for_a_unit_by_a_merge_nor_loses_the_own_one_to_do_so(
    into: tuple[str | None, Grant], other: tuple[str | None, Grant], *, is_refused: bool
) -> None:
    first, second = (
        Person(id, "360704", "x", (grant,), unit_id=unit).since(NOW)
        for id, (unit, grant) in (("p-1", into), ("p-2", other))
    )
    expected = pytest.raises(Refusal, match="contact_of_another_unit") if is_refused else nullcontext()
    with expected:
        check_unit(first, second, merged(first, second, NOW).unit_id, NOW)


@pytest.mark.parametrize(
    ("into", "other", "left"),
    [
        ((SCHOOL, True), (None, False), None),
        ((None, False), (SCHOOL, True), None),
        ((SCHOOL, True), (SCHOOL, True), None),
        ((SCHOOL, True), (SCHOOL, False), SCHOOL),
        ((SCHOOL, False), (SCHOOL, True), SCHOOL),
    ],
)
def test_a_unit_that_came_along_to_an_entry_goes_with_the_role_unless_it_is_the_own_one_of_the_other(
    into: tuple[str | None, bool], other: tuple[str | None, bool], left: str | None
) -> None:
    first, second = (
        Person(id, "360704", "x", (SPEAKER if along else VOLUNTEER,), unit_id=unit, unit_along=along).since(NOW)
        for id, (unit, along) in (("p-1", into), ("p-2", other))
    )
    one = merged(first, second, NOW)
    assert one.unit_id == SCHOOL
    assert replace(one, tenures=revoked(one.tenures, SPEAKER, NOW)).turned(NOW).unit_id == left


def test_who_will_speak_for_a_unit_is_not_merged_into_another_unit_and_whoever_did_is(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    database["people"].update_one({"_id": "p-xie"}, {"$set": {"unit_id": SCHOOL}})
    asked: dict[str, str] = {"person_id": "p-lamps", "into": "p-xie"}
    assert refusal(merge, service=service, by=ADMIN, **asked).code == "contact_of_another_unit"
    role = {"role": "unit_contact", "scope": "360704"}
    service.revoke_role(caller=ADMIN, command_id="r", person_id="p-lamps", **role)
    service.grant_role(caller=ADMIN, command_id="g", person_id="p-lamps", **role, since="2026-04-01T00:00:00+08:00")
    assert refusal(merge, service=service, by=ADMIN, **asked).code == "contact_of_another_unit"
    service.revoke_role(caller=ADMIN, command_id="s", person_id="p-lamps", **role)
    merge(service, by=ADMIN, **asked)
    left = service.people.person("p-xie")
    assert left is not None
    assert (left.unit_id, [grant.role for grant in left.grants]) == (SCHOOL, ["resident"])


def test_a_role_that_begins_later_is_not_given_by_a_merge_either(service: MembersService) -> None:
    given = {"role": "dispatcher", "scope": "360704100", "since": "2026-04-01T00:00:00+08:00"}
    service.grant_role(caller=ADMIN, command_id="g", person_id="p-near", **given)
    assert refusal(merge, service=service, by=PARTY).code == "role_above_own"
    assert merge(service, by=ADMIN)["person_id"] == "p-near"


def test_nobody_is_merged_twice_and_nobody_who_left(service: MembersService) -> None:
    merge(service)
    assert refusal(merge, service=service, key="l", into="p-far").code == "person_merged"
    service.record_leaving(caller=ADMIN, command_id="m", person_id="p-far")
    assert refusal(merge, service=service, key="n", person_id="p-near", into="p-far").code == "person_left"


def test_people_change_their_own_phone_by_a_code_to_the_new_one(
    service: MembersService, messenger: Messenger, present: SetClock
) -> None:
    me = {"id": "p-xie", "grants": [{"role": "resident", "scope": "360704"}], "unit": None}
    sent = service.request_phone_code(caller=me, phone="12000000077", client="")
    eventlet.sleep(0)
    code = {"sign_in_id": sent["sign_in_id"], "code": messenger.sent[-1][1]}
    assert refusal(service.sign_in_with_code, **code, client="").code == "bad_code"
    other = {**me, "id": "p-far"}
    asked: dict[str, Any] = {"command_id": "k", "phone": "12000000077", "session_id": "s", **code}
    assert refusal(service.change_phone, caller=other, **asked).code == "phone_code_wrong"
    assert refusal(service.change_phone, caller=me, **{**asked, "phone": "12000000078"}).code == "phone_code_wrong"
    receipt = service.change_phone(caller=me, **asked)
    assert service.change_phone(caller=me, **asked) == receipt
    assert service.me(caller=me)["phone"] == "120****0077"
    assert refusal(service.change_phone, caller=me, **{**asked, "command_id": "l"}).code == "phone_code_wrong", (
        "good once"
    )
    present.wait(minutes=2)
    held = begun(service, messenger, phone="12000000077")
    assert service.sign_in_with_code(**held, client="")["person_id"] == "p-xie"


@pytest.mark.parametrize("new", ["12000000077", "12000000003"], ids=["new", "the other entry's"])
def test_after_a_change_of_phone_no_former_number_of_who_was_entered_twice_opens_anything(
    service: MembersService, messenger: Messenger, present: SetClock, accounts: AccountStore, new: str
) -> None:
    shown = "12000000003"
    accounts.add([Account("a-near", "p-near", "360704", phone_print=service.seal.fingerprint(shown))], NOW)
    merge(service)
    here = signed_in(service, messenger)
    former = begun(service, messenger, phone=shown)
    present.wait(minutes=2)
    change_phone(service, messenger, here, new)
    assert service.me(caller=here["caller"])["phone"] == f"120****{new[-4:]}"
    if new != shown:
        assert refusal(service.sign_in_with_code, **former).code == "bad_code"
    present.wait(minutes=2)
    assert service.sign_in_with_code(**begun(service, messenger, phone=new))["person_id"] == "p-near"
    before = len(messenger.sent)
    for number in {PHONE, shown} - {new}:
        service.request_code(phone=number, client="")
    eventlet.sleep(0)
    assert len(messenger.sent) == before, "nobody has them any more"


def test_a_released_phone_is_the_next_ones_who_sees_nothing_of_the_last(
    service: MembersService, messenger: Messenger, present: SetClock
) -> None:
    session = signed_in(service, messenger)
    present.wait(minutes=2)
    waiting = begun(service, messenger)
    newcomer = {"name": "周测101", "phone": PHONE, "compound_id": "c-dongyuan"}
    assert refusal(service.register_person, caller=PARTY, command_id="a", **newcomer).code == "phone_taken"
    release: dict[str, Any] = {"caller": PARTY, "command_id": "b", "person_id": "p-xie", "reason": "号码已停用"}
    assert service.release_phone(**release) == service.release_phone(**release)
    assert refusal(service.refresh, refresh_token=session["refresh_token"]).code == "session_ended"
    next_one = service.register_person(caller=PARTY, command_id="a", **newcomer)["person_id"]
    assert refusal(service.sign_in_with_code, **waiting, client="").code == "bad_code"
    present.wait(minutes=2)
    opened = signed_in(service, messenger)
    assert opened["person_id"] == next_one
    assert service.me(caller=opened["caller"])["name"] == "周**"
    assert [row["phone"] for row in service.contacts(ids=["p-xie"])] == [None]


RIDERS = "360704"
WORKER = {"id": "p-worker", "grants": [{"role": "community_worker", "scope": GRID}], "unit": None}


def test_seats_and_posts_of_the_one_that_goes_are_the_survivors(service: MembersService) -> None:
    post = {"grid_code": GRID, "person_id": "p-xie", "post": "union_cadre", "since": "2026-03-01"}
    service.assign_post(caller=ADMIN, command_id="1", **post)
    service.assign_post(caller=ADMIN, command_id="2", **(post | {"person_id": "p-near", "since": "2026-02-01"}))
    service.form_party_group(caller=PARTY, command_id="f", grid_code=GRID, since="2026-03-01")
    for n, (id, capacity) in enumerate([("p-xie", "veteran"), ("p-xie", "medic"), ("p-near", "medic")]):
        seat = {"grid_code": GRID, "person_id": id, "capacity": capacity, "since": "2026-03-01"}
        service.seat_in_party_group(caller=PARTY, command_id=f"s{n}", **seat)
    met = {"grid_code": GRID, "held_on": "2026-03-10", "attended": ["p-xie", "p-near"]}
    service.record_party_group_meeting(caller=PARTY, command_id="met", **met)
    merge(service, by=ADMIN)
    held = service.posts_held(caller=ADMIN, filters={"person_id": "p-near"})["items"]
    spans = {(each["since"], each["until"], each["current"]) for each in held}
    assert spans == {("2026-02-01", "2026-02-01", False), ("2026-02-01", None, True)}
    assert service.posts_held(caller=ADMIN, filters={"person_id": "p-xie"})["items"] == []
    group = service.party_group(caller=PARTY, grid_code=GRID)
    seats = sorted((each["person_id"], each["capacity"]) for each in group["seats"])
    assert seats == [("p-near", "medic"), ("p-near", "veteran")]
    assert [each["person_id"] for each in group["meetings"][0]["attended"]] == ["p-near"]


def rides(service: MembersService, id: str, key: str) -> str:
    if key != "second":
        service.grant_role(caller=ADMIN, command_id=f"g{key}", person_id=id, role="rider", scope=RIDERS)
    worker = {"nickname": "阿测", "kind": "rider", "platform": "美团", "grid_code": GRID, "needs": [], "person_id": id}
    entered: str = service.register_worker(caller=WORKER, command_id=key, **worker)["worker_id"]
    return entered


def linked(database: Database[dict[str, Any]]) -> dict[str, tuple[str, bool]]:
    return {row["_id"]: (row["person_id"], row["here"]) for row in database["workers"].find()}


def test_the_worker_is_linked_to_the_survivor_and_not_entered_again(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    worker = rides(service, "p-xie", "first")
    merge(service, by=ADMIN)
    assert linked(database) == {worker: ("p-near", True)}
    database["workers"].update_one({"_id": worker}, {"$set": {"person_id": "p-xie"}})  # merged before links moved
    assert refusal(rides, service=service, id="p-near", key="second").code == "worker_known"


def test_of_two_workers_the_survivors_stays(
    service: MembersService, database: Database[dict[str, Any]], clock: SetClock
) -> None:
    first = rides(service, "p-xie", "first")
    clock.wait(minutes=1)
    other = rides(service, "p-near", "other")
    merge(service, by=ADMIN)
    assert linked(database) == {first: ("p-near", False), other: ("p-near", True)}
