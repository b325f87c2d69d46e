"""A service day that has dealt with a case, and what its organiser has to show: the place before, and after (F51)."""

from cases.act import Attempt
from chassis.errors import Refusal

CLEANING = "cleaning"
"""The skill of the categories that service days deal with, so far as members may take them (docs/domain.md §6.1)."""


def before_photo_given(attempt: Attempt) -> None:
    """Refuses `before_photo_missing`: a service day shows what it has changed."""
    if attempt.facts.service_day and not attempt.fields.get("before_photos"):
        raise Refusal("before_photo_missing")


def day_has_begun(attempt: Attempt) -> None:
    """Refuses `service_day_not_begun`."""
    day = attempt.facts.service_day
    if day and not day.begun:
        raise Refusal("service_day_not_begun", service_day_id=day.id)


def day_is_for_it(attempt: Attempt) -> None:
    """Refuses `category_not_of_service_day` for what is no matter of hygiene."""
    kind = attempt.category
    if attempt.facts.service_day and not (CLEANING in kind.skills and kind.member_eligible):
        raise Refusal("category_not_of_service_day", category=kind.code)


def day_was_there(attempt: Attempt) -> None:
    """Refuses `case_not_of_service_day` for a case at a compound that the day does not serve, or at none."""
    day, place = attempt.facts.service_day, attempt.case.place
    if day and (place.compound_id or place.near_compound_id) not in day.compound_ids:
        raise Refusal("case_not_of_service_day", service_day_id=day.id, compound_id=place.compound_id)
