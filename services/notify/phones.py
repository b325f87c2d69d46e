"""Phone numbers, as they may be shown."""


def masked(phone: str) -> str:
    """A phone number as it may be shown: `138****1234` (docs/domain.md §5)."""
    return f"{phone[:3]}****{phone[-4:]}"
