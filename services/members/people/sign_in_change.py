"""What can change of that by which somebody signs in, as its owner is told (docs/domain.md §5)."""

from enum import StrEnum


class SignInChange(StrEnum):
    """One change, in a code: nothing of the phone, the login or the identity itself."""

    PHONE = "phone"
    PHONE_RELEASED = "phone_released"
    PASSWORD = "password"  # noqa: S105 - the code of a change
    LOGIN_OPENED = "login_opened"
    LOGIN_RESET = "login_reset"
    SECOND_FACTOR_BEGUN = "second_factor_begun"
    SECOND_FACTOR_ENDED = "second_factor_ended"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
    ENTRIES_MERGED = "entries_merged"
