"""The entrypoints of names: learning them from members, one by one or page by page."""

from typing import Any

from chassis.desk import Desk
from chassis.event import Event
from chassis.paging import each_kept
from chassis.rpc import Remote, rpc
from chassis.store import Store
from chassis.subscribe import subscribe
from notify.names import schemas
from notify.names.store import NameStore
from notify.wording.catalogue import KINDS, codes, label

Answer = dict[str, Any]

NAMES_AT_ONCE = 200


def _named(kind: str) -> Answer:
    return {
        code: {"zh": label(kind, code, "zh-CN"), "en": label(kind, code, "en")} for code in sorted(codes(kind, "en"))
    }


class NameDesk(Desk):
    """Keeps what places and units are called."""

    names_kept: NameStore = Store(NameStore)
    members = Remote("members")
    cases: Any = Remote("cases")

    @subscribe(
        "members",
        "grid.opened",
        "grid.changed",
        "compound.registered",
        "compound.changed",
        "unit.registered",
        "unit.changed",
        "area.opened",
        "area.changed",
    )
    def learn_name(self, event: Event) -> None:
        """Keep what a grid, a compound, a unit or an area is called."""
        self._learn(event.type, event.data, event.sequence)

    @subscribe("cases", "policy.entered")
    def learn_categories(self, event: Event) -> None:
        """Keep what a district calls its categories, and from which day on."""
        self._learn_categories(event.data)

    @rpc
    def copy_categories(self, after: str = "") -> str | None:
        """Copy one page of what categories are called anew, as `copy_names` does. For operators."""
        return each_kept(self.cases.entered_policies(after=after), self._learn_categories)

    @rpc
    def words(self) -> Answer:
        """What codes are called in messages: `{kind: {code: {zh, en}}}`, without categories, which a district names."""
        return {kind: _named(kind) for kind in KINDS if kind != "category"}

    @rpc
    def copy_names(self, after: str = "") -> str | None:
        """Copy one page of names anew: the `after` of the next page, None after the last. For operators."""
        page = self.members.places(after=after, limit=NAMES_AT_ONCE)
        return each_kept(page, lambda item: self._learn(item["type"], item["data"], item["sequence"]))

    def _learn_categories(self, data: Answer) -> None:
        for each in schemas.categories(data):
            self.names_kept.learn_from(*each)

    def _learn(self, type_: str, data: Answer, sequence: int) -> None:
        code, name = schemas.name(type_, data)
        self.names_kept.learn(code, name, sequence)
