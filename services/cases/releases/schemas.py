"""The shapes of what is asked about releases."""

from collections.abc import Sequence
from typing import Any

from marshmallow import ValidationError, fields, validate

from cases.photo import MEDIUM
from cases.releases.release import CHECKS, SIZES_FOR_EVERYBODY
from cases.schemas import PhotoSchema, different, one_of


def _all_checked(found: Sequence[str]) -> None:
    if missing := [check for check in CHECKS if check not in found]:
        raise ValidationError(f"Look for these too: {', '.join(missing)}.")


class ReleaseSchema(PhotoSchema):
    """Which photo, and what it was looked through for; a photo with one of these in it is not released."""

    free_of: fields.List[Any] = fields.List(
        one_of(CHECKS), required=True, validate=[validate.Length(max=len(CHECKS)), different, _all_checked]
    )


class PublicPhotoSchema(PhotoSchema):
    """Which photo, in which size."""

    size = one_of(SIZES_FOR_EVERYBODY, load_default=MEDIUM)
