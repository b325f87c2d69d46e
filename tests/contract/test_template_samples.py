import re

import pytest

from cases.number import PATTERN
from notify.templates.sample import FULL


@pytest.mark.parametrize("name", ["number", "target_number"])
def test_a_preview_shows_numbers_of_cases_as_long_as_those_that_go_out(name: str) -> None:
    assert re.match(PATTERN, FULL[name])
