"""The form of a visit: each of its fields, and what it is for; a field without a purpose is not asked (§5)."""

from collections.abc import Mapping

PURPOSES: Mapping[str, tuple[str, str]] = {
    "outcome": ("统计走访覆盖率，安排补访", "To count coverage, and to plan a second try"),
    "at": ("记录走访时间，离线上传后仍然准确", "To know when it was, also where it is sent later"),
    "needs": ("把需求列入需求清单并跟进", "To list what is needed, and to see to it"),
    "category": ("把需求转给能办的单位", "To pass a need on to whoever can meet it"),
    "text": ("说明需求内容", "To say what is needed"),
    "private_note": (
        "疾病、债务等敏感情况，仅限走访人员查看，保存一年",
        "For what is sensitive, such as illness or debt: for those who visit alone, kept for a year",
    ),
}
"""The purposes of the fields, in Chinese and English, as they are told at the door."""
