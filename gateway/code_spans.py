"""Names between backticks, as descriptions have them, as code on a page; nothing else of Markdown is read."""

import re
from html import escape

SPAN = re.compile("`([^`]+)`")


class Html(str):
    """What a template takes as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Itself, which is escaped already."""
        return self


def with_code(text: str) -> Html:
    """The text for a page: escaped, then what stands between backticks as code."""
    return Html(SPAN.sub(r"<code>\1</code>", escape(str(text))))
