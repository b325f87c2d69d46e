"""The entrypoint by which people replace their own password, and how they prove that they know it."""

from typing import Any

from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.rpc import rpc
from chassis.schema import load
from members.accounts import account, hashing, password
from members.accounts.account import Account, Guess
from members.accounts.desk import SigningIn
from members.accounts.hashing import Hasher
from members.accounts.schemas import PasswordChangeSchema
from members.permission import permit

Answer = dict[str, Any]


class PasswordDesk(SigningIn):
    """Signing in, and looking after the own password."""

    @rpc
    def change_password(self, caller: Answer, **body: Any) -> Answer:
        """Replace the caller's own password, which ends all their sessions but the one that asks: `{account_id}`.

        `client` is the address of who asks. Refuses `invalid`, `no_password` to who signs in without one,
        `password_wrong`, `password_unfit` (with every `why`), `too_many_sign_ins` and `busy_try_again`.
        """
        given, who = load(PasswordChangeSchema(), body), Caller.load(caller)
        permit(who, "change_own_password", who.id)
        with hashing.ROOM.place() as hasher:
            found, guess = self._proven(hasher, who, {**given, "password": given["current_password"]})
            self._welcome_back(who, guess)
            password.check_fit(given["new_password"], str(found.login), given["current_password"])
            if self._replace_password(hasher, who, found, given["new_password"], given["session_id"]) is None:
                raise Refusal("password_wrong")
        return {"account_id": found.id}

    def _proven(self, hasher: Hasher, who: Caller, given: Answer) -> tuple[Account, Guess]:
        """The caller's account once they have said its `password`; a wrong one counts like a wrong sign-in."""
        here = self.accounts.session(given["session_id"])
        mine = [kept.item for kept in self.accounts.of_person(who.id)]
        found = account.with_password(mine, here.account_id if here else "")
        guess = self._guess(str(found.login), given["client"])
        if not hasher.matches(found.password_hash, given["password"]):
            raise Refusal("password_wrong")
        return found, guess
