"""Hands the seal of personal data, and whether made-up phones pass, to the service; reads the settings once."""

from environs import Env
from nameko.extensions import DependencyProvider

from chassis.keyring import Keyring
from members.sealing import MARKED, Seal
from members.settings import read


def seal() -> Seal:
    """The seal with the keys of the settings."""
    settings = read(Env())
    return Seal(settings.person_key, settings.code_key)


class SealProvider(Keyring):
    """Injects the seal; missing, malformed or wrong keys keep the service from starting."""

    def __init__(self) -> None:
        super().__init__(seal, MARKED)


class DemoProvider(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects whether made-up phones are accepted."""

    def setup(self) -> None:
        """Read the switch."""
        self._demo = read(Env()).demo

    def get_dependency(self, worker_ctx: object) -> bool:
        """Whether the demo setting is on."""
        return self._demo
