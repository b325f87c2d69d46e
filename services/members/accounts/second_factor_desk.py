"""The entrypoints by which people take a second factor, confirm it, see how it stands and end it."""

import secrets
from functools import partial
from typing import Any

from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.records import again_when_stale, carried_out
from chassis.rpc import rpc
from chassis.schema import load
from members.accounts import account, hashing, second_factor
from members.accounts.password_desk import PasswordDesk
from members.accounts.schemas import FactorBegunSchema, FactorConfirmedSchema, FactorEndSchema
from members.accounts.second_factor import SecondFactor
from members.accounts.store import Beside, unless_overtaken
from members.people.sign_in_change import SignInChange
from members.permission import permit

Answer = dict[str, Any]


class SecondFactorDesk(PasswordDesk):
    """Looks after the own second factor, with the password each time that something changes for good."""

    @rpc
    def begin_second_factor(self, caller: Answer, **body: Any) -> Answer:
        """Give the caller a second factor, which is pending: `{secret, uri, recovery_codes}`, shown this once.

        One that was pending is void. Refuses `invalid`, `no_password`, `password_wrong`, `too_many_sign_ins`,
        `second_factor_active` and `busy_try_again`.
        """
        given, who = load(FactorBegunSchema(), body), _whose(caller)
        with hashing.ROOM.place() as hasher:
            found, guess = self._proven(hasher, who, given)
        self._welcome_back(who, guess)
        if (kept := self.factors.of(who.ids)) and kept.since:
            raise Refusal("second_factor_active")
        secret = second_factor.secret_of(secrets.token_bytes(second_factor.SECRET_BYTES))
        numbers = [secrets.randbelow(second_factor.RECOVERIES) for _ in range(second_factor.RECOVERY_CODES)]
        codes = second_factor.recovery_codes(numbers)
        marks = tuple(self._recovery_mark(who.id, code) for code in codes)
        self.factors.begin(SecondFactor(who.id, self.seal.close(secret), marks, guess.at))
        return {"secret": secret, "uri": second_factor.uri(secret, str(found.login)), "recovery_codes": codes}

    @rpc
    def confirm_second_factor(self, caller: Answer, **body: Any) -> Answer:
        """Put the caller's pending second factor in force by a code of the app: how it stands.

        It ends all their sessions but the one that asks: those were opened without it. Refuses `invalid`,
        `second_factor_not_pending`, `second_factor_wrong`, `busy_try_again`, and `too_many_sign_ins` (`retry_after` in
        seconds) after as many wrong ones, whichever was pending, as of passwords.
        """
        given, who, now = load(FactorConfirmedSchema(), body), _whose(caller), self.present.now()
        kept = self.factors.of(who.ids)
        if kept is None or kept.since is not None:
            raise Refusal("second_factor_not_pending")
        limit = account.Limit(self._print_of("confirming", kept.id), account.FROM_ONE_ADDRESS)
        self._count_guess([limit], now)
        step = second_factor.step_of(self.seal.open(kept.secret), given["code"], now, kept.last_step)
        if step is None:
            raise Refusal("second_factor_wrong")
        confirming = unless_overtaken(partial(self.factors.confirm, kept, step, now), Refusal("second_factor_wrong"))
        self._telling_owner(who, SignInChange.SECOND_FACTOR_BEGUN, confirming)
        self.accounts.forgive(limit, now)
        self.accounts.end_others(given["session_id"], who.ids, now)
        return second_factor.shown(self.factors.of(who.ids))

    @rpc
    def second_factor(self, caller: Answer) -> Answer:
        """How the caller's second factor stands: `{state, since, recovery_left}`."""
        return second_factor.shown(self.factors.of(_whose(caller).ids))

    @rpc
    def end_second_factor(self, caller: Answer, **body: Any) -> Answer:
        """End the caller's second factor, one in force by the password and a code: how it stands.

        Refuses `invalid`, `no_password`, `password_wrong`, `no_second_factor`, `second_factor_wrong`, which counts
        like a wrong password, `too_many_sign_ins` and `busy_try_again`.
        """
        given, who = load(FactorEndSchema(), body), _whose(caller)
        with hashing.ROOM.place() as hasher:
            _, guess = self._proven(hasher, who, given)
        kept = self.factors.of(who.ids)
        if kept is None:
            self._forgive(guess)
            raise Refusal("no_second_factor")
        if kept.since is not None and not self._spent(kept, given["code"], guess):
            raise Refusal("second_factor_wrong")
        overtaken = Refusal("busy_try_again", retry_after=hashing.AGAIN_SECONDS)
        if kept.since is not None:
            ending = unless_overtaken(partial(self.factors.end_as_read, kept), overtaken)
            self._telling_owner(who, SignInChange.SECOND_FACTOR_ENDED, ending)
        elif not self.factors.end_as_read(kept):
            raise overtaken
        self._welcome(guess)
        return second_factor.shown(self.factors.of(who.ids))

    def _telling_owner(self, who: Caller, change: SignInChange, write: Beside) -> None:
        """Write the change and what tells of it together."""
        again_when_stale(lambda: carried_out([self._telling(who, who.id, change)], write)[0])


def _whose(caller: Answer) -> Caller:
    who = Caller.load(caller)
    permit(who, "keep_own_second_factor", who.id)
    return who
