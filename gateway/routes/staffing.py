"""Posts on grids (1+1+N) and grid party groups: who holds and sits in what, from one day until another."""

from typing import Any

from flask import Response

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.staffing import (
    Ending,
    GroupList,
    GroupQuery,
    GroupReceipt,
    GroupsQuery,
    GroupView,
    NewMeeting,
    NewPartyGroup,
    NewPost,
    NewSeat,
    PostList,
    PostQuery,
    PostReceipt,
)

GRID = "360704100002001"
FIRST_DAY = "2026-03-01"
CADRE = {"grid_code": GRID, "person_id": "p-union-cadre-03", "post": "union_cadre", "since": FIRST_DAY}
MEDIC = {"person_id": "p-member", "capacity": "medic", "since": FIRST_DAY}

routes = Operations("staffing", "Posts on grids and grid party groups.")


@routes.does("/posts", PostReceipt, status=201, located=False, takes=NewPost(), examples=CADRE, errors=(409,))
def assign_post(body: dict[str, Any]) -> Response:
    """Give somebody a post on a grid.

    The role goes with it: it is held from the first day of the post until the day on which the post is over. Everything
    that is wrong is named at once.
    """
    return answer(ask().members.assign_post(**command(), **body), 201)


@routes.reads("/posts", PostList, query=PostQuery)
def posts(query: dict[str, Any]) -> Response:
    """Posts in the caller's scope, by grid; of oneself, by `person_id` alone, all."""
    found = ask().members.posts_held(
        caller=identity().caller, filters=filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.does("/posts/<post_id>/end", PostReceipt, takes=Ending(), examples={"on": FIRST_DAY}, errors=(409,))
def end_post(body: dict[str, Any], post_id: str) -> Response:
    """Let a post end, and the role that goes with it; `on` is the first day on which it is not held."""
    return answer(ask().members.end_post(**command(), post_id=post_id, **body))


@routes.does(
    "/party-groups",
    GroupReceipt,
    status=201,
    located=False,
    takes=NewPartyGroup(),
    examples={"grid_code": GRID, "since": FIRST_DAY},
    errors=(409,),
)
def form_party_group(body: dict[str, Any]) -> Response:
    """Form the party group of a grid, of which there is one."""
    return answer(ask().members.form_party_group(**command(), **body), 201)


@routes.reads("/party-groups", GroupList, query=GroupsQuery)
def party_groups(query: dict[str, Any]) -> Response:
    """The party groups in the caller's scope, by grid."""
    found = ask().members.party_groups_of(
        caller=identity().caller, filters=filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/party-groups/<grid_code>", GroupView, query=GroupQuery)
def party_group(query: dict[str, Any], grid_code: str) -> Response:
    """The party group of a grid: who sits in it is named to the offices that keep it, all others see how many."""
    return readable(ask().members.party_group(caller=identity().caller, grid_code=grid_code, **query))


@routes.does(
    "/party-groups/<grid_code>/seats",
    GroupReceipt,
    status=201,
    located=False,
    takes=NewSeat(),
    examples=MEDIC,
    errors=(409,),
)
def seat_in_party_group(body: dict[str, Any], grid_code: str) -> Response:
    """Give somebody a seat in a capacity; a group has one leader at a time."""
    return answer(ask().members.seat_in_party_group(**command(), grid_code=grid_code, **body), 201)


@routes.does(
    "/party-groups/<grid_code>/seats/<seat_id>/end",
    GroupReceipt,
    takes=Ending(),
    examples={"on": FIRST_DAY},
    errors=(409,),
)
def unseat_in_party_group(body: dict[str, Any], grid_code: str, seat_id: str) -> Response:
    """Let a seat be given up; `on` is the first day on which it is not taken."""
    return answer(ask().members.unseat_in_party_group(**command(), grid_code=grid_code, seat_id=seat_id, **body))


@routes.does(
    "/party-groups/<grid_code>/meetings",
    GroupReceipt,
    status=201,
    located=False,
    takes=NewMeeting(),
    examples={"held_on": FIRST_DAY, "attended": ["p-member"]},
    errors=(409,),
)
def record_party_group_meeting(body: dict[str, Any], grid_code: str) -> Response:
    """Record a meeting of the group, and who was there."""
    return answer(ask().members.record_party_group_meeting(**command(), grid_code=grid_code, **body), 201)
