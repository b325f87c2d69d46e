"""The gateway's process: the HTTP face over the remotes of the three services."""

from environs import Env

from chassis.rpc import Remote
from chassis.service import Process
from gateway.app import create_app
from gateway.endings.ended import Ended
from gateway.endings.ending_ear import EndingEar
from gateway.listener.mount import Face
from gateway.live.ear import LiveEar
from gateway.live.hub import Hub
from gateway.settings import Settings, read


def _settings() -> Settings:
    return read(Env())


face = Face.decorator


class GatewayService(Process):
    """Answers HTTP; it has neither rules nor data."""

    name = "gateway"

    cases = Remote("cases")
    members = Remote("members")
    notify = Remote("notify")
    live: Hub = LiveEar(_settings)
    endings: Ended = EndingEar(_settings)

    @face(create_app, _settings)  # type: ignore[untyped-decorator]  # nameko is untyped
    def answer(self) -> None:
        """Where requests come in; Flask's own routes take them from here."""
