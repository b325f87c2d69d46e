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


@given(st.text(alphabet=st.characters(exclude_categories=("Nd", "No", "Nl", "Cs"), exclude_characters="@")))
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


EVADING = [
    ("138<b>0013</b>8000", "138****8000"),
    ("1<i>3</i>8<b class='x'>0</b>0<br/>1380<u></u>00", "138****8000"),
    ("<td>5</td><td>13800138000</td>", "<td>5</td><td>138****8000</td>"),
    ('<a href="tel:13800138000">', '<a href="tel:138****8000">'),
    ("138&nbsp;0013&#8203;8000", "138****8000"),
    ("&#49;&#x33;&#56;00138000", "138****8000"),
    ("13🔥80🔥🔥🔥🔥01👨‍👩‍👧38☎️000", "138****8000"),
    ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", "138****8000\ufe0f\u20e3"),
    ("1️⃣ 3️⃣ 8️⃣ 0️⃣ 0️⃣ 1️⃣ 3️⃣ 8️⃣ 0️⃣ 0️⃣ 0️⃣", "138****8000\ufe0f\u20e3"),
    ("1\u03363\u03368\u0336 0013 8000", "138****8000"),
    ("1:3:8:0:0:1:3:8:0:0:0", "138****8000"),
    ("１：３：８：００１３８０００", "138****8000"),
    ("1_3_8/0013/8000", "138****8000"),
    ("(138)(0013)(8000)", "(138****8000)"),
    ("【138】[0013]{8000}", "【138****8000}"),
    ("13 80 01 38 000", "138****8000"),
    ("+86 13-80-01-38-000", "+86 138****8000"),
    ("0086(13)(800)(138)(000)", "0086(138****8000)"),
    ("1380|01|38|000", "138****8000"),
    ("138----0013----8000", "138****8000"),
    ("１３８００１３８０００", "138****8000"),
    ("𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "138****8000"),
    ("①③⑧⓪⓪①③⑧⓪⓪⓪", "138****8000"),
    ("❶❸❽⓿⓿❶❸❽⓿⓿⓿", "138****8000"),
    ("⑴⑶⑻0013⑻000", "138****8000"),
    ("①13800138000，②13900139000", "①138****8000，②139****9000"),
    ("一三八零零一三八零零零", "138****8000"),
    ("壹叁捌零零壹叁捌零零零", "138****8000"),
    ("壹參捌零零壹參捌零零零", "138****8000"),
    ("幺三八洞洞幺三八洞洞洞", "138****8000"),
    ("张三一三八零零一三八零零零，李四一三九零零一三九零零零", "张三138****8000，李四139****9000"),
    ("一一三八零零一三八零零零", "一138****8000"),
    ("一 三 八 . 零零 1 3 8 零零零", "138****8000"),
    ("13\u200b8\u2060001\ufeff38000", "138****8000"),
    ("9999:9919:9001:0100:16", "999999********0016"),
    ("999999<b>19900101</b>0016", "999999********0016"),
    ("99 99 99 / 1990 / 01 / 01 / 001 X", "999999********001X"),
    ("138-1234-5678 12 0 1 2 3 4 5 6 7 8", "138****5678 120****5678"),
    ("138 12 34 5678 / 86 139 12 34 5678", "138****5678 / 86 139****5678"),
    ("999999199001010016 9999 9919 9001 0100 16", "999999********0016 999999********0016"),
    ("13 80 01 38 000 9999 9919 9001 0100 1X", "138****8000 999999********001X"),
    ("013800138000", "0138****8000"),
    ("0013 80 01 38 000", "00138****8000"),
]


@pytest.mark.parametrize(("written", "masked"), EVADING, ids=str)
def test_no_way_of_writing_evades_the_mask(written: str, masked: str) -> None:
    assert masked_text(f"请回电{written}，谢谢") == f"请回电{masked}，谢谢"


NO_NUMBERS = [
    "360704-20260312-123X9Q",
    "360704-20260312-13800X",
    "2026-03-16 10:00",
    "2026-03-16 13:00:00 至 2026-03-17 12:00",
    "10:00:00 2026-03-17 12:00",
    "16.3.16 10:00:00",
    "2026-03-16T13:00:00.123456+08:00",
    "13:30-14:30 301室",
    "13:30 12-2-1001漏水",
    "360704100002001",
    "3607041301000012",
    "360704100002001 / 360704100002002",
    "115.892134, 28.676543",
    "115.892134 28.676543",
    "120.155 30.274",
    "1380元",
    "¥13,800,138,000.00",
    "138001380.00元",
    "共13笔，800元，138户，0人",
    "12-3-401",
    "13-2-101 4-2-101",
    "13-101/13-1102",
    "① 13-2-101 ② 4-2-101 ③",
    "一 13-2-101 二 4-2-101",
    "①②③④⑤⑥⑦⑧⑨⓪①",
    "1 2 1 2 1 1 2 2 1 2 1",
    "139.196.124.34",
    "139.19.12.34:80",
    "13.8001 38.000 1",
    "1380\n0138000",
    "1、3、8、0、0、1、3、8、0、0、0",
]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_only_looks_like_a_number_of_a_person_stays(text: str) -> None:
    assert masked_text(f"在{text}处") == f"在{text}处"


MOBILES = st.from_regex(r"\A(?:1[3-9][0-9]|120)[0-9]{8}\Z")
BETWEEN = st.sampled_from([*" -_./:()[]·|~", "\u200b", "\u00a0", "：", "<b>", "&nbsp;", "🔥", "\ufe0f\u20e3"])
WORDS = st.text(alphabet="灯不亮了楼漏水㈱½，。！ab\n", max_size=20)


@given(WORDS, MOBILES, st.lists(BETWEEN, min_size=10, max_size=10), WORDS)
def test_a_phone_with_a_sign_after_each_digit_is_masked_and_nothing_else(
    before: str, phone: str, signs: list[str], after: str
) -> None:
    written = phone[0] + "".join(sign + digit for sign, digit in zip(signs, phone[1:], strict=True))
    assert masked_text(f"{before}话{written}话{after}") == f"{before}话{phone[:3]}****{phone[-4:]}话{after}"


@given(WORDS, MOBILES, BETWEEN, st.sets(st.integers(1, 10)), WORDS)
def test_a_phone_in_any_groups_is_masked_and_nothing_else(
    before: str, phone: str, sign: str, groups: set[int], after: str
) -> None:
    written = "".join(sign * (n in groups) + digit for n, digit in enumerate(phone))
    # So are sums of money written, and addresses of machines.
    if sign != "." or not (groups <= {9, 10} or len(groups) == 3):
        assert masked_text(f"{before}话{written}话{after}") == f"{before}话{phone[:3]}****{phone[-4:]}话{after}"


@given(st.lists(MOBILES, min_size=1, max_size=4), st.sampled_from(" -/"), st.integers(1, 9))
def test_phones_behind_each_other_are_all_masked_in_whatever_groups(phones: list[str], sign: str, group: int) -> None:
    written = sign.join(phone[:group] + sign + phone[group:] for phone in phones)
    assert masked_text(f"话{written}话") == f"话{sign.join(f'{each[:3]}****{each[-4:]}' for each in phones)}话"


@given(MOBILES, st.integers(0, 9))
def test_one_digit_more_is_no_phone(phone: str, more: int) -> None:
    assert masked_text(f"{phone}{more}") == f"{phone}{more}"


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        ("邮箱zhang.san+1@mail.example.org，谢谢", "邮箱z***@mail.example.org，谢谢"),
        ("12012345678@example.org", "1***@example.org"),
        ("Mail: a@example.org, b@example.com.", "Mail: a***@example.org, b***@example.com."),
        ("zhang@example.org或12012345678", "z***@example.org或120****5678"),
        ("@所有人 3@5 a@b", "@所有人 3@5 a@b"),
    ],
)
def test_the_name_in_an_e_mail_is_masked(written: str, masked: str) -> None:
    assert masked_text(written) == masked
    assert masked_text(masked) == masked


def test_an_announcement_may_say_whom_to_call_and_keeps_no_identity_number() -> None:
    assert without_identities("联系一三八一二三四五六七八") == "联系一三八一二三四五六七八"
    assert without_identities("九九九九九九一九九零零一零一零零一六") == "999999********0016"
