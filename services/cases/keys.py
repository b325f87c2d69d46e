"""The keys of this service, read from the settings: what seals its marked fields."""

from environs import Env

from cases.marked import MARKED
from chassis.keyring import Keyring
from chassis.sealing import Sealer


def sealer() -> Sealer:
    """The sealer with the keys of the settings; raises `environs.EnvError` or ValueError that names them."""
    return Sealer(Env().str("CASES_PERSON_KEYS"), "CASES_PERSON_KEYS")


class SealProvider(Keyring):
    """Injects the sealer; missing, malformed or wrong keys keep the service from starting."""

    def __init__(self) -> None:
        super().__init__(sealer, MARKED)
