"""Sealed texts: the first key seals, any opens, and only what is marked has a mask beside it."""

import pytest
from cryptography.fernet import Fernet

from chassis.marked import Marked, renewed, values
from chassis.privacy import masked_name, masked_phone
from chassis.sealing import NoKeys, Sealer, WrongKeys
from chassis.secret import Secret, shown_secret

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
PHONE = "12000000001"


def test_the_first_key_seals_and_any_opens() -> None:
    before, during, after = Sealer(OLD), Sealer(f"{NEW}, {OLD}"), Sealer(NEW)
    assert during.open(before.close(PHONE)) == PHONE
    assert after.open(during.close(PHONE)) == PHONE
    with pytest.raises(WrongKeys, match="CASES_PERSON_KEYS"):
        Sealer(NEW, "CASES_PERSON_KEYS").open(before.close(PHONE))


def test_what_is_sealed_anew_needs_the_older_key_no_more() -> None:
    during, old = Sealer(f"{NEW},{OLD}"), Sealer(OLD).close(PHONE)
    anew = during.renewed(old)
    assert not during.is_newest(old)
    assert Sealer(NEW).open(anew) == PHONE
    assert during.renewed(anew) == anew


@pytest.mark.parametrize(
    "keys", ["", "short", f"{OLD},", f"{OLD};{NEW}"], ids=["none", "short", "one and nothing", "divided otherwise"]
)
def test_keys_of_another_form_are_refused_by_the_name_of_their_setting(keys: str) -> None:
    with pytest.raises(NoKeys, match="CASES_PERSON_KEYS: not Fernet keys"):
        Sealer(keys, "CASES_PERSON_KEYS")


def test_a_mask_is_shown_without_any_key() -> None:
    kept = Secret.kept({"mask": "120****0001", "sealed": "of another key"}, masked_phone)
    assert shown_secret(kept, None) == "120****0001"
    with pytest.raises(WrongKeys):
        shown_secret(kept, Sealer(NEW).reveal)
    assert PHONE not in repr(Secret.phone(PHONE))


def test_a_marked_field_is_found_through_lists_and_every_name() -> None:
    document = {"parties": [{"name": "a"}, {"name": None}, {}], "addresses": {"email": "b", "ntfy": "c"}, "none": None}
    assert list(values(document, "parties.name")) == [("parties.0.name", "a")]
    assert list(values(document, "addresses.*")) == [("addresses.email", "b"), ("addresses.ntfy", "c")]
    assert list(values(document, "none.name")) == list(values(document, "missing")) == []
    assert list(values({"secrets": ["x", "y"]}, "secrets")) == [("secrets.0", "x"), ("secrets.1", "y")]


def test_a_plain_text_from_before_is_sealed_with_its_mask() -> None:
    sealer = Sealer(NEW)
    kept = renewed("谢测001", Marked("cases", "reporter.contact.name", "", masked_name), sealer)
    assert (kept["mask"], sealer.open(kept["sealed"])) == ("谢**", "谢测001")
