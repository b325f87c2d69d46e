"""The key of a made-up program, so that Open311 can be tried in the demo; its secret is one of the suite's own."""

from members.api_keys.api_key import ApiKey, hashed
from members.api_keys.store import ApiKeyStore
from members.demo.territory import OPENED
from members.sealing import Seal

KEY_ID = "k-demo"


def load_key(store: ApiKeyStore, seal: Seal, tenant: str, secret: str) -> str:
    """Add the key if it is missing and there is a secret for it, and say so."""
    if not secret:
        return "added no key for Open311"
    print_ = hashed(seal.key("api_key"), secret)
    key = ApiKey(KEY_ID, tenant, "演示程序", None, print_, OPENED, "p-admin")
    return f"added {store.add([key], OPENED)} keys for Open311"
