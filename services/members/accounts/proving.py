"""How somebody proves who they are by a password and a second factor: a guess is counted before it is looked at."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from chassis.caller import Caller
from chassis.clock import Clock
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.records import Kept, Outcome, Writing, again_when_stale, carried_out
from members.accounts import account, second_factor
from members.accounts.account import Account, Guess
from members.accounts.factor_store import FactorStore
from members.accounts.hashing import Hasher
from members.accounts.second_factor import SecondFactor
from members.accounts.session_desk import SessionDesk
from members.changing import known
from members.people.person import Person
from members.people.sign_in_change import SignInChange
from members.people.store import PeopleStore
from members.sealing import Seal

log = structlog.get_logger()

Answer = dict[str, Any]

REPLACED = "account.password_replaced"


class Proving(SessionDesk):
    """What signing in and looking after the own password have in common."""

    factors: FactorStore
    people: PeopleStore
    seal: Seal
    clock: Clock

    def _guess(self, login: str, client: str) -> Guess:
        """Count a password for the login before it is looked at; refuses `too_many_sign_ins`."""
        all_logins = account.Limit(self._print_of("passwords", client), account.WRONG_PASSWORDS)
        return self._guess_at(self.seal.fingerprint(login), self._place_print(login, client), all_logins)

    def _guess_at(self, print: str, place_print: str, *others: account.Limit) -> Guess:
        now, familiar = self.present.now(), self.accounts.is_familiar(place_print)
        guess = Guess(place_print, account.limits(print, place_print, *others, familiar=familiar), now)
        self._count_guess(guess.limits, now)
        return guess

    def _count_guess(self, limits: Sequence[account.Limit], now: datetime) -> None:
        for limit in limits:
            account.check_failures(self.accounts.failures(limit), limit, now)
        for limit in limits:
            account.check_failures(self.accounts.count_failure(limit, now), limit, now)

    def _place_print(self, name: str, client: str) -> str:
        """What stands for one login or phone as it is used from one address."""
        return self.seal.fingerprint(f"{name}\0{client}")

    def _print_of(self, kind: str, id: str) -> str:
        """What stands for something else that is counted: no login begins so, for none has a control character."""
        return self.seal.fingerprint(f"\0{kind}\0{id}")

    def _forgive(self, guess: Guess) -> None:
        """What was guessed was not wrong, and is not enough either."""
        for limit in guess.limits:
            self.accounts.forgive(limit, guess.at)

    def _welcome(self, guess: Guess) -> None:
        """Nothing was wrong: the wrong ones from there are forgotten, and the place is remembered."""
        self._forgive(guess)
        self.accounts.welcome(guess.place_print, guess.at)

    def _welcome_back(self, who: Caller, guess: Guess) -> None:
        """The password was right, and makes the wrong ones forgotten unless a second factor is in force besides."""
        kept = self.factors.of(who.ids)
        if kept is not None and kept.since is not None:
            self._forgive(guess)
        else:
            self._welcome(guess)

    def _pass_second_factor(self, person_id: str, otp: str | None, guess: Guess) -> SecondFactor | None:
        """The one that is in force, whose code was said, if there is one.

        Refuses `second_factor_needed` where nothing is said, `bad_second_factor`, and as `_spent`.
        """
        kept = self._factor_in_force(person_id)
        if kept is None:
            return None
        if otp is None:
            self._forgive(guess)
            raise Refusal("second_factor_needed")
        if not self._spent(kept, otp, guess):
            raise Refusal("bad_second_factor")
        return kept

    def _factor_in_force(self, person_id: str) -> SecondFactor | None:
        person = self.people.person(person_id)
        return second_factor.in_force(self.factors.of(person.ids if person else [person_id]))

    def _spent(self, kept: SecondFactor, code: str, guess: Guess) -> bool:
        """Whether it is a code of the app or a recovery code, which is good no more from now on.

        Refuses `too_many_sign_ins` (`retry_after` in seconds) whatever the code, after too many wrong ones by whomever;
        `guess` is what was right before it, and counts as no wrong one then.
        """
        prints = (self._print_of(kind, f"{kept.id}\0{kept.begun_at}") for kind in ("second factor", "factor of a day"))
        said = Guess("", account.factor_limits(*prints), self.present.now())
        try:
            self._count_guess(said.limits, said.at)
        except Refusal:
            log.warning("too many wrong second factors", person=kept.id)
            self._forgive(guess)
            raise
        if not self._is_right(kept, code):
            return False
        self._forgive(said)
        return True

    def _is_right(self, kept: SecondFactor, code: str) -> bool:
        mark = self._recovery_mark(kept.id, code)
        is_left = second_factor.is_left(kept.recovery, mark)
        step = second_factor.step_of(self.seal.open(kept.secret), code, self.present.now(), kept.last_step)
        if step is not None:
            return self.factors.spend_step(kept, step)
        return is_left and self.factors.spend_recovery(kept, mark)

    def _recovery_mark(self, id: str, code: str) -> str:
        return second_factor.mark(self.seal.key("recovery"), id, code)

    def _renewed(self, hasher: Hasher, found: Account, new: str | None) -> Account:
        """The account with its first password replaced, if that is what it is; refuses `bad_credentials`."""
        if new is None:
            return found
        person = self.people.person(found.person_id)
        by = person.caller() if person else Caller(found.person_id)
        renewed = self._replace_password(hasher, by, found, new)
        if renewed is None:
            raise Refusal("bad_credentials")
        return renewed

    def _replace_password(self, hasher: Hasher, by: Caller, found: Account, new: str, id: str = "") -> Account | None:
        """The account with another password, which ends every session of `by` but the one of that id.

        By the former password of another login of theirs nobody gets in either: whoever was two entries may have two.
        None where somebody has replaced it meanwhile.
        """
        now, asked = self.present.now(), Asked(by, new_id(), "", self.clock.now())
        given: Answer = {"password_hash": hasher.hashed(new), "first_password": False}

        def once() -> Answer:
            kept = self.accounts.records.load(found.id, None)
            if kept.item.password_hash != found.password_hash:
                return {"replaced": False}
            others = [
                each
                for each in self.accounts.of_person(found.person_id)
                if each.id != kept.id and each.item.password_hash
            ]
            changes = [(kept, replace(kept.item, **given)), *((each, account.shut(each.item)) for each in others)]
            written = [
                self.accounts.records.changing(asked, before, Outcome(after, REPLACED, {}, ""), along=True)
                for before, after in changes
            ]
            written.append(self._telling(by, kept.item.person_id, SignInChange.PASSWORD))
            carried_out(written, self.accounts.ending_others(id, by.ids, now))
            return {"replaced": True}

        if not again_when_stale(once)["replaced"]:
            return None
        # The transaction has not seen what was opened while it went on, by the password that was good until its end.
        self.accounts.end_others(id, by.ids, now)
        return replace(found, **given)

    def _telling(self, by: Caller, person_id: str, change: SignInChange) -> Writing:
        """What tells whoever that id turned out to be of the change (see `PeopleStore.telling`)."""
        person = self.people.now(known(self.people.person(person_id), "person_not_found"))
        return self._telling_of(by, self.people.records.load(person.id, None), change)

    def _telling_of(self, by: Caller, kept: Kept[Person], change: SignInChange) -> Writing:
        return self.people.telling(Asked(by, new_id(), "", self.clock.now()), kept, change)
