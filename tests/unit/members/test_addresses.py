"""Addresses besides the phone: each kind has its form, and is shown masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.people.address import ADDRESSES, EMAIL, MOST_CHARACTERS, changed, masked

KEY = "1b2c3d4e-0000-4000-8000-00000000abcd"

FITS = {
    "email": ["xie@example.org", "x.e+tag@mail.example.cn", f"{'x' * 64}@example.org", "_@a.bc", "O'Brien@EXAMPLE.ORG"],
    "ntfy": ["topic7", "a", "-_" * 32],
    "bark": ["devicekey", "Ab3" * 7],
    "wecom": [KEY, KEY.upper()],
    "dingtalk": ["0a" * 32],
    "feishu": [KEY, "t" * 64],
}
DOES_NOT = {
    "email": [
        "",
        "xie",
        "xie@",
        "@example.org",
        "xie@example",
        "xie@example.1",
        "xie@-example.org",
        "xie@example..org",
        ".xie@example.org",
        "xie.@example.org",
        "x ie@example.org",
        "xie@example.org ",
        "xie@example.org\n",
        "xie@example.org,li@example.org",
        "xie@li@example.org",
        '"xie,li"@example.org',
        "谢@example.org",
        "xie@[127.0.0.1]",
        "xie@example.org?bcc=li",
        "xie&to=li@example.org/../",
        f"{'x' * 65}@example.org",
        f"x@{'a.' * 125}org",
    ],
    "ntfy": ["", "a b", "a/b", "主题", "a" * 65, "a\n"],
    "bark": ["", "short", "device key", "a" * 65, "key/../../x"],
    "wecom": ["", "x", KEY[:-1], f"{KEY}\n", KEY.replace("-", "")],
    "dingtalk": ["", "0a" * 31, "0g" * 32],
    "feishu": ["", "short", "t" * 65, f"{KEY}/x"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in FITS.items() for text in texts])
def test_an_address_fits(kind: str, text: str) -> None:
    assert ADDRESSES[kind].fits(text)
    assert len(text) <= MOST_CHARACTERS


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in DOES_NOT.items() for text in texts])
def test_what_is_no_address_does_not(kind: str, text: str) -> None:
    assert not ADDRESSES[kind].fits(text)


def test_every_kind_is_tried() -> None:
    assert FITS.keys() == DOES_NOT.keys() == ADDRESSES.keys()


@given(st.emails())
def test_of_an_email_no_more_is_shown_than_its_first_letter_and_where_it_is(text: str) -> None:
    name, _, domain = text.rpartition("@")
    assert masked(EMAIL, text) == f"{name[0]}***@{domain}"


@pytest.mark.parametrize(("text", "shown"), [("topic7", "****"), ("devicekey", "de****ey"), (KEY, "1b****cd")])
def test_of_other_addresses_the_ends_are_shown_if_enough_is_between(text: str, shown: str) -> None:
    assert masked("bark", text) == shown


def test_a_kind_that_is_not_named_stays_and_none_takes_one_away() -> None:
    known = {"email": "a", "bark": "b"}
    assert changed(known, {"bark": None, "ntfy": "c"}) == {"email": "a", "ntfy": "c"}
    assert changed(known, {"wecom": None}) == known
