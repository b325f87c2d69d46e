"""What stands under a person beside the entry itself, as the person reads it in the own copy."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from chassis.instant import written, written_or_none
from members.attendance.attendance import Attendance, shown_stints
from members.evaluations import views as evaluation_views
from members.evaluations.evaluation import Evaluation
from members.feedback.feedback import Feedback
from members.party_groups.party_group import PartyGroup
from members.posts import post as posts
from members.posts.post import Post
from members.sealing import Seal
from members.workers.worker import Worker

Answer = dict[str, Any]


def post_held(found: Post, today: date) -> Answer:
    """A post, without the person's own name."""
    return {name: value for name, value in posts.shown(found, None, today).items() if name != "name_masked"}


def seats(groups: Iterable[PartyGroup], ids: frozenset[str]) -> list[Answer]:
    """The seats of the person, under whichever id, with the meetings that they came to."""
    return [
        {
            "grid_code": group.grid_code,
            "capacity": seat.capacity,
            "since": seat.since.isoformat(),
            "until": seat.until.isoformat() if seat.until else None,
            "attended": [each.held_on.isoformat() for each in group.meetings if seat.person_id in each.attended],
        }
        for group in groups
        for seat in group.seats
        if seat.person_id in ids
    ]


def evaluation(found: Evaluation, version: int) -> Answer:
    """An evaluation, all of it; a draft is the community's own until it is shown."""
    return evaluation_views.whole(found, version, None)


def census(found: Worker, seal: Seal) -> Answer:
    """What the census keeps of the person, with the phone that is kept there."""
    return {
        "worker_id": found.id,
        "nickname": found.nickname,
        "phone": seal.open(found.phone) if found.phone else None,
        "kind": found.kind.value,
        "platform": found.platform,
        "registered_at": written(found.registered_at),
        "consented_at": written_or_none(found.consented_at),
        "left_at": written_or_none(found.left_at),
    }


def attended(found: Attendance) -> Answer:
    """When the person came to an activity and went."""
    return {"activity_id": found.activity_id, "walk_in": found.walk_in, "stints": shown_stints(found)}


def said(found: Feedback) -> Answer:
    """What the person said of an activity."""
    return {
        "activity_id": found.activity_id,
        "mark": found.mark,
        "text": found.text,
        "given_at": written(found.given_at),
    }
