"""The entrypoints of keys for programs: the office opens, lists and ends them; the gateway asks whose one is."""

import secrets
from collections.abc import Sequence
from functools import partial
from typing import Any

from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.event import Event, heard
from chassis.ids import new_id
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from chassis.subscribe import subscribe
from members.api_keys import api_key as rules
from members.api_keys.api_key import ENDED, OPENED, ApiKey
from members.api_keys.schemas import (
    ApiKeyIdSchema,
    ApiKeySchema,
    ApiKeysSchema,
    ClientSchema,
    SecretSchema,
    UnitClosedSchema,
)
from members.api_keys.store import ApiKeyStore
from members.organisations.store import UnitStore
from members.organisations.unit import CLOSED
from members.people.store import PeopleStore
from members.permission import ITSELF, permitted_role, scopes_for, tenants
from members.schemas import IdsSchema
from members.sealing import Seal

Answer = dict[str, Any]

RANDOM_BYTES = 32
ACT = "keep_api_keys"


class ApiKeyDesk(Desk):
    """Keeps the keys of programs; a secret is told once, and then known to nobody here."""

    api_keys_kept: ApiKeyStore = Store(ApiKeyStore)
    organisations: UnitStore
    people: PeopleStore
    seal: Seal

    @rpc
    def open_api_key(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Open a key: the receipt with its `secret`, which a repetition of the command is not told again.

        Refuses `invalid`, `not_permitted`, `out_of_scope`, `unit_needed`, `area_elsewhere`, `unknown_unit` and
        `unit_closed`.
        """
        given, asked = load(ApiKeySchema(), body), self._asked(caller, command_id, body)
        tenant, secret = given["district"], secrets.token_urlsafe(RANDOM_BYTES)
        role = permitted_role(asked.caller, ACT, tenant)
        rules.check_area(given["area"], tenant, given["unit_id"])
        self.organisations.check_open(given["unit_id"], tenant)
        hashed, by = rules.hashed(self._secret_key, secret), asked.caller.id
        opened = ApiKey(new_id(), tenant, given["name"], given["unit_id"], hashed, asked.now, by, area=given["area"])
        data = {"name": opened.name, "unit_id": opened.unit_id, "area": opened.area}
        answer = self.api_keys_kept.records.open(asked, Outcome(opened, OPENED, data, role))
        return {**answer, "secret": secret if answer["api_key_id"] == opened.id else None}

    @rpc
    def end_api_key(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """End a key at once: the receipt. Refuses `api_key_not_found`, `not_permitted` and `api_key_ended`."""
        id = load(ApiKeyIdSchema(), body)["api_key_id"]
        asked = self._asked(caller, command_id, body)

        def end(found: ApiKey) -> Outcome[ApiKey]:
            return _ending(found, asked, permitted_role(asked.caller, ACT, found.tenant))

        return self.api_keys_kept.records.change(asked, id, tenants(asked.caller), end)

    @subscribe("members", CLOSED)
    def end_keys_of_unit(self, event: Event) -> None:
        """A unit that has closed has no programs any more: each of its keys ends, however often the event comes."""
        for id in self.api_keys_kept.good_of_unit(heard(UnitClosedSchema(), event.data)["unit_id"]):
            asked = Asked(ITSELF, f"{event.id}:{id}", digest({}), self.clock.now())
            self.api_keys_kept.records.change(asked, id, None, partial(_ending, asked=asked, role=ITSELF.id))

    @rpc
    def api_keys(self, caller: Answer, **page: Any) -> Answer:
        """A page of the keys of the caller's districts, ended ones too: `{items, next}`; refuses `not_permitted`."""
        who, given = Caller.load(caller), load(ApiKeysSchema(), page)
        districts, limit = scopes_for(who, ACT, given["district"]), given["limit"]
        found = self.api_keys_kept.page(districts, given["after"], limit + 1)
        after = found[limit - 1].id if len(found) > limit else None
        return {"items": [rules.shown(each) for each in found[:limit]], "next": after}

    @rpc
    def api_key_holder(self, **shown: Any) -> Answer:
        """As whom a program files that shows this secret: a caller; refuses `api_key_refused`. For the gateway."""
        given = load(SecretSchema(), shown)
        found = self.api_keys_kept.with_secret(rules.hashed(self._secret_key, given["secret"]))
        if found is None or not found.good or not self._with_open_units([found]):
            raise Refusal("api_key_refused")
        return found.caller().dump()

    @rpc
    def program_session(self, **shown: Any) -> Answer:
        """Let a program in that works for its unit: `{session_id, caller}`; refuses `invalid` and `client_refused`.

        There is nothing to be continued: it shows its key again.
        """
        given = load(ClientSchema(), shown)
        found = self.api_keys_kept.with_secret(rules.hashed(self._secret_key, given["client_secret"]))
        good = self._with_open_units([found]) if found and found.id == given["client_id"] else []
        speaker = good[0].speaker() if good else None
        if speaker is None:
            raise Refusal("client_refused")
        return {"session_id": speaker.id, "caller": speaker.dump()}

    @rpc
    def holders(self, **body: Any) -> list[Answer]:
        """In which roles people and programs act today, and who speaks for the units among the ids, each as a caller.

        For notify, which asks whether whoever subscribed may still have it. Whoever has left is left out, and so is a
        program whose key has ended or whose unit has closed.
        """
        ids = load(IdsSchema(), body)["ids"]
        programs = (each.speaker() for each in self._with_open_units(self.api_keys_kept.acting(ids)))
        return [each.dump() for each in (*(one.caller() for one in self.people.acting(ids)), *programs) if each]

    def _with_open_units(self, keys: Sequence[ApiKey]) -> list[ApiKey]:
        """Those that are for no unit, or for one that is open now, also where closing it has ended no keys.

        That was not so always, and a key may have been written just after its unit has closed.
        """
        now, units = self.clock.now(), self.organisations.units_of([key.unit_id for key in keys if key.unit_id])
        there = {each.id for each in units if each.open_at(now)}
        return [key for key in keys if key.unit_id is None or key.unit_id in there]

    @property
    def _secret_key(self) -> bytes:
        return self.seal.key("api_key")


def _ending(found: ApiKey, asked: Asked, role: str) -> Outcome[ApiKey]:
    after = rules.ended(found, asked.caller.id, asked.now)
    return Outcome(after, ENDED, {"name": after.name}, role)
