"""A clock that stands where a test puts it."""

from datetime import datetime, timedelta


class SetClock:
    """Stands in for the services' clocks."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def wait(self, **span: float) -> None:
        """Let some time pass, as `timedelta` takes it."""
        self.moment += timedelta(**span)
