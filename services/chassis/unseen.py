"""Characters that nobody sees: a line with one may read as another line, or in another order than it was written.

What joins signs, keeps them apart or chooses their form may stand where it does so: beside an emoji, in the flags that
are spelt with tags, beside letters of scripts whose words would be spelt wrong without. Elsewhere, as between Han
characters, it does nothing, and two names would read alike. Whether what is joined looks different is up to fonts.
"""

import re
import unicodedata

KINDS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of Unicode: controls, signs of format such as those that turn the direction of writing, halves of
characters, and ends of lines and of paragraphs."""

BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U0001d159\U000e0000-\U000e0fff]"
)
"""Unseen too, whatever their category: what Unicode has programs ignore where they do not know it
(Default_Ignorable_Code_Point), fillers of Hangul among it, the pattern of braille without a dot, the empty note."""

EMOJI = (
    "©®‼⁉™ℹ↔-↙↩↪⌚⌛⌨⏏⏩-⏳⏸-⏺Ⓜ▪▫▶◀◻-◾☀-☄☎☑☔☕☘☝☠☢☣☦☪☮☯☸-☺♀♂♈-♓♟♠♣♥♦♨♻♾♿⚒-⚗⚙⚛⚜⚠⚡⚧⚪⚫⚰⚱⚽⚾⛄⛅⛈⛎⛏⛑⛓⛔⛩⛪⛰-⛵⛷-⛺⛽"
    "✂✅✈-✍✏✒✔✖✝✡✨✳✴❄❇❌❎❓-❕❗❣❤➕-➗➡➰➿⤴⤵⬅-⬇⬛⬜⭐⭕〰〽㊗㊙\U0001f000-\U0001faff"
)
MONGOLIAN = "\u1820-\u18aa"
JOINING = "\u0620-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17d3" + MONGOLIAN
"""Arabic and its neighbours, the scripts of India, Burmese, Khmer, Mongolian."""

FLAGS = ["".join(chr(0xE0000 + ord(each)) for each in f"{name}\x7f") for name in ("gbeng", "gbsct", "gbwls")]
AT_WORK = re.compile(
    f"(?<=[{EMOJI}])[\ufe0e\ufe0f]|(?<=[{EMOJI}\ufe0e\ufe0f])\u200d(?=[{EMOJI}])|(?<=[0-9#*])\ufe0f(?=\u20e3)"
    f"|(?<=🏴)(?:{'|'.join(FLAGS)})|(?<=[{JOINING}])(?:\u200d|\u200c(?=[{JOINING}]))"
    f"|(?<=[{MONGOLIAN}])(?:[\u180b-\u180d\u180f]|[\u180b-\u180d\u180f]?\u180e(?=[{MONGOLIAN}]))"
)


def is_unseen(character: str) -> bool:
    """Whether it is one of them, where nothing stands beside it."""
    return unicodedata.category(character) in KINDS or BLANK.match(character) is not None


def has_unseen(text: str) -> bool:
    """Whether one of them is in the text, and not at work there."""
    return not (text.isprintable() and BLANK.search(text) is None) and any(map(is_unseen, AT_WORK.sub("", text)))
