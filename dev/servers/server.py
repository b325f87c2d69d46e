"""What every server of ours lets happen to it."""

import signal

from dev.processes import Process


class Server:
    """A server that runs in one process, to which faults can be done."""

    process: Process

    def kill(self) -> None:
        """SIGKILL it, as a power cut would."""
        self.process.kill()

    def pause(self) -> None:
        """Freeze it: connections stay open and nothing answers."""
        self.process.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self.process.signal(signal.SIGCONT)
