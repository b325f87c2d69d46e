"""A notice on its way out of the inbox."""

from dataclasses import dataclass

from notify.notices.notice import Notice


@dataclass(frozen=True)
class Errand:
    """One notice on its way out, after so many failed tries."""

    notice: Notice
    tries: int
