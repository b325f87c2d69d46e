"""The entrypoints by which people sign in with an identity provider, and link and unlink an identity of theirs."""

import secrets
from collections.abc import Collection
from typing import Any

import structlog

from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.records import again_when_stale, carried_out
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.accounts.account import Account
from members.accounts.desk import RANDOM_BYTES, SigningIn
from members.accounts.store import ending_with
from members.changing import known
from members.identity_providers import begun as rules
from members.identity_providers import linked_identity
from members.identity_providers.asking import KnownProviders
from members.identity_providers.begun import LIFETIME, Begun, Binding, Stage
from members.identity_providers.begun_store import BegunStore
from members.identity_providers.linked_identity import LinkedIdentity
from members.identity_providers.provider import shown
from members.identity_providers.provision import ProvidersProvider
from members.identity_providers.schemas import BeginSchema, ComeBackSchema, IdentitySchema, ProviderSignInSchema
from members.identity_providers.store import LinkedIdentityStore
from members.people.person import Person, check_here
from members.people.sign_in_change import SignInChange
from members.permission import permit, role_of
from members.trail import TrailDesk

Answer = dict[str, Any]

log = structlog.get_logger()

LINKING = "keep_own_linked_identities"
UNANSWERED = frozenset({"identity_provider_away", "identity_provider_unfit"})
"""After which a sign-in is as good as before: nobody has said anything of it."""


class IdentityProviderDesk(SigningIn, TrailDesk):
    """Signing in by what a provider vouches for, which an identity that was linked before makes somebody's here."""

    known_providers: KnownProviders = ProvidersProvider()
    linked: LinkedIdentityStore = Store(LinkedIdentityStore)
    begun_with_providers: BegunStore = Store(BegunStore)

    @rpc
    def identity_providers(self) -> Answer:
        """With which providers anybody may sign in: `{items}`, each `{provider, names}` in both languages."""
        return {"items": [shown(each) for each in self.known_providers]}

    @rpc
    def begin_provider_sign_in(self, **body: Any) -> Answer:
        """Begin a sign-in with a provider: `{url, state, secret, expires_in}`.

        The browser keeps `state` and `secret`; `expires_in` are the seconds that it is good. Refuses `invalid`,
        `unknown_identity_provider`, `unknown_redirect_uri`, `identity_provider_away` (`retry_after` in seconds) and
        `identity_provider_unfit`.
        """
        return self._begun_with_provider(load(BeginSchema(), body), None)

    @rpc
    def sign_in_with_provider(self, **body: Any) -> Answer:
        """Open a session for whom the provider vouches for; `client` is the address of who asks.

        Refuses `invalid`, `unknown_identity_provider`, what `begun.check` and `AskedProvider.subject` refuse,
        `identity_not_linked` where nobody here has that identity, and to who has it `too_many_sign_ins`
        (`retry_after` in seconds), `second_factor_needed`, which leaves the sign-in good, and `bad_second_factor`.
        """
        given = load(ProviderSignInSchema(), body)
        begun = self._proven_with_provider(given, ())
        linked = self.linked.with_print(str(begun.identity_print))
        found = self._account_by_identity(linked)
        if linked is None or found is None:
            raise Refusal("identity_not_linked", provider=given["provider"])
        print = self._print_of("identity", linked.id)
        guess = self._guess_at(print, self._place_print(print, given["client"]))
        passed = self._pass_second_factor(found.person_id, given["otp"], guess)
        if not self.begun_with_providers.spend(begun):
            raise Refusal("provider_sign_in_used")
        self._welcome(guess)
        return self._signed_in(
            found, given["agent"], passed, lambda: self._check_link(linked, found, given["provider"])
        )

    @rpc
    def linked_identities(self, caller: Answer) -> Answer:
        """The caller's identities with providers, the oldest link first: `{items}`."""
        who = Caller.load(caller)
        permit(who, LINKING, who.id)
        providers = self.known_providers.by_issuer
        return {"items": [linked_identity.shown(each, providers) for each in self.linked.of(who.ids)]}

    @rpc
    def begin_linking(self, caller: Answer, **body: Any) -> Answer:
        """Begin to link an identity of the caller's, as `begin_provider_sign_in` answers and refuses.

        What is begun so signs nobody in, and links nothing but to this caller.
        """
        who, given = Caller.load(caller), load(BeginSchema(), body)
        permit(who, LINKING, who.id)
        return self._begun_with_provider(given, who.id)

    @rpc
    def link_identity(self, caller: Answer, **body: Any) -> Answer:
        """Let an identity with a provider be the caller's from now on: as `linked_identities` shows it.

        Refuses `invalid`, `person_not_found`, `person_left`, what `begun.check` and `AskedProvider.subject` refuse,
        `identity_linked`, `identity_linked_elsewhere` and `too_many_identities`.
        """
        who, given = Caller.load(caller), load(ComeBackSchema(), body)
        permit(who, LINKING, who.id)
        person, asked = self._own_person(who), self.known_providers.named(given["provider"])
        check_here(person)
        begun = self._proven_with_provider(given, who.ids)
        print, issuer = str(begun.identity_print), asked.provider.issuer
        made = LinkedIdentity(new_id(), print, issuer, person.id, self.present.now())
        if not self.begun_with_providers.spend(begun):
            raise Refusal("provider_sign_in_used")
        return again_when_stale(lambda: self._link(who, made))

    @rpc
    def unlink_identity(self, caller: Answer, identity_id: str, session_id: str) -> Answer:
        """Take one of the caller's identities away, which ends all their sessions but the one of that id.

        `{identity_id}`: no session knows whether it was opened by that identity. Refuses `invalid`, `person_not_found`,
        `identity_not_found`, `last_way_in` where nothing else would be left to sign in with, and `busy_try_again`.
        """
        load(IdentitySchema(), {"identity_id": identity_id, "session_id": session_id})
        who = Caller.load(caller)
        permit(who, LINKING, who.id)
        person = self._own_person(who)
        answer = again_when_stale(lambda: self._unlink(who, person, identity_id, session_id))
        # The transaction has not seen what was opened while it went on, by the identity that was linked until its end.
        self.accounts.end_others(session_id, sorted(person.ids), self.present.now())
        return answer

    def _link(self, who: Caller, made: LinkedIdentity) -> Answer:
        kept = self.people.records.load(made.person_id, None)
        check_here(kept.item)
        linked_identity.check_free(self.linked.with_print(made.print), self.linked.of(kept.item.ids))
        row = self._identity_row(who, kept.item, made)
        self._audit(who, "linked_identity.added", **row, key=f"added:{made.id}")
        # The person is written too: of who leaves at this moment nothing is kept.
        carried_out([self._telling_of(who, kept, SignInChange.IDENTITY_LINKED)], self.linked.adding(made))
        return linked_identity.shown(made, self.known_providers.by_issuer)

    def _unlink(self, who: Caller, person: Person, id: str, session_id: str) -> Answer:
        kept = self.people.records.load(person.id, None)
        found = known(next((each for each in self.linked.of(person.ids) if each.id == id), None), "identity_not_found")
        self._check_other_way(person, found)
        row = self._identity_row(who, person, found)
        self._audit(who, "linked_identity.removed", **row, key=f"removed:{id}")
        removing = self.linked.removing(id, lambda session: self._check_other_way(person, found, session))
        # The person is written too: of two who take away the last two ways in at once one is turned back.
        ending = self.accounts.ending_others(session_id, sorted(person.ids), self.present.now())
        told = self._telling_of(who, kept, SignInChange.IDENTITY_UNLINKED)
        carried_out([told], ending_with(removing, ending))
        return {"identity_id": id}

    def _check_other_way(self, person: Person, gone: LinkedIdentity, session: Any = None) -> None:
        """By an identity whose provider is listed no more nobody gets in, so nobody is locked out by its end."""
        issuers = self.known_providers.by_issuer
        if gone.issuer not in issuers:
            return
        accounts = self.accounts.records.find({"person_id": person.id}, session=session)
        left = [each for each in self.linked.of(person.ids, session) if each.id != gone.id]
        linked_identity.check_other_way((each.item for each in accounts), left, issuers)

    def _identity_row(self, who: Caller, person: Person, linked: LinkedIdentity) -> Answer:
        """What a row of the trail says of it: in which role, whose, where, and which."""
        areas, details = sorted(person.areas, key=len), {"identity": linked.id, "issuer": linked.issuer}
        role = role_of(who, LINKING, who.id)
        return {"role": role, "kind": "person", "id": person.id, "areas": areas, "details": details}

    def _own_person(self, who: Caller) -> Person:
        """Whoever the caller turned out to be; refuses `person_not_found`."""
        return self.people.now(known(self.people.person(who.id), "person_not_found"))

    def _begun_with_provider(self, given: Answer, person_id: str | None) -> Answer:
        asked = self.known_providers.named(given["provider"])
        binding = self._binding(secrets.token_urlsafe(RANDOM_BYTES), secrets.token_urlsafe(RANDOM_BYTES))
        redirect_uri = asked.provider.redirect_uri(given["redirect_uri"])
        begun = rules.begun(binding, asked.provider.id, redirect_uri, person_id, self.present.now())
        url = asked.address(begun, binding)
        self.begun_with_providers.keep(begun)
        seconds = int(LIFETIME.total_seconds())
        return {"url": url, "state": binding.state, "secret": binding.secret, "expires_in": seconds}

    def _proven_with_provider(self, given: Answer, whose: Collection[str]) -> Begun:
        """The sign-in, once the provider has vouched for somebody; what was proven before is not asked again."""
        binding = self._binding(given["state"], given["secret"])
        self.known_providers.named(given["provider"])
        found = self.begun_with_providers.one(binding.id)
        begun = rules.check(found, binding, given["code"], given["provider"], whose, self.present.now())
        if begun.stage is Stage.PROVEN:
            return begun
        if not self.begun_with_providers.take(begun):
            raise Refusal("provider_sign_in_used")
        print = self._vouched(begun, binding, given)
        return self.begun_with_providers.prove(begun, binding.mark_of(given["code"]), print)

    def _vouched(self, begun: Begun, binding: Binding, given: Answer) -> str:
        """What stands for the identity that the provider vouches for."""
        asked = self.known_providers.named(begun.provider)
        try:
            subject = asked.subject(begun, binding, given["code"], given["iss"], self.present.now())
        except Refusal as refused:
            log.warning("sign-in with a provider refused", provider=begun.provider, code=refused.code)
            if refused.code in UNANSWERED:
                self.begun_with_providers.give_back(begun)
            raise
        return self.seal.fingerprint(linked_identity.printed(asked.provider.issuer, subject))

    def _check_link(self, linked: LinkedIdentity, found: Account, provider: str) -> None:
        if self.linked.with_print(linked.print) != linked or self.accounts.account(found.id) is None:
            raise Refusal("identity_not_linked", provider=provider)

    def _account_by_identity(self, linked: LinkedIdentity | None) -> Account | None:
        """The first of the person's accounts that may be signed in to, whoever they turned out to be meanwhile."""
        person = self.people.person(linked.person_id) if linked else None
        mine = self.accounts.of_person(self.people.now(person).id) if person else []
        return next((each.item for each in mine if each.item.active), None)

    def _binding(self, state: str, secret: str) -> Binding:
        return Binding(self.seal.key("provider sign-in"), state, secret)
