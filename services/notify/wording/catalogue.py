"""The catalogues of messages (gettext): what codes are called, how numbers and times are told; no templates."""

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_datetime
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES = ("zh-CN", "en")

SHANGHAI = timezone(timedelta(hours=8))
"""Asia/Shanghai, which has kept one offset since 1991; no time zone database is needed for it."""

KINDS = (
    "category",
    "reason",
    "solved",
    "satisfaction",
    "disabled_reason",
    "step",
    "callback",
    "session",
    "registration_reason",
    "unreached",
    "sign_in_change",
)
"""The contexts of codes in the catalogues."""

PRIVATE = "private"
"""The label that stands for a sensitive category where a message leaves the house (docs/domain.md §5)."""

COUNTED = {
    "problem": "problems",
    "need": "needs",
    "person": "people",
    "report": "reports",
    "message": "messages",
}
"""What is counted in messages, with its plural in English, by which the catalogues know it."""

_FOLDER = Path(__file__).parent / "locale"


def label(kind: str, code: object, language: str) -> str | None:
    """What the code is called; None of one that has no label yet."""
    known = str(code) in _CODES[language].get(kind, ())
    return _TRANSLATIONS[language].pgettext(kind, str(code)) if known else None


def counted(thing: str, count: int, language: str) -> str:
    """So many of a thing (one of COUNTED), in the plural form that the language has for it: `1 report`, `2 reports`."""
    one, many = f"{{count}} {thing}", f"{{count}} {COUNTED[thing]}"
    return _TRANSLATIONS[language].npgettext("counted", one, many, count).format(count=number(count, language))


def number(value: float, language: str) -> str:
    """A number as the language writes it."""
    return format_decimal(value, locale=_LOCALES[language])


@lru_cache(maxsize=4_096)
def time(instant: str, language: str) -> str:
    """An RFC 3339 instant by the clock of Shanghai."""
    pattern = _TRANSLATIONS[language].pgettext("format", "time")
    return format_datetime(datetime.fromisoformat(instant), pattern, SHANGHAI, _LOCALES[language])


def listed(words: Iterable[str], language: str) -> str:
    """Several names in a row."""
    return _TRANSLATIONS[language].pgettext("format", "list").join(words)


def codes(kind: str, language: str) -> frozenset[str]:
    """The codes of the kind that have a label."""
    return _CODES[language][kind]


def _read(language: str) -> Catalog:
    with (_FOLDER / language.replace("-", "_") / "LC_MESSAGES" / "notify.po").open("rb") as file:
        return read_po(file, _LOCALES[language], abort_invalid=True)


def _codes(catalogue: Catalog) -> dict[str, frozenset[str]]:
    labelled = [(each.context, str(each.id)) for each in catalogue if each.context and each.string]
    return {kind: frozenset(code for context, code in labelled if context == kind) for kind in KINDS}


def _translations(catalogue: Catalog) -> GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


_LOCALES = {language: Locale.parse(language, sep="-") for language in LANGUAGES}
_CATALOGUES = {language: _read(language) for language in LANGUAGES}
_TRANSLATIONS = {language: _translations(catalogue) for language, catalogue in _CATALOGUES.items()}
_CODES = {language: _codes(catalogue) for language, catalogue in _CATALOGUES.items()}
