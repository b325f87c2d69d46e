"""A word to the number that somebody had: whoever lost it to another is to be warned, and reads no inbox."""

from typing import Any

import structlog

from chassis.errors import Refusal
from chassis.rpc import DeadlineExceeded, RemoteFault, Unreachable
from members.accounts.later import Later
from members.people.store import Enrolled
from members.sealing import Seal

log = structlog.get_logger()


class FormerPhones:
    """What desks have in common after which an account has another phone."""

    later: Later
    notify: Any
    seal: Seal

    def _tell_former(self, former: Enrolled, phone: str | None, at: str) -> None:
        """Tell the number of before, a little later, that the account has this one since `at`."""
        person, sealed = former
        if sealed is not None and phone is not None:
            self.later.after(0, self._warn_former, self.seal.open(sealed), phone, at, person.language)

    def _warn_former(self, lost: str, phone: str, at: str, language: str) -> None:
        if lost == phone:
            return
        try:
            self.notify.send_phone_changed(phone=lost, changed_at=at, language=language)
        except (Refusal, Unreachable, DeadlineExceeded, RemoteFault) as error:
            log.warning("a former phone was not told", error=type(error).__name__)
