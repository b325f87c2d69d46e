"""The entrypoints for signing in and staying so: codes, passwords, refresh tokens. All of it runs on real time."""

import random
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog

from chassis.caller import Caller
from chassis.clock import Clock, SystemClock
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.instant import written
from chassis.rpc import DeadlineExceeded, Remote, RemoteFault, Unreachable, rpc
from chassis.schema import load
from chassis.store import Store
from members.accounts import account, hashing, one_time_code, password, second_factor, session
from members.accounts.account import Account, Guess
from members.accounts.factor_store import FactorStore
from members.accounts.hashing import Hasher
from members.accounts.later import Later, LaterProvider
from members.accounts.one_time_code import OneTimeCode, Quota
from members.accounts.proving import Proving
from members.accounts.schemas import CodeRequestSchema, CodeSchema, PasswordSchema, RefreshSchema
from members.accounts.second_factor import SecondFactor
from members.accounts.session import Session, Token, Verdict
from members.accounts.store import AccountStore
from members.keys import DemoProvider, SealProvider
from members.people.store import PeopleStore
from members.sealing import Seal

log = structlog.get_logger()

RANDOM_BYTES = 32

SENT_AFTER_SECONDS = (0.1, 0.5)
"""When the code of a sign-in is sent, at random: long after the answer, and nobody knows which request that slows."""


def _sent_after() -> float:
    return random.uniform(*SENT_AFTER_SECONDS)  # noqa: S311 - spreads the work, nothing else


Answer = dict[str, Any]


class SigningIn(Proving):
    """The part of the service that opens and continues sessions."""

    accounts: AccountStore = Store(AccountStore)
    factors: FactorStore = Store(FactorStore)
    people: PeopleStore
    notify: Any = Remote("notify")
    seal: Seal = SealProvider()
    demo: bool = DemoProvider()
    present: Clock = SystemClock()
    later: Later = LaterProvider()
    code_waits: Callable[[], float] = staticmethod(_sent_after)

    @rpc
    def request_code(self, **body: Any) -> Answer:
        """Begin a sign-in and send its code to the phone: `{sign_in_id, expires_in}` with the seconds that it is good.

        `client` is the address of who asks. Answer, limits and work are the same when nobody has that phone.
        Refuses `invalid` and `too_many_codes` (`retry_after` in seconds).
        """
        given = load(CodeRequestSchema(demo=self.demo), body)
        phone, phone_print, now = given["phone"], self.seal.fingerprint(given["phone"]), self.present.now()
        self._count_code(self._quotas(phone_print, given["client"]), now)
        id, text = secrets.token_urlsafe(RANDOM_BYTES), one_time_code.text_of(secrets.randbelow(10**6))
        code = OneTimeCode(id, phone_print, self._code_hash(id, text), now + one_time_code.LIFETIME)
        self.accounts.keep_code(code)
        if self.accounts.with_phone(phone_print):
            # The answer is gone by then, and the next ones are not slower either: both would tell who is known.
            self.later.after(self.code_waits(), self._send_code, phone, text, code.expires_at)
        return {"sign_in_id": id, "expires_in": int(one_time_code.LIFETIME.total_seconds())}

    @rpc
    def sign_in_with_code(self, **body: Any) -> Answer:
        """Open a session for whoever began the sign-in and has its code; `client` is the address of who asks.

        Refuses `invalid`, `bad_code` (with `tries_left`), `code_expired`, `too_many_tries`, `too_many_sign_ins`
        (`retry_after` in seconds), and to who has the code `second_factor_needed`, which leaves it good, and
        `bad_second_factor`.
        """
        given, now = load(CodeSchema(), body), self.present.now()
        tried = self.accounts.try_code(given["sign_in_id"])
        guess = Guess("", self._code_limits(tried, given["client"]), now)
        self._count_guess(guess.limits, now)
        code = one_time_code.check(tried, self._code_hash(given["sign_in_id"], given["code"]), now)
        found = self.accounts.with_phone(code.phone_print)
        passed = self._pass_second_factor(found.person_id, given["otp"], guess) if found is not None else None
        if found is None or not self.accounts.spend_code(code):
            raise Refusal("bad_code")
        self._forgive(guess)
        self.accounts.welcome(self._place_print(code.phone_print, given["client"]), now)
        self.accounts.take_back(code.phone_print, code.expires_at - one_time_code.LIFETIME)
        return self._signed_in(found, given["agent"], passed, lambda: self._check_phone(found, code.phone_print))

    @rpc
    def sign_in_with_password(self, **body: Any) -> Answer:
        """Open a session for whoever has the login and its password; `client` is the address of who asks.

        A first password is replaced by `new_password` in the same breath. Refuses `invalid`, `bad_credentials`,
        `too_many_sign_ins` (`retry_after` in seconds), and to who knows the password `password_to_be_changed`,
        `no_first_password`, `password_unfit`, `second_factor_needed` and `bad_second_factor`, which counts like a wrong
        password. Refuses `busy_try_again` (`retry_after` in seconds) before anything is looked at or counted, whatever
        the login.
        """
        given = load(PasswordSchema(), body)
        with hashing.ROOM.place() as hasher:
            guess = self._guess(given["login"], given["client"])
            found = self._account_by_password(hasher, given)
            self._check_renewal(found, given, guess)
            passed = self._pass_second_factor(found.person_id, given["otp"], guess)
            found = self._renewed(hasher, found, given["new_password"])
        self._welcome(guess)
        return self._signed_in(found, given["agent"], passed, lambda: self._check_password(found))

    @rpc
    def refresh(self, **body: Any) -> Answer:
        """Exchange a refresh token for its successor; repeated within half a minute, for the same one.

        Refuses `invalid`, `session_ended`, and `token_reused`, which also ends the session.
        """
        token = session.parsed(load(RefreshSchema(), body)["refresh_token"])
        following = self._following(token) if token else None
        kept = self.accounts.session(following.session_id) if following else None
        found = self.accounts.account(kept.account_id) if kept else None
        if found is None or kept is None or following is None:
            raise Refusal("session_ended")
        return self._answer(found, kept, following)

    def _quotas(self, phone_print: str, client: str) -> tuple[Quota, ...]:
        place_print = self._place_print(phone_print, client)
        return one_time_code.quotas(phone_print, place_print, familiar=self.accounts.is_familiar(place_print))

    def _count_code(self, quotas: Sequence[Quota], now: datetime) -> None:
        before = [self.accounts.sent(quota) for quota in quotas]
        for quota, sent in zip(quotas, before, strict=True):
            one_time_code.check_quota(quota, sent, now)
        for quota, sent in zip(quotas, before, strict=True):
            if not self.accounts.note_sent(quota, sent, now):
                raise Refusal("too_many_codes", retry_after=int(one_time_code.PAUSE.total_seconds()))

    def _code_limits(self, tried: OneTimeCode | None, client: str) -> tuple[account.Limit, ...]:
        """What counts the guess: nothing for a sign-in that nobody began, or where somebody has signed in before."""
        if tried is None or self.accounts.is_familiar(self._place_print(tried.phone_print, client)):
            return ()
        return (account.Limit(self._print_of("codes", client), account.WRONG_CODES),)

    def _account_by_password(self, hasher: Hasher, given: Answer) -> Account:
        found = self.accounts.with_login(given["login"])
        kept = found.password_hash if found else None
        if not hasher.matches(kept, given["password"]) or found is None:
            raise Refusal("bad_credentials")
        return found

    def _check_renewal(self, found: Account, given: Answer, guess: Guess) -> None:
        try:
            password.check_renewal(
                given["login"], given["password"], given["new_password"], is_first=found.first_password
            )
        except Refusal:
            self._forgive(guess)
            raise

    def _following(self, token: Token) -> Token | None:
        """The token's successor, or None when it is void."""
        kept, key, now = self.accounts.session(token.session_id), self.seal.key("token"), self.present.now()
        verdict = session.judge(kept, token, key, now) if kept else Verdict.VOID
        if kept is None or verdict is Verdict.VOID:
            return None
        if verdict is Verdict.REUSED:
            self._end_for_reuse(kept, now)
        if verdict is Verdict.FRESH:
            moved, _ = session.rotated(kept, token, key, now)
            if not self.accounts.rotate(moved):
                return self._following(token)
        return session.successor(token, key)

    def _end_for_reuse(self, kept: Session, now: datetime) -> None:
        log.warning("a refresh token came back", session=kept.id)
        self.accounts.end_session(kept.id, [kept.person_id], "reuse", now)
        raise Refusal("token_reused")

    def _signed_in(
        self, found: Account, agent: str, passed: SecondFactor | None, check_proof: Callable[[], None]
    ) -> Answer:
        """A session, if what it was opened by is good still: `check_proof` refuses where it is not.

        Whatever makes a proof void, or asks for more, is written before it ends sessions: either it has seen this one,
        or it is seen here.
        """
        secret = secrets.token_urlsafe(RANDOM_BYTES)
        opened, token = session.opened(new_id(), found.id, found.person_id, secret, self.present.now(), agent)
        self.accounts.open_session(opened)
        try:
            answer = self._answer(found, opened, token)
            check_proof()
            second_factor.check_passed(self._factor_in_force(found.person_id), passed)
        except Refusal:
            self.accounts.end_session(opened.id, [found.person_id], "elsewhere", self.present.now())
            raise
        self._end_too_many(Caller.load(answer["caller"]))
        return answer

    def _end_too_many(self, who: Caller) -> None:
        """Whoever signs in once more than anybody may be signed in is out where they were not for longest."""
        now = self.present.now()
        if more := session.too_many(self.accounts.sessions_of(who.ids, now)):
            self.accounts.end_each(more, "too_many", now)

    def _check_password(self, found: Account) -> None:
        after = self.accounts.account(found.id)
        if after is None or after.password_hash != found.password_hash:
            raise Refusal("bad_credentials")

    def _check_phone(self, found: Account, phone_print: str) -> None:
        after = self.accounts.account(found.id)
        if after is None or after.phone_print != phone_print:
            raise Refusal("bad_code")

    def _answer(self, found: Account, kept: Session, token: Token) -> Answer:
        person = self.people.person(found.person_id)
        if person is None or not person.active:  # who leaves at this very moment
            raise Refusal("session_ended")
        return {
            "account_id": found.id,
            "person_id": person.id,
            "caller": person.caller().dump(),
            "narrowed": person.narrowed,
            "signed_in_at": int(kept.opened_at.timestamp()),
            "session_id": kept.id,
            "refresh_token": str(token),
            "refresh_expires_at": written(kept.expires_at),
        }

    def _code_hash(self, id: str, text: str) -> str:
        return one_time_code.hashed(self.seal.key("code"), id, text)

    def _send_code(self, phone: str, text: str, expires_at: datetime) -> None:
        try:
            self.notify.send_code(phone=phone, code=text, expires_at=written(expires_at))
        except (Refusal, Unreachable, DeadlineExceeded, RemoteFault) as error:
            log.warning("a one-time code was not sent", error=type(error).__name__)
