"""Masks in free text: every way in which people write a phone or an identity number, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.privacy import masked_text, without_identities

GROUPED = (
    "12012345678",
    "120 1234 5678",
    "120-1234-5678",
    "120 - 1234 - 5678",
    "120\u30001234\u30005678",
    "120－1234－5678",
)
PREFIXES = ("", "86", "+86", "+86 ", "0086-", "86-", "＋８６")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("phone", GROUPED)
def test_a_phone_is_masked_however_it_is_written(phone: str, prefix: str, wide: bool) -> None:
    written = (prefix + phone).translate(WIDE) if wide else prefix + phone
    masked = masked_text(f"㈱灯不亮，电话{written}，请回电")
    assert masked.startswith("㈱灯不亮，电话")
    assert masked.endswith("120****5678，请回电")
    assert "1234" not in masked


@pytest.mark.parametrize(
    "number",
    ["999999199001010016", "999999 19900101 001X", "999999-19900101-001x", "９９９９９９１９９００１０１００１Ｘ"],
)
def test_an_identity_number_is_masked_however_it_is_written(number: str) -> None:
    masked = masked_text(f"身份证{number}。")
    assert masked.startswith("身份证999999********001")
    assert masked.endswith("。")
    assert "1990" not in masked


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-12 19:40",
        "360704-20260312-123X9Q",
        "网格360704100002001",
        "1 2 3 4 5 6 7 8 9 10 11",
        "座机0797-8123456",
        "3号楼 120 米, 1234 元",
        "120\n1234\n5678",
        "订单120123456789012",
        "12345热线",
    ],
)
def test_other_numbers_stay_as_they_are(text: str) -> None:
    assert masked_text(text) == text


@given(st.text(alphabet=st.characters(exclude_categories=("Nd", "No", "Nl", "Cs"))))
def test_a_text_without_digits_is_not_touched(text: str) -> None:
    assert masked_text(text) == text


@given(st.lists(st.integers(0, 9_999_999), max_size=9))
def test_numbers_that_are_too_short_for_a_phone_are_not_touched(numbers: list[int]) -> None:
    text = "，".join(map(str, numbers))
    assert masked_text(text) == text


@given(
    st.text(alphabet="灯不亮㈱ﷺ½，。 \n", max_size=20),
    st.integers(10**10, 2 * 10**10 - 1).map(str),
    st.sampled_from(PREFIXES),
)
def test_what_stands_around_a_phone_stays_where_it_was(around: str, phone: str, prefix: str) -> None:
    assert masked_text(f"{around}话{prefix}{phone}话{around}") in {
        f"{around}话{kept}{phone[:3]}****{phone[-4:]}话{around}" for kept in (prefix, prefix.translate(FOLDED))
    }


FOLDED = str.maketrans("＋８６", "+86")


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        ("张三一三八一二三四五六七八，请回电", "张三138****5678，请回电"),
        ("一三八-1234-五六七八", "138****5678"),
        ("幺叁捌 〇零零零 五六七八", "138****5678"),
        ("1 3 8 1 2 3 4 5 6 7 8", "138****5678"),
        ("138.1234.5678", "138****5678"),
        ("(138)1234-5678", "(138****5678"),
        ("138\u200b1234\u200b5678", "138****5678"),
        ("138\u00ad1234\u00ad5678", "138****5678"),
        ("\ufe0f\u20e3".join("13812345678"), "138****5678"),
        ("1--3--8--1--2--3--4--5--6--7--8", "138****5678"),
        ("١٣٨١٢٣٤٥٦٧٨", "138****5678"),
        ("9999 9919 9001 0100 16", "999999********0016"),
        ("九九九九九九一九九零零一零一零零一X", "999999********001X"),
    ],
    ids=str,
)
def test_a_number_that_is_spelt_or_scattered_is_masked_too(written: str, masked: str) -> None:
    assert masked_text(written) == masked


@pytest.mark.parametrize(
    "text",
    [
        "二〇二六年十一月二十七日三点一刻",
        "房间101-102 103-104 12-13 14-15",
        "6222021234567890123",
        "一二三四五六七八九",
    ],
)
def test_what_is_spelt_and_no_number_stays(text: str) -> None:
    assert masked_text(text) == text


def test_an_announcement_may_say_whom_to_call_and_keeps_no_identity_number() -> None:
    assert without_identities("联系一三八一二三四五六七八") == "联系一三八一二三四五六七八"
    assert without_identities("九九九九九九一九九零零一零一零零一六") == "999999********0016"
