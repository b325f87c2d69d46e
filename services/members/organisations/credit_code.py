"""The unified social credit code of an organisation (GB 32100): 18 characters, the last of which checks the others."""

import re

from stdnum.cn import uscc

LETTERS = "0-9A-HJ-NPQRTUWXY"
"""Digits and capitals without I, O, S, V and Z, which are too easily misread."""

SHAPE = re.compile(rf"[{LETTERS}]{{2}}[0-9]{{6}}[{LETTERS}]{{10}}")
"""Authority and kind, the district of registration, the organisation's own code, the check character."""


def compact(text: str) -> str:
    """The code without the blanks and hyphens that people put in, in capitals."""
    return str(uscc.compact(text))


def is_valid(code: str) -> bool:
    """Whether the code has the shape of the standard and its check character is right.

    The library's own test takes digits alone in front, and would refuse the codes of village cooperatives (N2…).
    """
    return bool(SHAPE.fullmatch(code)) and code[-1] == uscc.calc_check_digit(code[:-1])
