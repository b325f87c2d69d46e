"""`make -s token who=dispatcher`: signs a demo person in to the running suite and prints the bearer token."""

import json
import sys
from typing import Any

from dev import running
from dev.client import Client, SignInFailed, sign_in_with_code, sign_in_with_password
from dev.layout import ROOT
from dev.running import NotRunning

__all__ = ["NotRunning", "sign_in", "token"]

ACCOUNTS: dict[str, dict[str, Any]] = json.loads((ROOT / "services/members/demo_accounts.json").read_text())


def token(who: str) -> str:
    """An access token of a demo person, as the person would get it; raises `NotRunning` or `SignInFailed`."""
    suite, account = running.find(), ACCOUNTS[who]
    with Client(suite.url) as client:
        if "login" in account:
            return sign_in_with_password(client, account["login"], suite.demo_password)
        return sign_in_with_code(client, suite.console_file, account["phone"])


def sign_in(who: str) -> Client:
    """A client of the running suite, signed in as a demo person."""
    return Client(running.find().url, token(who))


def main() -> None:
    """Print the token of the person who is named by the only argument."""
    who = sys.argv[1] if len(sys.argv) == 2 else ""
    if who not in ACCOUNTS:
        sys.exit(f"Say who: make -s token who={'|'.join(ACCOUNTS)}")
    try:
        print(token(who))
    except (NotRunning, SignInFailed) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
