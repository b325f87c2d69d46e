"""The people whom a session names, asked of members together: five hundred items name five hundred."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cases.casework import Members
from chassis.errors import Refusal

Answer = dict[str, Any]

AT_ONCE = 500
"""How many ids one question names."""

LONGEST_ID = 100


def named(fields: Mapping[str, Any]) -> list[str]:
    """The ids of all whom a session names, who was there or asked for something; its items may still be malformed."""
    askers = (each.get("asker") for each in fields["items"])
    told = (*fields["attendees"], *(each for each in askers if isinstance(each, Mapping)))
    found = (each.get("person_id") for each in told)
    return sorted({id for id in found if isinstance(id, str) and 0 < len(id) <= LONGEST_ID})


class Roll:
    """Answers as members does (`casework.Members`); of who is on the roll it asks once, whoever is looked for first."""

    def __init__(self, members: Members, ids: Sequence[str]) -> None:
        """`ids` are those on the roll."""
        self._members, self._ids, self._all = members, ids, frozenset(ids)
        self._rows: dict[str, dict[str, Answer]] = {}

    def assignees(self, *, ids: list[str], tenant: str) -> list[Answer]:
        """The facts about people; refuses `unknown_assignee` with the `ids`."""
        if not self._all.issuperset(ids):
            return self._members.assignees(ids=ids, tenant=tenant)
        if tenant not in self._rows:
            self._rows[tenant] = {row["id"]: row for row in self._asked(tenant)}
        rows = self._rows[tenant]
        if missing := sorted(set(ids) - rows.keys()):
            raise Refusal("unknown_assignee", ids=missing)
        return [rows[id] for id in ids]

    def service_day(self, *, caller: Answer, activity_id: str) -> Answer:
        """As members answers."""
        return self._members.service_day(caller=caller, activity_id=activity_id)

    def _asked(self, tenant: str) -> Iterator[Answer]:
        for start in range(0, len(self._ids), AT_ONCE):
            yield from self._known(self._ids[start : start + AT_ONCE], tenant)

    def _known(self, ids: Sequence[str], tenant: str) -> list[Answer]:
        """Those of them whom members knows."""
        try:
            return self._members.assignees(ids=list(ids), tenant=tenant)
        except Refusal as refused:
            known = sorted(set(ids) - set(refused.details.get("ids", ids)))
        return self._members.assignees(ids=known, tenant=tenant) if known else []
