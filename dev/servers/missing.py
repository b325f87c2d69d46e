"""What is raised where a server is not there to be started."""


class ServerMissing(Exception):
    """The program of a server is not installed; the message says what to install."""
