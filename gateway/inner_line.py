"""HTTP with instances of services, on their internal ports: without a proxy, under TLS where their address says so."""

from typing import Any

import requests
from requests.adapters import HTTPAdapter

from gateway.instances import Instance


class InnerLine(requests.Session):
    """Connections to instances, which are kept open."""

    def __init__(self, ca_file: str = "", pool: int = 1) -> None:
        """`ca_file` has the authorities of their certificates ("": those that requests knows); `pool` is for each."""
        super().__init__()
        self.trust_env = False
        self.verify = ca_file or True
        self._pool = pool
        self.mount("http://", HTTPAdapter(pool_maxsize=pool))

    def to(self, instance: Instance, method: str, path: str, **options: Any) -> requests.Response:
        """What this instance answers; raises as requests does, also when its certificate is not of its name."""
        prefix = f"{instance.url}/"
        if prefix.startswith("https:") and prefix not in self.adapters:
            self.mount(prefix, _Named(instance.name, pool_maxsize=self._pool))
        return self.request(method, instance.url + path, allow_redirects=False, **options)


class _Named(HTTPAdapter):
    """Wants the certificate of a name at an address that was looked up for it."""

    def __init__(self, name: str, **options: Any) -> None:
        self._name = name
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Called by requests once, before the first connection."""
        super().init_poolmanager(*args, **options, assert_hostname=self._name, server_hostname=self._name)


def beginning(error: BaseException) -> BaseException:
    """The error that all began with, like a certificate that is over: requests and urllib3 put theirs around it."""
    within = (each for each in (*error.args, error.__cause__) if isinstance(each, BaseException))
    reason = getattr(error, "reason", None)  # a text, where OpenSSL says it
    first = reason if isinstance(reason, BaseException) else next(within, None)
    return beginning(first) if first is not None else error
