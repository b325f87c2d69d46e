"""Levels of governance, the lowest first: how far up a case has come, or where a dispute was settled."""

from enum import StrEnum


class Level(StrEnum):
    """Grid, community, agency, district (docs/domain.md §2.2 and §2.4); whom that means is others' business."""

    GRID = "grid"
    COMMUNITY = "community"
    AGENCY = "agency"
    DISTRICT = "district"
