"""The entrypoints by which people change their own phone: a code to the new number proves that it is theirs."""

import secrets
from typing import Any

from chassis.caller import Caller
from chassis.command import Asked
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.records import Outcome, Writing, again_when_stale, carried_out
from chassis.rpc import rpc
from chassis.schema import load
from members.accounts import account, one_time_code
from members.accounts.account import Account
from members.accounts.desk import RANDOM_BYTES, SigningIn
from members.accounts.former_phones import FormerPhones
from members.accounts.one_time_code import OneTimeCode
from members.accounts.schemas import CodeRequestSchema, PhoneChangeSchema
from members.people.person import Person, check_here
from members.people.sign_in_change import SignInChange
from members.people.store import SIGN_IN_CHANGED, Enrolled
from members.permission import permit

Answer = dict[str, Any]


class PhoneDesk(SigningIn, FormerPhones, Desk):
    """Signing in, and moving the own account to another phone."""

    @rpc
    def request_phone_code(self, caller: Answer, **body: Any) -> Answer:
        """Send a code to the phone that is to be the caller's: `{sign_in_id, expires_in}`.

        The code changes that caller's phone and signs nobody in. Refuses `invalid`, `person_not_found` to a program,
        `person_left`, and `too_many_codes`, also where the caller has asked for too many phones.
        """
        who, given = Caller.load(caller), load(CodeRequestSchema(demo=self.demo), body)
        permit(who, "change_own_phone", who.id)
        self._here(who)
        phone, phone_print, now = given["phone"], self.seal.fingerprint(given["phone"]), self.present.now()
        own = one_time_code.own_phone_quota(self.seal.fingerprint(f"own phone\0{who.id}"))
        self._count_code((own, *self._quotas(phone_print, given["client"])), now)
        id, text = secrets.token_urlsafe(RANDOM_BYTES), one_time_code.text_of(secrets.randbelow(10**6))
        code = OneTimeCode(id, phone_print, self._code_hash(f"{id}\0{who.id}", text), now + one_time_code.LIFETIME)
        self.accounts.keep_code(code)
        self.later.after(0, self._send_code, phone, text, code.expires_at)
        return {"sign_in_id": id, "expires_in": int(one_time_code.LIFETIME.total_seconds())}

    @rpc
    def change_phone(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Make the phone that the code came to the caller's own: the receipt.

        Nothing opens by a phone that they had before, which is told so; all their sessions but the one that asks end.

        Refuses `invalid`, `phone_code_wrong`, also of one that has expired, `too_many_tries`, `phone_taken`,
        `person_not_found` and `person_left`.
        """
        given = load(PhoneChangeSchema(demo=self.demo), body)
        asked = self._asked(caller, command_id, {"phone": self.seal.fingerprint(given["phone"])})
        permit(asked.caller, "change_own_phone", asked.caller.id)
        if answer := self.people.enrolled.answered(asked):
            return answer
        ids = sorted(self._here(asked.caller).ids)
        self._check_phone_code(asked, given)
        with self.accounts.one_way_each():
            answer = again_when_stale(lambda: self._move_to_phone(asked, given))
        # The transaction has not seen what was opened while it went on, by the phone that was theirs until its end.
        self.accounts.end_others(given["session_id"], ids, self.present.now())
        return answer

    def _check_phone_code(self, asked: Asked, given: Answer) -> None:
        id = given["sign_in_id"]
        code_hash = self._code_hash(f"{id}\0{asked.caller.id}", given["code"])
        try:
            code = one_time_code.check(self.accounts.try_code(id), code_hash, self.present.now())
        except Refusal as refused:
            if refused.code == "too_many_tries":
                raise
            raise Refusal("phone_code_wrong", **refused.details) from None  # who is signed in already stays so
        if code.phone_print != self.seal.fingerprint(given["phone"]) or not self.accounts.spend_code(code):
            raise Refusal("phone_code_wrong")

    def _move_to_phone(self, asked: Asked, given: Answer) -> Answer:
        known, phone = self._here(asked.caller), given["phone"]
        kept = self.people.enrolled.load(known.id, [known.tenant])
        person = kept.item[0]
        moved_to: Enrolled = (person, self.seal.close(phone))
        outcome = Outcome(moved_to, SIGN_IN_CHANGED, {"change": SignInChange.PHONE.value}, "")
        moved = self.people.enrolled.changing(asked, kept, outcome)
        ending = self.accounts.ending_others(given["session_id"], sorted(person.ids), self.present.now())
        answer = carried_out([moved, *self._accounts_with(asked, person, phone)], ending)[0]
        self._tell_former(kept.item, phone, answer["at"])
        return answer

    def _here(self, who: Caller) -> Person:
        known = self.people.enrolled_as(who.id)
        if known is None:
            raise Refusal("person_not_found")
        check_here(known[0])
        return known[0]

    def _accounts_with(self, asked: Asked, person: Person, phone: str) -> list[Writing]:
        """What lets them sign in by this phone and by none of before; who signs in by password goes on doing so."""
        records, phone_print = self.accounts.records, self.seal.fingerprint(phone)
        found = {kept.item: kept for kept in self.accounts.of_person(person.id)}
        if any(each.opens for each in found):
            moved = account.moved_to_phone(found, phone_print)
            return [
                records.changing(asked, found[each], Outcome(after, _event(after), {}, ""), along=True)
                for each, after in moved.items()
            ]
        fresh = Account(new_id(), person.id, person.tenant, phone_print=phone_print)
        return [records.opening(asked, Outcome(fresh, "account.opened", {}, ""), along=True)]


def _event(after: Account) -> str:
    return "account.moved_to_phone" if after.phone_print else "account.released"
