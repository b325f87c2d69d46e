"""Everything that is wrong with an input, told at once: as all services tell it."""

from chassis.fault import Fault, check, listed

__all__ = ["Fault", "check", "listed"]
