"""Names between backticks are code on the pages of the specification, and nothing that stands there is markup."""

import re

import pytest
from flask.testing import FlaskClient

from gateway.code_spans import with_code


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Send `a` or `b_c`.", "Send <code>a</code> or <code>b_c</code>."),
        ("A blank after `<`, & **no** `<b>`", "A blank after <code>&lt;</code>, &amp; **no** <code>&lt;b&gt;</code>"),
        ("<script>`", "&lt;script&gt;`"),
        ("``", "``"),
    ],
)
def test_what_stands_between_backticks_is_code_and_everything_is_escaped(text: str, html: str) -> None:
    assert with_code(text) == html


@pytest.mark.parametrize("path", ["/docs", "/events-docs"])
def test_no_page_of_the_specification_shows_a_backtick(anyone: FlaskClient, path: str) -> None:
    page = re.sub(r"<pre>.*?</pre>", "", anyone.get(path).get_data(as_text=True), flags=re.DOTALL)
    left = re.findall(".{0,40}`.{0,40}", page)
    assert not left, f"{len(left)} lines, such as {left[:3]}"
