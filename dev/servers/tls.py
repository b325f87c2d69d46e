"""What a private server is given to speak TLS."""

import ssl
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Files:
    """Where the certificates of the authority are, and a key with the certificate that it signed, in one file.

    Clients have to show one that it signed too where `asks_for_one`.
    """

    authority: Path
    chain: Path
    asks_for_one: bool = False

    def client(self) -> ssl.SSLContext:
        """What a client needs to come in."""
        context = ssl.create_default_context(cafile=self.authority)
        if self.asks_for_one:
            context.load_cert_chain(self.chain)
        return context
