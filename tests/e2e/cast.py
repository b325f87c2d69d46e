"""Demo persons, signed in to a suite as people sign in: by password, or by the code that comes to their phone."""

import json
from collections.abc import Iterable
from typing import Any

from dev.client import Client, sign_in_with_code, sign_in_with_password
from dev.layout import ROOT
from dev.suite import Suite

ACCOUNTS: dict[str, dict[str, Any]] = json.loads((ROOT / "services/members/demo_accounts.json").read_text())


def signed_in(suite: Suite, who: str) -> Client:
    """A client with the access token of a demo person."""
    account, client = ACCOUNTS[who], Client(suite.url)
    if "login" in account:
        token = sign_in_with_password(client, account["login"], suite.secrets["DEMO_PASSWORD"])
    else:
        token = sign_in_with_code(client, suite.console_file, account["phone"])
    return Client(suite.url, token)


def cast(suite: Suite, names: Iterable[str]) -> dict[str, Client]:
    """Several demo persons by name."""
    return {name: signed_in(suite, name) for name in names}
