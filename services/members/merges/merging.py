"""What one person is made of two entries: nothing that holds is lost, and nothing is invented."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from chassis.caller import Caller
from chassis.errors import Refusal
from members.people.person import Person, Tag, check_of_others
from members.people.skill import Certificate
from members.people.tenure import giver, joined
from members.permission import permit
from members.role import SPEAKER


def check(caller: Caller, into: Person, other: Person, at: datetime) -> str:
    """The role in which the caller makes one of both.

    Refuses `merged_with_itself`, `person_merged` for one that was merged before, `person_left`,
    `merged_across_districts`, and, unless all that is theirs lies in the caller's scope and every role of either is the
    caller's to give, as `permit` and `giver` do, also those that begin later: whoever signs in to the one acts in the
    roles of both. So nobody joins an own one to another, as `check_of_others` refuses.
    """
    if into.id == other.id:
        raise Refusal("merged_with_itself")
    if into.merged_into or other.merged_into:
        raise Refusal("person_merged", into=into.merged_into or other.merged_into)
    if not (into.active and other.active):
        raise Refusal("person_left")
    if into.tenant != other.tenant:
        raise Refusal("merged_across_districts")
    to_come = [each.grant for each in (*into.tenures, *other.tenures) if each.since > at]
    theirs = [each for each in (*into.grants, *other.grants, *to_come) if each.role != "resident"]
    for scope in {grant.scope for each in (into, other) for grant in each.at_stake(at)}:
        permit(caller, "merge_people", scope)
    roles = [giver(caller, grant) for grant in theirs]
    check_of_others(caller, into, other)
    return next(iter(roles), next(role for role in ("district_admin", "party_office") if role in caller.roles))


def check_unit(into: Person, other: Person, unit_id: str | None, at: datetime) -> None:
    """Refuse `contact_of_another_unit` where an entry speaks for a unit, or will, and not all is of the same one.

    `unit_id` is whose the person would be: they would speak for it from then on, without anybody having said so, or
    read what the unit of the other entry is kept from.
    """
    speaking = [each for each in (into, other) if any(held.role == SPEAKER for held in each.at_stake(at))]
    units = {each.unit_id for each in (into, other) if each.unit_id or each in speaking}
    if speaking and units - {unit_id}:
        raise Refusal("contact_of_another_unit")


def merged(into: Person, other: Person, at: datetime) -> Person:
    """The person who is left: roles, skills, licences and free times of both, what else is known of one or the other.

    Of special identities only those are taken to which consent stands: what ended in the one entry is history there,
    and ends in the other what was agreed to before.
    """
    own, others = _overtaken(into.tags, other.tags), _overtaken(other.tags, into.tags)
    shown = {tag.kind for tag in own if tag.revoked_at is None}
    standing = [tag for tag in others if tag.revoked_at is None and tag.kind not in shown]
    return replace(
        into,
        tenures=joined((*into.tenures, *other.tenures)),
        unit_id=into.unit_id or other.unit_id,
        unit_along={each.unit_along for each in (into, other) if each.unit_id} == {True},
        registered_with=into.registered_with or other.registered_with,
        home=into.home or other.home,
        skills=into.skills | other.skills,
        certificates=_longest((*into.certificates, *other.certificates)),
        free_times=tuple(dict.fromkeys((*into.free_times, *other.free_times))),
        tags=(*own, *_once(standing)),
        declined=into.declined | other.declined,
        addresses={**other.addresses, **into.addresses},
        consent=into.consent or other.consent,
        merged_from=into.merged_from | other.merged_from | {other.id},
    ).turned(at)


def alias(other: Person, into: str) -> Person:
    """What is left of the entry that goes: the id, and whose it is."""
    rest = Person(other.id, other.tenant, "", (), active=False, merged_into=into, merged_from=other.merged_from)
    return replace(rest, narrowed=other.narrowed + 1)


def told(into: Person, other: Person) -> dict[str, Any]:
    """What others hear of it: ids, and the district."""
    return {"from": other.id, "into": into.id, "tenant": into.tenant}


def _longest(held: Iterable[Certificate]) -> tuple[Certificate, ...]:
    """Each licence once, with the last day on which it is valid."""
    found: dict[str, Certificate] = {}
    for each in held:
        known = found.get(each.kind)
        found[each.kind] = each if known is None or known.valid_until < each.valid_until else known
    return tuple(found.values())


def _overtaken(tags: Iterable[Tag], others: Iterable[Tag]) -> tuple[Tag, ...]:
    """The tags, of which a consent ends where one of `others` to the same kind has ended since."""
    over = {(tag.kind, tag.revoked_at) for tag in others if tag.revoked_at is not None}
    found = []
    for tag in tags:
        ends = [end for kind, end in over if kind == tag.kind and end >= tag.consented_at]
        found.append(replace(tag, revoked_at=min(ends)) if ends and tag.revoked_at is None else tag)
    return tuple(found)


def _once(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    return tuple({tag.kind: tag for tag in tags}.values())
