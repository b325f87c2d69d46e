"""Hands the seal of personal data, and whether made-up phones pass, to the service; reads the settings once."""

from environs import Env
from nameko.extensions import DependencyProvider

from members.sealing import Seal
from members.settings import read


class SealProvider(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects the seal; a missing or malformed key keeps the service from starting."""

    def setup(self) -> None:
        """Read the keys."""
        settings = read(Env())
        self._seal = Seal(settings.person_key, settings.code_key)

    def get_dependency(self, worker_ctx: object) -> Seal:
        """The seal itself."""
        return self._seal


class DemoProvider(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects whether made-up phones are accepted."""

    def setup(self) -> None:
        """Read the switch."""
        self._demo = read(Env()).demo

    def get_dependency(self, worker_ctx: object) -> bool:
        """Whether the demo setting is on."""
        return self._demo
