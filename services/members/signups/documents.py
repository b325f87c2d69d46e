"""A sign-up written as a document and read back."""

from collections.abc import Mapping
from typing import Any

from chassis.outbox import Document
from members.signups.signup import Reason, Signup, State


def written(signup: Signup) -> Document:
    """The document; without marks it says so, for an index would count an empty list."""
    plain = {name: value for name, value in vars(signup).items() if name != "id"}
    reason = signup.reason.value if signup.reason else None
    return {
        "_id": signup.id,
        **plain,
        "state": signup.state.value,
        "reason": reason,
        "busy": list(signup.busy) or None,
    }


def read(found: Mapping[str, Any]) -> Signup:
    """The sign-up that the document describes."""
    plain = {name: found[name] for name in Signup.__dataclass_fields__ if name != "id"}
    reason = Reason(found["reason"]) if found["reason"] else None
    return Signup(found["_id"], **{**plain, "state": State(found["state"]), "reason": reason})
