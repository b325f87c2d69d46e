"""What a finished case has done good for: the tags that whoever inspects it may give it, with their words."""

from collections.abc import Mapping
from enum import StrEnum


class Outcome(StrEnum):
    """What has become better (docs/domain.md §2.2, F29)."""

    NIGHT_SAFETY = "night_safety"
    CLEAN_ENVIRONMENT = "clean_environment"
    PUBLIC_SAFETY = "public_safety"
    SMOOTH_TRAFFIC = "smooth_traffic"
    COMFORTABLE_LIVING = "comfortable_living"
    GOOD_NEIGHBOURS = "good_neighbours"


WORDS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.NIGHT_SAFETY: ("夜间出行", "night safety"),
    Outcome.CLEAN_ENVIRONMENT: ("美化环境", "clean environment"),
    Outcome.PUBLIC_SAFETY: ("安全保驾护航", "public safety"),
    Outcome.SMOOTH_TRAFFIC: ("道路畅通", "smooth traffic"),
    Outcome.COMFORTABLE_LIVING: ("居住舒适", "comfortable living"),
    Outcome.GOOD_NEIGHBOURS: ("邻里和睦", "good neighbours"),
}


def shown(outcome: Outcome) -> dict[str, str]:
    """The tag with its words."""
    zh, en = WORDS[outcome]
    return {"code": outcome.value, "zh": zh, "en": en}
