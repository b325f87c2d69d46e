"""What is left of a case, a session, a demand or an offer once its people are gone; sums stay as they are."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cases.assignment import PERSON
from cases.case import Case, Follower, Remark, Status
from cases.exclusion import Exclusion
from cases.intake_sessions.intake_session import Attendee, IntakeSession
from cases.match_lists.demand import Asker, Demand
from cases.match_lists.resource import Resource, owner_left
from cases.mediation import Mediation, Party
from cases.repeat import Repeat
from chassis.privacy import masked_text
from chassis.secret import Secret

Entries = Iterable[Mapping[str, Any]]
Pseudonym = Callable[[str], str]
"""The keyed name that stands for an id from now on, always the same for the same."""

UNSAID = ""
"""Stands where words were that are kept no longer."""


@dataclass(frozen=True)
class Names:
    """What people are called in free text, each with its mask: the longest is looked for first."""

    masks: Mapping[str, str]

    def gone_from(self, text: str) -> str:
        """The text without phones, identity numbers and these names."""
        text = masked_text(text)
        for name in sorted(self.masks, key=len, reverse=True):
            text = text.replace(name, self.masks[name])
        return text


NO_NAMES = Names({})


def people_of(case: Case) -> frozenset[str]:
    """The ids of those whose case it is; those who handled it are not among them, it is their service."""
    parties = case.mediation.parties if case.mediation else ()
    found = [case.reporter.id, *(each.reporter_id for each in case.followers), *(each.person_id for each in parties)]
    return frozenset(id for id in found if id)


def secrets_of(case: Case) -> list[Secret]:
    """The names that are known of them."""
    parties = case.mediation.parties if case.mediation else ()
    contact = case.reporter.contact
    return [name for name in (contact.name if contact else None, *(each.name for each in parties)) if name]


def forgotten(case: Case, names: Names, pseudonym: Pseudonym, now: datetime, phone: str | None = None) -> Case:
    """The case without anybody whose case it is: no contact, no photo, no point; the words masked.

    What was reported and rejected is gone altogether: it is no case. Times, places, marks and counts stay. Who had no
    account is known by the pseudonym of the `phone`; the link to an anonymous report leads nowhere any more.
    """
    left = people_gone(case, people_of(case), names, pseudonym)
    stands_for = left.reporter.pseudonym or (pseudonym(phone) if phone else None)
    reported = left.remarks[:1] if case.status is Status.REJECTED else ()
    return replace(
        left,
        reporter=replace(left.reporter, contact=None, pseudonym=stands_for, link=None),
        place=replace(left.place, point=None),
        remarks=tuple(_without_photos(_unsaid(each) if each in reported else each) for each in left.remarks),
        mediation=_closed(left.mediation) if left.mediation else None,
        repeat=_without_points(left.repeat) if left.repeat else None,
        external_number=None,
        forgotten_at=now,
    )


def people_gone(case: Case, ids: Collection[str], names: Names, pseudonym: Pseudonym) -> Case:
    """The case without these people, who may be its reporter, follow it, or be parties; its work goes on.

    Nobody can be asked or told any more where the reporter is gone.
    """
    reporter = case.reporter
    if reporter.id in ids and reporter.id is not None:
        reporter = replace(reporter, id=None, contact=None, pseudonym=pseudonym(reporter.id))
    return replace(
        case,
        reporter=reporter,
        questions=() if reporter != case.reporter else case.questions,
        followers=tuple(_follower(each, ids) for each in case.followers),
        remarks=tuple(_remark(each, ids, names, pseudonym) for each in case.remarks),
        ratings=tuple(replace(each, by=pseudonym(each.by)) if each.by in ids else each for each in case.ratings),
        mediation=_mediation(case.mediation, ids) if case.mediation else None,
        exclusion=_exclusion(case.exclusion, names) if case.exclusion else None,
    )


def told_without(
    history: Entries, ids: Collection[str], pseudonym: Pseudonym, *, over: bool = True
) -> list[dict[str, Any]]:
    """The history without these people: who acted is a pseudonym, and nothing leads back to them.

    The hash of what was asked goes too: who knows the rest of it could find a phone by trying. While it is not `over`
    it stays with what others asked since it was opened, who may send it once more and be answered as before.
    """
    return [_entry(each, ids, pseudonym, over=over or n == 0) for n, each in enumerate(history)]


def session_forgotten(session: IntakeSession, now: datetime) -> IntakeSession:
    """The session with as many attendees, of whom nothing is known."""
    return replace(session, attendees=tuple(Attendee(each.consent) for each in session.attendees), forgotten_at=now)


def demand_forgotten(demand: Demand, now: datetime, *, raw: bool, over: bool) -> Demand:
    """The demand without its asker; its words are gone where they are the `raw` note of somebody else, else masked.

    Where it is not `over` it goes on, for nobody in particular, and is gone over once more at its end.
    """
    words = UNSAID if raw else masked_text(demand.text)
    left = replace(demand, asker=Asker(filed_by=demand.asker.filed_by), text=words)
    return replace(left, place=replace(demand.place, point=None), forgotten_at=now) if over else left


def resource_forgotten(resource: Resource, ids: Collection[str], pseudonym: Pseudonym) -> Resource:
    """The offer without these people: a unit's goes on, their own is offered no longer and its words are gone.

    Which project has it, and how often it was of use, stays.
    """
    offered_by = pseudonym(resource.offered_by) if resource.offered_by in ids else resource.offered_by
    if resource.owner_kind != PERSON or resource.owner_id not in ids:
        return replace(resource, offered_by=offered_by)
    gone = owner_left(resource)
    return replace(gone, owner_id=pseudonym(resource.owner_id), offered_by=offered_by, text=UNSAID)


def _follower(follower: Follower, ids: Collection[str]) -> Follower:
    return replace(follower, reporter_id=None, callback=None) if follower.reporter_id in ids else follower


def _remark(remark: Remark, ids: Collection[str], names: Names, pseudonym: Pseudonym) -> Remark:
    text = names.gone_from(remark.text) if remark.text else remark.text
    return replace(remark, text=text, by=pseudonym(remark.by) if remark.by in ids and remark.by else remark.by)


def _exclusion(exclusion: Exclusion, names: Names) -> Exclusion:
    """The words of it without phones, identity numbers and names; whose they are is the record of a service."""
    answer = names.gone_from(exclusion.answer) if exclusion.answer else exclusion.answer
    return replace(exclusion, text=names.gone_from(exclusion.text), answer=answer)


def _unsaid(remark: Remark) -> Remark:
    return replace(remark, text=None)


def _without_photos(remark: Remark) -> Remark:
    return replace(remark, photos=(), before_photos=())


def _mediation(mediation: Mediation, ids: Collection[str]) -> Mediation:
    return replace(mediation, parties=tuple(Party() if each.person_id in ids else each for each in mediation.parties))


def _without_points(repeat: Repeat) -> Repeat:
    earlier = tuple(replace(each, place=replace(each.place, point=None)) for each in repeat.earlier)
    return replace(repeat, earlier=earlier)


def _closed(mediation: Mediation) -> Mediation:
    """That there was one, when, and how it ended."""
    meetings = tuple(replace(each, record=Secret.words(UNSAID)) for each in mediation.meetings)
    return replace(mediation, parties=tuple(Party() for _ in mediation.parties), meetings=meetings, agreement=())


NOBODY: Mapping[str, Any] = {"reporter_id": None, "asker_id": None, "callback": None}


def _entry(entry: Mapping[str, Any], ids: Collection[str], pseudonym: Pseudonym, *, over: bool) -> dict[str, Any]:
    data = {name: _told(name, value, ids, pseudonym) for name, value in entry["data"].items()}
    if any(entry["data"].get(name) in ids for name in ("reporter_id", "asker_id")):
        data |= {name: value for name, value in NOBODY.items() if name in data}
    by = _actor(entry["by"], ids, pseudonym)
    leads_back: Mapping[str, None] = {"digest": None, "correlation": None} if over or by != entry["by"] else {}
    return {**entry, "data": data, "by": by, **leads_back}


def _told(name: str, value: Any, ids: Collection[str], pseudonym: Pseudonym) -> Any:
    if name == "by":
        return _actor(value, ids, pseudonym)
    if name == "owner_id" and value in ids:
        return pseudonym(value)
    if name in {"followers", "attendees"}:
        return [each for each in value if each not in ids]
    return value


def _actor(by: Mapping[str, Any] | None, ids: Collection[str], pseudonym: Pseudonym) -> Mapping[str, Any] | None:
    return {**by, "id": pseudonym(by["id"])} if by and by.get("id") in ids else by
