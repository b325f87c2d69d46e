"""Characters that nobody sees: a line with one may read as another line, or in another order than it was written."""

import unicodedata

KINDS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of Unicode: controls, signs of format such as those that turn the direction of writing, halves of
characters, and ends of lines and of paragraphs."""

JOINERS = frozenset("\u200c\u200d")
"""They join signs or keep them apart, in emoji and in some scripts, whose words would be spelt wrong without."""


def is_unseen(character: str) -> bool:
    """Whether it is one of them."""
    return character not in JOINERS and unicodedata.category(character) in KINDS


def has_unseen(text: str) -> bool:
    """Whether one of them is in the text."""
    return not text.isprintable() and any(map(is_unseen, text))
