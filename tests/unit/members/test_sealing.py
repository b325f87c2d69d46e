"""Phones at rest are encrypted and found by a keyed fingerprint."""

import pytest
from cryptography.fernet import Fernet

from chassis.sealing import WrongKeys
from members.sealing import Seal

PHONE = "12000000001"


def seal(code_key: str = "code key") -> Seal:
    return Seal(Fernet.generate_key().decode(), code_key)


def test_a_sealed_phone_opens_only_with_its_key() -> None:
    one = seal()
    sealed = one.close(PHONE)
    assert PHONE not in sealed
    assert one.open(sealed) == PHONE
    with pytest.raises(WrongKeys, match="PERSON_KEY"):
        seal().open(sealed)


def test_sealing_twice_gives_two_texts() -> None:
    one = seal()
    assert one.close(PHONE) != one.close(PHONE)


def test_a_fingerprint_is_stable_and_depends_on_the_key() -> None:
    assert seal().fingerprint(PHONE) == seal().fingerprint(PHONE)
    assert seal().fingerprint(PHONE) != seal("another").fingerprint(PHONE)
    assert PHONE not in seal().fingerprint(PHONE)


def test_each_purpose_has_its_own_key() -> None:
    assert len({seal().key(purpose) for purpose in ("code", "token", "phone")}) == 3


def test_a_key_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="PERSON_KEY: not Fernet keys"):
        Seal("short", "code key")
