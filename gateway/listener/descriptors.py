"""How many files and connections a gateway may have open at once, of which the system keeps count."""

import resource

import structlog

BESIDES = 500
"""For the broker, the services, the counters and the log."""

log = structlog.get_logger()


def needed(connections: int, streams: int) -> int:
    """For so many clients, of whom each may have a photo that lies in a file, and so many streams."""
    return 2 * connections + streams + BESIDES


def check(number: int) -> None:
    """Say in the log where the system allows fewer than this number: nobody else could come in then."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed != resource.RLIM_INFINITY and allowed < number:
        log.warning("too few file descriptors for all places", allowed=allowed, needed=number)
