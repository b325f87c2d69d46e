"""The entrypoints of certificates: asking for one, reading it, checking it without an account, taking it back (F58)."""

import secrets
from typing import Any

from chassis.caller import Caller
from chassis.command import Asked
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.records import Outcome, again_when_stale, carried_out
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.certificates import certificate as rules
from members.certificates.certificate import CODE_LETTERS, ISSUED, LETTERS, NUMBER_LETTERS, REVOKED, Certificate, Line
from members.certificates.schemas import AskSchema, CertificatePageSchema, CheckSchema, NumberSchema, RevokeSchema
from members.certificates.store import CertificateStore
from members.hours.ledger import standing
from members.hours.record import State
from members.hours.store import HoursStore
from members.people.person import LOCAL, Person
from members.people.store import PeopleStore
from members.permission import may, permit, role_of, tenants
from members.stars.star import CERTIFIED
from members.stars.store import BookStore
from members.territory.store import TerritoryStore

Answer = dict[str, Any]


class CertificateDesk(Desk):
    """Certifies what the ledger says, and lets anybody check it who has the certificate in hand."""

    certificates_kept: CertificateStore = Store(CertificateStore)
    hours_kept: HoursStore
    books_kept: BookStore
    people: PeopleStore
    territory: TerritoryStore

    @rpc
    def issue_certificate(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Certify the caller's own hours of a period: the receipt with `number`, `minutes` and `hours`.

        Refuses `certificate_ends_too_early` and `date_in_the_future` together, `no_hours_in_period`, and
        `correction_waits` while a service of the period is looked into again.
        """
        given, asked = load(AskSchema(), body), self._asked(caller, command_id, body)
        permit(asked.caller, "issue_own_certificate", asked.caller.id)
        rules.check_asked(given["first"], given["last"], asked.now.astimezone(LOCAL).date())
        return again_when_stale(lambda: self._issued(asked, given))

    @rpc
    def certificate(self, caller: Answer, **body: Any) -> Answer:
        """One certificate: all of it for its person, without name and code for who sees those of the area.

        Refuses `invalid` and `certificate_not_found`, also for one that the caller does not see.
        """
        who, number = Caller.load(caller), load(NumberSchema(), body)["number"]
        found = self.certificates_kept.records.load(number, tenants(who)).item
        person = next((each for _, each in self.people.as_asked([found.person_id])), None)
        masked = _masked(person)
        if may(who, "issue_own_certificate", found.person_id):
            return rules.whole(found, masked, person.name if person else "")
        if not may(who, "see_certificates", found.issuer):
            raise Refusal("certificate_not_found")
        return rules.whole(found, masked, None)

    @rpc
    def own_certificate(self, caller: Answer, **body: Any) -> Answer:
        """All of a certificate of the caller's, for print.

        Refuses `invalid` and `certificate_not_found`, also for another's.
        """
        who, number = Caller.load(caller), load(NumberSchema(), body)["number"]
        found = self.certificates_kept.records.load(number, tenants(who)).item
        person = self.people.person(who.id)
        if person is None or not may(who, "issue_own_certificate", found.person_id):
            raise Refusal("certificate_not_found")
        return rules.whole(found, person.shown_name, person.name)

    @rpc
    def certificates(self, caller: Answer, **page: Any) -> Answer:
        """A page of the caller's own certificates, the latest first: `{items, next}`."""
        who, given = Caller.load(caller), load(CertificatePageSchema(), page)
        permit(who, "issue_own_certificate", who.id)
        limit = given["limit"]
        found = self.certificates_kept.page(who.ids, given["after"], limit + 1)
        shown = [kept.item for kept in found[:limit]]
        more = len(found) > limit
        return {
            "items": [rules.checked(each, None) for each in shown],
            "next": [shown[-1].issued_at.isoformat(), shown[-1].number] if more else None,
        }

    @rpc
    def check_certificate(self, **body: Any) -> Answer:
        """What anybody may check with number and code: whether it stands, hours, period, issuer, and the masked name.

        Refuses `certificate_not_found`, also for another code: nobody learns which numbers there are.
        """
        given = load(CheckSchema(), body)
        found = self.certificates_kept.records.load(given["number"].strip().upper(), None).item
        if not rules.opens(found, given["code"]):
            raise Refusal("certificate_not_found")
        person = next((each for _, each in self.people.as_asked([found.person_id])), None)
        return rules.checked(found, _masked(person))

    @rpc
    def revoke_certificate(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Take a certificate back: the receipt.

        Refuses `certificate_not_found`, `not_permitted`, `own_hours` and `certificate_not_valid`.
        """
        given, asked = load(RevokeSchema(), body), self._asked(caller, command_id, body)

        def decide(found: Certificate) -> Outcome[Certificate]:
            permit(asked.caller, "revoke_certificate", found.issuer)
            if asked.caller.is_(found.person_id):
                raise Refusal("own_hours")
            after = rules.revoked(found, given["reason"], asked.now)
            role = role_of(asked.caller, "revoke_certificate", found.issuer)
            return Outcome(after, REVOKED, rules.told(after), role, answer={"state": after.state.value})

        return self.certificates_kept.records.change(asked, given["number"], tenants(asked.caller), decide)

    def _issued(self, asked: Asked, given: Answer) -> Answer:
        if answer := self.certificates_kept.records.answered(asked):
            return answer
        # Whatever is settled or looked into again meanwhile makes the book stale, and the certificate is made anew. So
        # does this for the others: who ends the certificates of a record may have looked for them before this one.
        book = self.books_kept.of(asked.caller.id)
        rows = standing(self.hours_kept.rows_between(asked.caller.ids, given["first"], given["last"])).values()
        records = {each.id: each for each in self.hours_kept.of_ids({row.record_id for row in rows})}
        if any(each.state is State.REOPENED for each in records.values()):
            raise Refusal("correction_waits")
        titles = {id: each.name for id, each in records.items()}
        lines = tuple(
            Line(row.record_id, row.day, titles[row.record_id], row.grid_code, row.minutes)
            for row in sorted(rows, key=lambda each: (each.day, each.record_id))
        )
        if not lines or book is None:
            raise Refusal("no_hours_in_period")
        issuer = rules.issuer_of(lines)
        area = self.territory.area(issuer)
        made = Certificate(
            number=rules.numbered(issuer[:6], asked.now, _letters(NUMBER_LETTERS)),
            code=_letters(CODE_LETTERS),
            person_id=asked.caller.id,
            **given,
            lines=lines,
            issuer=issuer,
            issuer_name=area.name if area else issuer,
            issued_at=asked.now,
        )
        said = rules.checked(made, None)
        answer = {name: said[name] for name in ("number", "state", "first", "last", "minutes", "hours", "issuer_name")}
        role = role_of(asked.caller, "issue_own_certificate", asked.caller.id)
        outcome = Outcome(made, ISSUED, rules.told(made), role, answer=answer)
        opening = self.certificates_kept.records.opening(asked, outcome)
        return carried_out([opening, self.books_kept.noting(asked, book, CERTIFIED, role)])[0]


def _masked(person: Person | None) -> str | None:
    """The masked name, None of somebody who is deleted: a certificate stands, and says no more whose it is."""
    return person.shown_name if person is not None and person.erased_at is None else None


def _letters(many: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(many))
