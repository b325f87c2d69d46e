"""How a case is written in the database and read back; it asks nothing of the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.alarm import next_alarm
from cases.assignment import Assignee, Assignment
from cases.case import Case, Contact, Follower, Remark, Reporter, Request, Round, Source, Status, Tag
from cases.outcome import Outcome
from cases.place import Place, Point, spot
from cases.priority import priority
from cases.repeat import Earlier, Repeat
from cases.stay import Stay
from cases.store.part_documents import (
    dues_part,
    exclusion_part,
    mediation_part,
    part,
    parts,
    rating_part,
    read_dues,
    read_exclusion,
    read_marked,
    read_mediation,
    read_rating,
)
from cases.term import case_over_at
from cases.timer import Timer

Document = dict[str, Any]

PLAIN = (
    "number",
    "reported_at",
    "category",
    "category_version",
    "municipal",
    "complained_unit_id",
    "returns",
    "time_outs",
    "reworks",
    "extensions",
    "review_on",
    "merged_into",
    "round",
)
"""Fields that are written as they are."""

LISTS = ("handlers", "questions", "tried")
"""Tuples of strings."""

FIELDS = (
    "version",
    "status",
    "place",
    "reporter",
    "source",
    "tags",
    "dues",
    "timers",
    "assignment",
    "stays",
    "remarks",
    "requests",
    "ratings",
    "followers",
    "rounds",
    "quiet_since",
    "rung",
    "mediation",
    "repeat",
    "external_number",
    "session_id",
    "patrol_id",
    "asset_id",
    "outcomes",
    "then_next",
    "service_day_id",
    "exclusion",
    "forgotten_at",
    *PLAIN,
    *LISTS,
)
"""What a case is read from."""


def written(case: Case) -> Document:
    """The case as the fields of a document."""
    return {
        **{name: getattr(case, name) for name in PLAIN},
        **{name: list(getattr(case, name)) for name in LISTS},
        "status": case.status.value,
        "place": _place(case.place),
        "reporter": vars(case.reporter) | {"contact": part(case.reporter.contact)},
        "source": case.source.value,
        "tags": [tag.value for tag in case.tags],
        "dues": dues_part(case.dues),
        "timers": {timer.value: at for timer, at in case.timers.items()},
        "assignment": vars(case.assignment) | {"assignees": parts(case.assignment.assignees)},
        "stays": parts(case.stays),
        "remarks": parts(case.remarks),
        "requests": parts(case.requests),
        "ratings": [rating_part(rating) for rating in case.ratings],
        "followers": parts(case.followers),
        "rounds": [vars(one) | {"dues": dues_part(one.dues)} for one in case.rounds],
        "quiet_since": case.quiet_since,
        "rung": list(case.rung),
        "mediation": mediation_part(case.mediation),
        "repeat": _repeat(case.repeat),
        "outcomes": [each.value for each in case.outcomes],
        **_where_there_is(external_number=case.external_number, session_id=case.session_id, asset_id=case.asset_id),
        **_where_there_is(exclusion=exclusion_part(case.exclusion)),
        **_where_there_is(then_next=case.then_next, patrol_id=case.patrol_id, service_day_id=case.service_day_id),
        **_where_there_is(forgotten_at=case.forgotten_at),
        **_for_queries(case),
    }


def _where_there_is(**values: Any) -> Document:
    """Fields that are absent where there is nothing, so that an index holds few."""
    return {name: value for name, value in values.items() if value}


def _for_queries(case: Case) -> Document:
    """What repeats something so that an index finds it; written, never read, and absent where there is nothing."""
    return _where_there_is(
        tenant=case.place.tenant,
        areas=list(case.place.areas),
        compound=case.place.compound_id,
        spot=_spot(case.place),
        concerned=_concerned(case),
        open_in=case.place.grid_code if case.is_open else None,
        nobody=case.is_open and not case.assignment.assignees,
        offered_in=list(case.place.areas) if case.is_open and case.assignment.open_places else [],
        photos=list(case.photos),
        alarm_at=next_alarm(case),
        ended_at=case.ended_at,
        forget_at=case_over_at(case),
        queue=priority(case).key if case.is_open else None,
    )


def _spot(place: Place) -> str | None:
    """The small square that it lies in; the grid where no more is known, and nothing where the compound is all."""
    if place.point is not None:
        return spot(place.point)
    return None if place.compound_id else place.grid_code


def _concerned(case: Case) -> list[str]:
    """Whose own case it is, and in which part: one index serves whoever asks for the own cases in either."""
    reporters = [id for id in (case.reporter.id, case.reporter.filed_by) if id]
    return [*map(as_reporter, reporters), *map(as_assignee, case.assignment.ids)]


def as_reporter(id: str) -> str:
    """How somebody is found who reported, or filed, a case."""
    return f"reporter:{id}"


def as_assignee(id: str) -> str:
    """How a person or unit is found that a case is given to."""
    return f"assignee:{id}"


def read(document: Mapping[str, Any]) -> Case:
    """The case in a document."""
    plain: dict[str, Any] = {name: document[name] for name in PLAIN}
    lists: dict[str, Any] = {name: tuple(document[name]) for name in LISTS}
    return Case(
        **plain,
        **lists,
        id=document["_id"],
        version=document["version"],
        status=Status(document["status"]),
        place=_read_place(document["place"]),
        reporter=_read_reporter(document["reporter"]),
        source=Source(document["source"]),
        tags=tuple(Tag(tag) for tag in document["tags"]),
        dues=read_dues(document["dues"]),
        timers={Timer(name): at for name, at in document["timers"].items()},
        assignment=_read_assignment(document["assignment"]),
        stays=tuple(Stay(**stay) for stay in document["stays"]),
        remarks=tuple(map(_read_remark, document["remarks"])),
        requests=tuple(Request(**row) for row in document["requests"]),
        ratings=tuple(read_rating(row) for row in document["ratings"]),
        rounds=tuple(_read_round(row) for row in document["rounds"]),
        **_read_newer(document),
    )


def said_with(document: Mapping[str, Any], event_id: str) -> str | None:
    """What somebody wrote with an act, by the id of its event."""
    return next((row["text"] for row in document["remarks"] if row["event_id"] == event_id), None)


def _read_remark(row: Mapping[str, Any]) -> Remark:
    before = tuple(row.get("before_photos", ()))
    return Remark(**{**row, "photos": tuple(row["photos"]), "before_photos": before})


def _read_newer(document: Mapping[str, Any]) -> dict[str, Any]:
    """What older cases lack."""
    return {
        "followers": tuple(Follower(**row) for row in document.get("followers", ())),
        "quiet_since": document.get("quiet_since"),
        "rung": tuple(document.get("rung", ())),
        "repeat": _read_repeat(document.get("repeat")),
        "asset_id": document.get("asset_id"),
        "then_next": document.get("then_next", False),
        "outcomes": tuple(Outcome(each) for each in document.get("outcomes", ())),
        "external_number": document.get("external_number"),
        "session_id": document.get("session_id"),
        "patrol_id": document.get("patrol_id"),
        "service_day_id": document.get("service_day_id"),
        "mediation": read_mediation(document.get("mediation")),
        "exclusion": read_exclusion(document.get("exclusion")),
        "forgotten_at": document.get("forgotten_at"),
    }


def changes(before: Case, after: Case) -> dict[str, Document]:
    """The update operators that turn one version into the next: only what differs is written."""
    old, new = written(before), written(after)
    different = {name: value for name, value in new.items() if old.get(name) != value}
    gone = dict.fromkeys(old.keys() - new.keys(), "")
    return {operator: fields for operator, fields in (("$set", different), ("$unset", gone)) if fields}


def _place(place: Place) -> Document:
    return vars(place) | {"point": part(place.point)}


def _repeat(repeat: Repeat | None) -> Document | None:
    if repeat is None:
        return None
    return {"count": repeat.count, "earlier": [vars(one) | {"place": _place(one.place)} for one in repeat.earlier]}


def _read_repeat(row: Mapping[str, Any] | None) -> Repeat | None:
    if row is None:
        return None
    earlier = (Earlier(**{**one, "place": _read_place(one["place"])}) for one in row["earlier"])
    return Repeat(row["count"], tuple(earlier))


def read_earlier(document: Mapping[str, Any]) -> Earlier:
    """The case in a document as others are compared with it."""
    return Earlier(document["_id"], document["number"], _read_place(document["place"]))


def _read_place(row: Mapping[str, Any]) -> Place:
    point = Point(**row["point"]) if row["point"] else None
    return Place(row["grid_code"], point, row["compound_id"], row.get("near_compound_id"))


def _read_reporter(row: Mapping[str, Any]) -> Reporter:
    return Reporter(**{**row, "contact": _read_contact(row["contact"])})


def _read_contact(row: Mapping[str, Any] | None) -> Contact | None:
    return Contact(**{**row, **read_marked(row)}) if row else None


def _read_assignment(row: Mapping[str, Any]) -> Assignment:
    return Assignment(tuple(Assignee(**one) for one in row["assignees"]), row["places"])


def _read_round(row: Mapping[str, Any]) -> Round:
    reopened_at: datetime = row["reopened_at"]
    return Round(row["number"], reopened_at, read_dues(row["dues"]), tuple(row["assignees"]))
