"""What nameko hands to this service's methods of identity providers: those that the settings name, made once."""

import os

from environs import Env
from nameko.extensions import DependencyProvider

from chassis.settings import settings as chassis_settings
from members.identity_providers.asking import AskedProvider, KnownProviders
from members.identity_providers.channel import ProviderChannel
from members.identity_providers.configured import configured
from members.settings import read

SHARE = 0.8
"""Of the time that whoever asks us waits: what is left is for us, so that they are told that the provider is away."""


class ProvidersProvider(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects the identity providers; a file that cannot be used keeps the service from starting."""

    def setup(self) -> None:
        """Read the file; none of the providers is asked yet, so one that is away keeps nobody from starting."""
        path, channel = read(Env()).identity_providers_file, ProviderChannel()
        listed = configured(path, os.environ) if path else ()
        self._known = KnownProviders(
            AskedProvider(each, channel, chassis_settings.rpc_seconds * SHARE) for each in listed
        )

    def get_dependency(self, worker_ctx: object) -> KnownProviders:
        """The providers."""
        return self._known
