"""The entrypoints for what somebody is signed in with: which sessions there are, and ending them."""

from typing import Any

from chassis.caller import Caller
from chassis.clock import Clock
from chassis.errors import Refusal
from chassis.rpc import rpc
from chassis.schema import load
from members.accounts import session
from members.accounts.schemas import SessionSchema
from members.accounts.store import AccountStore
from members.permission import permit

Answer = dict[str, Any]


class SessionDesk:
    """The part of the service in which people look after their own sessions."""

    accounts: AccountStore
    present: Clock

    @rpc
    def sessions(self, caller: Answer) -> Answer:
        """Where the caller is signed in, what was used last first: `{items}`."""
        who = Caller.load(caller)
        permit(who, "see_sessions", who.id)
        found = self.accounts.sessions_of(who.ids, self.present.now())
        return {"items": [session.shown(each) for each in found]}

    @rpc
    def sign_out(self, caller: Answer, session_id: str) -> Answer:
        """End the caller's own session of a device; `ended` is false when there was nothing to end."""
        who = Caller.load(caller)
        permit(who, "sign_out", who.id)
        ended = self.accounts.end_session(session_id, who.ids, "sign_out", self.present.now())
        return {"session_id": session_id, "ended": ended}

    @rpc
    def end_session(self, caller: Answer, session_id: str) -> Answer:
        """End one of the caller's sessions from another device: `{session_id}`; refuses `sign_in_not_found`."""
        load(SessionSchema(), {"session_id": session_id})
        if not self.sign_out(caller, session_id)["ended"]:
            raise Refusal("sign_in_not_found", session_id=session_id)
        return {"session_id": session_id}

    @rpc
    def end_other_sessions(self, caller: Answer, session_id: str) -> Answer:
        """End every session of the caller but this one: `{ended}`, how many that were."""
        load(SessionSchema(), {"session_id": session_id})
        who = Caller.load(caller)
        permit(who, "sign_out", who.id)
        return {"ended": self.accounts.end_others(session_id, who.ids, self.present.now())}
