"""The demo's enterprises and social organisations (docs/domain.md §8.2), each with a credit code that nobody has."""

from collections.abc import Iterator, Sequence
from itertools import cycle, islice

from stdnum.cn import uscc

from members.organisations.unit import Unit
from members.territory.grid import Grid

ENTERPRISES = 240
SOCIAL_ORGS = 31

KINDS = (
    ("ENTERPRISE", ENTERPRISES, "u-enterprise", "测试企业{:03d}", "91"),
    ("SOCIAL_ORG", SOCIAL_ORGS, "u-social", "测试社会组织{:02d}", "52"),
)
"""Kind of unit, how many, the beginning of the id, the name, and the authority and kind in the credit code."""


def enterprises(tenant: str, grids: Sequence[Grid]) -> Iterator[Unit]:
    """All of them, each in one grid."""
    for unit_type, many, id, name, kind in KINDS:
        for number, grid in enumerate(islice(cycle(grids), many), 1):
            code = credit_code(f"{kind}{tenant}", number)
            yield Unit(f"{id}-{number:03d}", tenant, name.format(number), unit_type, (grid.code,), credit_code=code)


def credit_code(head: str, number: int) -> str:
    """A made-up code: its own check character is right, and that of the organisation in it (GB 11714) is not.

    No authority gives such a code, so it is never that of a real organisation.
    """
    organisation = f"00000{number:03d}"
    check = (11 - sum(int(digit) * weight for digit, weight in zip(organisation, WEIGHTS, strict=True)) % 11) % 11
    code = f"{head}{organisation}{(check + 1) % 10}"
    return f"{code}{uscc.calc_check_digit(code)}"


WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""Those of the check character of an organisation's code (GB 11714)."""
