"""Which photos of a case may be released to everybody, and who releases them (docs/domain.md §5)."""

from cases.case import Case
from cases.permission import RELEASERS, Condition, holds
from cases.photo import MEDIUM, THUMBNAIL
from chassis.caller import Caller
from chassis.errors import Refusal

CHECKS = ("faces", "plates", "house_numbers")
"""What whoever releases a photo has looked for in it, and not found."""

SIZES_FOR_EVERYBODY = (MEDIUM, THUMBNAIL)
"""Nobody outside needs more, and what is small on a photo is not to be made out."""


def check_releases(case: Case, caller: Caller) -> str:
    """The role in which the caller releases photos of the case and takes them back; refuses `not_permitted`."""
    for role in RELEASERS:
        if holds(Condition.SCOPE, case, caller, (role,)):
            return role
    raise Refusal("not_permitted", act="release_photo")


def check_releasable(case: Case, photo_id: str) -> None:
    """Refuses `photo_not_for_everybody`."""
    if not is_for_everybody(case, photo_id):
        raise Refusal("photo_not_for_everybody", photo_id=photo_id)


def is_for_everybody(case: Case, photo_id: str) -> bool:
    """Whether the photo may be shown to everybody, as the case stands at this moment.

    Of a registered case that is neither sensitive nor about a unit; neither of an internal remark nor an agreement.
    """
    told = {photo for remark in case.remarks if not remark.internal for photo in remark.shown}
    return photo_id in told and _is_for_everybody(case)


def _is_for_everybody(case: Case) -> bool:
    registered = case.dues.respond_due is not None and case.kind is not None
    return registered and not case.restricted and case.complained_unit_id is None and case.forgotten_at is None
