"""What happened to a case, line by line, as one caller may hear of it; masking happens here and in `view.py` alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from cases.act import EXCLUDING, Act, Happening
from cases.case import Case, Remark
from cases.permission import within
from cases.showing.listing import OVERSEEING
from cases.showing.sight import Sight, shows_phone
from chassis.caller import Caller
from chassis.instant import written
from chassis.privacy import masked_text, without_identities

TOLD = frozenset(
    {
        "alarm",
        "by_proxy",
        "contact",
        "contacted",
        "finding",
        "in_time",
        "joined_number",
        "meetings",
        "new",
        "old",
        "on_site",
        "open_places",
        "outcome",
        "outcomes",
        "places",
        "reason_code",
        "repeat",
        "reports",
        "resolution_level",
        "response_met",
        "result",
        "returns",
        "review_on",
        "reworks",
        "round",
        "satisfaction",
        "settled_by",
        "solved",
        "target_number",
        "urgency",
    }
)
"""What the timeline repeats of an event besides who did what when; nothing that names a person."""


def timeline(case: Case, history: Iterable[Happening], caller: Caller, sight: Sight) -> list[dict[str, Any]]:
    """All that happened, oldest first, as far as the caller may hear of it."""
    return [_line(case, entry, caller, sight) for entry in history if _is_heard(case, entry, caller, sight)]


def words(case: Case, caller: Caller, sight: Sight, text: str | None) -> str | None:
    """What somebody wrote, masked where the caller may not read it in full.

    Who works on the case is shown phones in it, and an identity number never (docs/domain.md §5).
    """
    if text is None or sight <= Sight.OUTLINE:
        return None
    if sight is Sight.OWN:
        return text
    return without_identities(text) if shows_phone(case, caller) else masked_text(text)


def is_told(remark: Remark, sight: Sight) -> bool:
    """Whether a remark is shown at all."""
    return sight is Sight.FULL or not remark.internal


def hears_of_exclusion(case: Case, caller: Caller, sight: Sight) -> bool:
    """Who works on the case and who oversees its place: never its reporter, whom it may call a nuisance (§2.4)."""
    overseen = within(caller, OVERSEEING, case.place.grid_code) and not case.reporter.is_(caller)
    return sight is Sight.FULL or (sight > Sight.NONE and overseen)


def _line(case: Case, entry: Happening, caller: Caller, sight: Sight) -> dict[str, Any]:
    remark = _remark(case, entry, sight)
    by: Mapping[str, str | None] = entry.by
    return {
        "event_id": entry.id,
        "act": entry.data["act"],
        "type": entry.type,
        "at": written(entry.at),
        "by": {"id": by.get("id") if sight is Sight.FULL else None, "role": by.get("role")},
        "status": entry.data["status"],
        "text": words(case, caller, sight, remark.text) if remark else None,
        "photos": list(remark.shown) if remark and sight >= Sight.OWN else [],
        "details": _details(entry.data, sight),
    }


def _details(data: Mapping[str, Any], sight: Sight) -> dict[str, Any]:
    """What is repeated of an event; an asset or a compound would tell more of the place than an outline does."""
    told = {name: value for name, value in data.items() if name in TOLD}
    if sight > Sight.OUTLINE:
        return told
    hidden = {"asset_id": None, "compound_id": None}
    return {name: {**said, **hidden} if name in {"old", "new"} else said for name, said in told.items()}


def _is_heard(case: Case, entry: Happening, caller: Caller, sight: Sight) -> bool:
    """Whom the clock has reminded is for those who work on the case; how it counts also for who oversees it."""
    if entry.data["act"] in EXCLUDING:
        return hears_of_exclusion(case, caller, sight)
    return sight is Sight.FULL or entry.data["act"] != Act.REMIND


def _remark(case: Case, entry: Happening, sight: Sight) -> Remark | None:
    """What was said with an entry that the caller hears of: who hears of an exclusion reads its grounds too."""
    found = next((remark for remark in case.remarks if remark.event_id == entry.id), None)
    return found if found and (entry.data["act"] in EXCLUDING or is_told(found, sight)) else None
