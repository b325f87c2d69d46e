"""The register of people: entering them, lists, one person, roles, and a phone on request."""

from typing import Any

from flask import Response, url_for

from chassis.errors import Refusal
from gateway.answers import NOT_KEPT, answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.problem_answers import spoken
from gateway.schemas.registry import (
    LoginGiven,
    LoginWanted,
    Merge,
    NewPerson,
    PeopleExportQuery,
    PeopleList,
    PeopleQuery,
    PersonView,
    PhoneChange,
    PhoneTold,
    PhoneWanted,
    Registered,
    ResetWanted,
    RoleGiven,
    RoleTaken,
)
from gateway.sheets.exporting import FILES, LINES_AT_ONCE, MOST_LINES, Source, filters_of, handed_out
from gateway.sheets.people import sheet

NEIGHBOUR = {
    "name": "周测101",
    "honorific": "女士",
    "compound_id": "c-dongyuan",
    "consent": {"how": "in_person", "text_version": "2026-01"},
}

routes = Operations("registry", "The register of people, as offices keep and read it.")


@routes.does("/people", Registered, status=201, takes=NewPerson(), examples=NEIGHBOUR, errors=(409,))
def register_person(body: dict[str, Any]) -> Response:
    """Enter a person; with a phone they can sign in at once.

    Everything that is wrong is named at once. A worker enters residents of the own grid on their word, also those
    without a phone, with their consent. Nobody under 14 is entered.
    """
    receipt = ask().members.register_person(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("registry.person", person_id=receipt["person_id"])})


@routes.reads("/people", PeopleList, query=PeopleQuery)
def people_list(query: dict[str, Any]) -> Response:
    """The people in the caller's scope, by id.

    Who holds several roles reads by the one that shows most. Special identities are there while their person agrees.
    """
    found = _page(filters(query), position(query), query["limit"])
    return page(found, continued(found, query), query)


@routes.operation("GET", "/people/export", None, query=PeopleExportQuery, responses=FILES)
def export_people(query: dict[str, Any]) -> Response:
    """The list as a file for an office program, as of now; at most 10,000 people. No cell is ever a formula."""
    wanted = filters_of(query)
    found = _page(wanted, None, LINES_AT_ONCE)
    lines = list(found["items"])
    while found["next"] is not None:
        found = _page(wanted, found["next"], LINES_AT_ONCE)
        lines += found["items"]
        if len(lines) > MOST_LINES:
            raise Refusal("export_too_large", most=MOST_LINES)
    made = sheet(lines, spoken())
    source = Source("members", "people", wanted.get("area"))
    return handed_out(source, query["format"], "people", [made], len(lines))


@routes.reads("/people/<person_id>", PersonView)
def person(person_id: str) -> Response:
    """One person, as far as the caller's roles show them."""
    return readable(ask().members.person(caller=identity().caller, person_id=person_id))


@routes.does(
    "/people/<person_id>/roles/grant",
    Registered,
    takes=RoleGiven(),
    examples={"role": "volunteer", "scope": "360704100002"},
    errors=(404,),
)
def grant_role(body: dict[str, Any], person_id: str) -> Response:
    """Give a person a role, now or from a moment on, for good or until another."""
    return answer(ask().members.grant_role(**command(), person_id=person_id, **body))


@routes.does(
    "/people/<person_id>/roles/revoke",
    Registered,
    takes=RoleTaken(),
    examples={"role": "volunteer", "scope": "360704100002"},
    errors=(404,),
)
def revoke_role(body: dict[str, Any], person_id: str) -> Response:
    """Take a role from a person, now or from a moment on."""
    return answer(ask().members.revoke_role(**command(), person_id=person_id, **body))


@routes.does(
    "/people/<person_id>/phone", PhoneTold, takes=PhoneWanted(), examples={"reason": "核对报到信息"}, errors=(404,)
)
def reveal_phone(body: dict[str, Any], person_id: str) -> Response:
    """The phone of a person, for an office that gives a reason. Who asked and why is written down first."""
    told = ask().members.reveal_phone(**command(), person_id=person_id, **body)
    return answer(told, headers=NOT_KEPT)


@routes.does(
    "/people/<person_id>/phone/release",
    Registered,
    takes=PhoneWanted(),
    examples={"reason": "号码已停用"},
    errors=(404,),
)
def release_phone(body: dict[str, Any], person_id: str) -> Response:
    """Take a phone from somebody who has lost it, with a reason that is written down; another may have it then.

    Their sessions end, and codes that were sent to it are void. Whoever has the number next sees nothing of theirs.
    """
    return answer(ask().members.release_phone(**command(), person_id=person_id, **body))


@routes.does("/people/<person_id>/login", LoginGiven, takes=LoginWanted(), examples={"login": "zhou.c"}, errors=(404,))
def open_login(body: dict[str, Any], person_id: str) -> Response:
    """Open a login for somebody, with a first password that is shown here alone and replaced at the first sign-in.

    Nobody opens one for themselves, nor for who holds a role that they do not give.
    """
    return answer(ask().members.open_login(**command(), person_id=person_id, **body), headers=NOT_KEPT)


@routes.does(
    "/people/<person_id>/reset-login",
    LoginGiven,
    takes=ResetWanted(),
    examples={"reason": "忘记密码，已当面核实"},
    errors=(404,),
)
def reset_login(body: dict[str, Any], person_id: str) -> Response:
    """Give the login of who has forgotten the password a first one, with a reason that is written down.

    All their sessions end; as with signing out, their tokens are refused within a moment.
    """
    return answer(ask().members.reset_login(**command(), person_id=person_id, **body), headers=NOT_KEPT)


@routes.does("/people/<person_id>/merge", Registered, takes=Merge(), examples={"into": "p-member"}, errors=(404,))
def merge_people(body: dict[str, Any], person_id: str) -> Response:
    """Two entries are one person: this one turns out to be `into`.

    Roles, skills, licences and free times are those of both, identities as far as consent stands. The old id goes on
    answering as the other, and its accounts sign in to the other. What stands under the old id, in cases and notices
    too, is the other's own. Sessions of both end. Where an entry speaks for a unit, all has to be of that unit
    (`contact_of_another_unit`).
    """
    return answer(ask().members.merge_people(**command(), person_id=person_id, **body))


@routes.does(
    "/me/phone",
    Registered,
    takes=PhoneChange(),
    examples={"phone": "12000000001", "sign_in_id": "Vq0…", "code": "123456"},
    errors=(404, 409),
)
def change_phone(body: dict[str, Any]) -> Response:
    """Make the phone that the code came to the caller's own; every session but this one ends.

    No number that was theirs before opens anything any more.
    """
    return answer(ask().members.change_phone(**command(), session_id=identity().session_id, **body))


def _page(wanted: dict[str, Any], after: Any, limit: int) -> dict[str, Any]:
    found: dict[str, Any] = ask().members.people_list(
        caller=identity().caller, filters=wanted, after=after, limit=limit
    )
    return found
