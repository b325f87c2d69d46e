"""What notify keeps sealed, and with which keys."""

from environs import Env

from chassis.marked import Marked
from chassis.sealing import Sealer
from notify.settings import read

MARKED = (
    Marked("subscriptions", "secrets", "the secrets that webhooks are signed with"),
    Marked("partner_accounts", "password", "the password with which a partner reads its queues"),
)


def sealer() -> Sealer:
    """The sealer with the keys of the settings."""
    return Sealer(read(Env()).secret_key, "SECRET_KEY")
