"""Every collection of members: what of it a person reads in the own copy and what a deletion does, or why neither."""

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import getmembers
from typing import Any

import pymongo
import pytest

from chassis.mongo import Home
from chassis.store import Store
from gateway.schemas.people import Copy
from members.service import MembersService


@dataclass(frozen=True)
class Held:
    """What is kept of a person: the parts of the own copy that show it, and what is left of it after a deletion."""

    copied: tuple[str, ...]
    left: str


@dataclass(frozen=True)
class Exempt:
    """Why a collection that may name people by id is in no copy of theirs, and needs nothing done when they go."""

    why: str


NOBODY = None
"""For a collection in which no id of a person stands but as who did something, in the history."""

ID_ALONE = "the id, times and codes, so that sums stay as they are"
IN_OFFICE = Exempt("what somebody did in office belongs to the office; the id alone tells who it was")

COLLECTIONS: Mapping[str, Held | Exempt | None] = {
    "people": Held(
        ("name", "phone", "addresses", "home", "skills", "roles", "tags", "consent"), "id, district, times of roles"
    ),
    "accounts": Held(("logins",), "an account without a way to sign in"),
    "sessions": Held(("sign_ins",), "ended ones by id, until they expire"),
    "linked_identities": Held(("linked_identities",), "nothing"),
    "provider_sign_ins": Exempt("sign-ins begun with identity providers, by digests; they expire in hours"),
    "second_factors": Held(("second_factor",), "nothing"),
    "codes": Exempt("one-time codes by a keyed print of the phone; they expire in minutes"),
    "sendings": Exempt("how often a keyed print was sent a code; it expires in a day"),
    "failures": Exempt("how often signing in failed, by a keyed print; it expires in hours"),
    "familiar": Exempt("keyed prints of logins and places; they expire"),
    "api_keys": NOBODY,
    "reveals": Held(("phone_told",), "the audit log, until three years are over"),
    "posts": Held(("posts",), ID_ALONE),
    "party_groups": Held(("seats",), ID_ALONE),
    "registrations": Held(("registrations",), ID_ALONE),
    "service_points": Held(("service_points",), ID_ALONE),
    "evaluations": Held(("evaluations",), "the result without the words of the objection"),
    "workers": Held(("census",), "an entry without nickname and phone"),
    "signups": Held(("signups",), ID_ALONE),
    "attendance": Held(("attendance",), ID_ALONE),
    "feedback": Held(("feedback",), "the mark without the words"),
    "calendars": Held(("calendars",), "nothing"),
    "station_guests": Held(("station_uses",), "nothing: the consent ends"),
    "patrols": Held(("patrols",), "when and in which grid, without a cell"),
    "patrol_points": Held(("patrols",), "nothing"),
    "patrol_findings": Held(("findings",), ID_ALONE),
    "track_reveals": Held(("tracks_shown",), "the audit log, until three years are over"),
    "service_records": Held(("service_records",), "the legal record by id, ten years, without the person's words"),
    "service_hours": Held(("hours",), ID_ALONE),
    "service_books": Held(("stars",), "the sum by id, on no list"),
    "certificates": Held(("certificates",), "what was certified, by id; its check names nobody"),
    "call_replies": Held(("call_replies",), ID_ALONE),
    "needs": Held(("needs",), "the need, which names nobody, by id"),
    "call_lists": Exempt("ids of whom a call was for; it came to them as a message"),
    "rosters": Exempt("ids in the order in which they were asked; whoever got a place has a sign-up"),
    "reminders": Exempt("ids of whom to remind; the sign-ups say as much"),
    "reached": Exempt("days on which a notice reached a post holder, by id; the inbox has the notices"),
    "engagements": Exempt("a copy of who has which case in hand, until it is over; cases has them"),
    "asked": Exempt("a copy of who was asked for a case, for 400 days, by id; cases has them"),
    "last_asked": Exempt("when an id was asked last"),
    "activities": IN_OFFICE,
    "bookings": IN_OFFICE,
    "calls": IN_OFFICE,
    "series": IN_OFFICE,
    "rounds": IN_OFFICE,
    "round_addresses": IN_OFFICE,
    "rotation_crews": IN_OFFICE,
    "rotation_plans": IN_OFFICE,
    "days_served": IN_OFFICE,
    "imports": IN_OFFICE,
    "evaluation_commands": IN_OFFICE,
    "units": Exempt("the contact of a unit by id; whoever leaves is its contact no more"),
    "visit_notes": Exempt("sealed notes of a household, by visit and not by person; they go after a year"),
    "station_uses": NOBODY,
    "sessions_held": NOBODY,
    "need_progress": NOBODY,
    "hygiene_cases": NOBODY,
    "worker_estimates": NOBODY,
    "slips": NOBODY,
    "case_merges": NOBODY,
    "member_policies": NOBODY,
    "venues": NOBODY,
    "areas": NOBODY,
    "grids": NOBODY,
    "compounds": NOBODY,
    "buildings": NOBODY,
    "maps": NOBODY,
    "redrawings": NOBODY,
    "audit": Exempt("who did what to which id, and why, masked: three years; the id stays and names nobody any more"),
    "audit_anchors": NOBODY,
    "district_categories": NOBODY,
}

COPIED = {name for each in COLLECTIONS.values() if isinstance(each, Held) for name in each.copied}

BY_PERSON = ("person_id", "people", "subject")
"""Fields by which collections are indexed that say something of people."""


class Noting(Home):
    """A home that notes which collections its stores open."""

    def __init__(self, database: Any) -> None:
        super().__init__(database)
        self.opened: set[str] = set()

    def collection(self, name: str) -> Any:
        self.opened.add(name)
        return super().collection(name)

    def notes(self, name: str) -> Any:
        self.opened.add(name)
        return super().notes(name)


def stores() -> list[Any]:
    return [each.factory for _, each in getmembers(MembersService) if isinstance(each, Store)]


@pytest.fixture(scope="module")
def opened() -> set[str]:
    with pymongo.MongoClient[dict[str, Any]](connect=False) as client:
        home = Noting(client["unread"])
        for store in stores():
            store(home)
        return home.opened


def test_what_is_kept_of_people_is_in_their_copy_and_goes_with_them(opened: set[str]) -> None:
    """F55, §5: whoever adds a collection says here what becomes of it, and sees to it in `members/erasure`."""
    assert opened - COLLECTIONS.keys() == set(), "new: what of it is in the own copy, and what does a deletion leave?"
    assert COLLECTIONS.keys() - opened == set(), "there is none any more"


def test_what_is_found_by_person_is_no_collection_of_nobody() -> None:
    by_person = {
        name
        for store in stores()
        for name, indexes in store.INDEXES.items()
        for index in indexes
        if set(index.document["key"]) & {*BY_PERSON}
    }
    assert {"signups", "service_records", "engagements"} <= by_person
    assert {name for name in by_person if COLLECTIONS[name] is NOBODY} == set()


def test_every_part_of_the_copy_is_promised_in_the_description_of_the_api() -> None:
    assert COPIED - {"home", "skills"} <= Copy().fields.keys()
