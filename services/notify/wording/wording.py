"""What a message says: the templates in force, built in or edited, for each language and channel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment

from notify.wording.catalogue import LANGUAGES, SHANGHAI
from notify.wording.words import Word, named, words

__all__ = ["LANGUAGES", "SHANGHAI", "named"]

PLAIN = "plain"
"""The text of a template for every channel that has no text of its own."""

LIMITS: Mapping[str, int] = {"app": 1_000, "wechat": 600, "email": 4_000, "sms": 201}
"""The channels that may have a text of their own, and how many characters one takes at most, title and body together.

A text message with Chinese characters is cut into parts of 67, of which three are paid for at most; WeCom takes
2,048 bytes; a push to a phone 4 KB (our decision).
"""

_FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Text:
    """A message as people read it."""

    title: str
    body: str

    def __str__(self) -> str:
        return f"{self.title}\n{self.body}"

    def fitted(self, most: int) -> "Text":
        """The text within so many characters: the end of its body is left out, and marked so."""
        if len(str(self)) <= most:
            return self
        title = self.title[: most - 2]
        return Text(title, f"{self.body[: most - len(title) - 2]}…")


@dataclass(frozen=True, order=True)
class Place:
    """Which text of a template: its language, and its channel or PLAIN."""

    template: str
    language: str
    variant: str = PLAIN


@dataclass(frozen=True)
class About:
    """What a message is about, and the language to tell it in."""

    facts: Mapping[str, Any]
    names: Mapping[str, str]
    language: str


@dataclass(frozen=True)
class Source:
    """A text ready to be filled in, and the variables that it asks for."""

    template: Template
    asks: frozenset[str]

    def rendered(self, said: Mapping[str, Word]) -> Text:
        """What it says: the first line is the title."""
        title, _, body = self.template.render(said).partition("\n")
        return Text(title.strip(), body.strip())


def _nobody(_: Place, _reason: str) -> None:
    """Built-in texts are tested: there is nothing to tell of."""


@dataclass(frozen=True)
class Wording:
    """The texts in force: those that operators edited, compiled, and for the rest the built-in ones.

    An edited template replaces all texts of the built-in one. `failed` is told of one that cannot be used at the
    moment of sending, and why; the built-in one is sent then.
    """

    edited: Mapping[Place, Source] = field(default_factory=dict)
    failed: Callable[[Place, str], None] = _nobody

    def text(
        self,
        template: str,
        language: str,
        facts: Mapping[str, Any],
        names: Mapping[str, str],
        channel: str = PLAIN,
    ) -> Text:
        """The message in `language` (one of LANGUAGES) for the kind of channel, within its limit.

        `facts` are codes and RFC 3339 times; `names` tell what grids, compounds and units are called. Raises
        jinja2's UndefinedError when a built-in template asks for something that is never given.
        """
        place, about = Place(template, language, channel), About(facts, names, language)
        found = self._said(place, about)
        return found.fitted(LIMITS[channel]) if channel in LIMITS else found

    def texts(self, template: str, facts: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """The message in every language: `{"zh-CN": {"title", "body"}, "en": {...}}`."""
        found = {language: self.text(template, language, facts, names) for language in LANGUAGES}
        return {language: {"title": one.title, "body": one.body} for language, one in found.items()}

    def _said(self, place: Place, about: About) -> Text:
        plain = Place(place.template, place.language)
        if plain in self.edited:
            chosen = place if place in self.edited else plain
            try:
                found = self.filled(self.edited[chosen], about)
            except Exception as error:  # noqa: BLE001 - whatever an edited text does, its message goes out
                self.failed(chosen, type(error).__name__)
            else:
                if found.title and found.body:
                    return found
                self.failed(chosen, "nothing said")
        return self.filled(built_in().get(place) or built_in()[plain], about)

    def filled(self, source: Source, about: About) -> Text:
        """What one text says; raises whatever it raises."""
        said = words(source.asks, about.facts, about.names, about.language)
        if "message" in said and (passed_on := about.facts.get("passes_on")):
            said["message"] = str(self._said(Place(passed_on, about.language), about))
        return source.rendered(said)


BUILT_IN = Wording()
"""Nothing edited."""

text = BUILT_IN.text
texts = BUILT_IN.texts


def edited(source: str) -> Source:
    """A text that somebody edited; what is not known, or true or false, prints as nothing.

    Raises what jinja2 raises of a wrong one.
    """
    return _source(_EDITED, source)


def parsed(source: str) -> nodes.Template:
    """The tree of a text that somebody edited; raises jinja2's TemplateSyntaxError."""
    return _EDITED.parse(source)


def sources(template: str) -> dict[str, dict[str, str]]:
    """The built-in texts of the template, by language and variant."""
    found: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for place, source in _sources().items():
        if place.template == template:
            found[place.language][place.variant] = source
    return found


def templates() -> set[str]:
    """The templates that exist in every language."""
    plain = [{each.template for each in _sources() if each == Place(each.template, one)} for one in LANGUAGES]
    return set.intersection(*plain)


FILTERS: Mapping[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "capitalize": str.capitalize,
    "trim": str.strip,
}
"""What an edited text may do to a variable."""


def _printed(value: object) -> object:
    """Nothing of what is not known, and of truth values, which are to be asked and not said."""
    return "" if value is None or isinstance(value, bool) else value


def _of_texts(change: Callable[[str], str]) -> Callable[[object], object]:
    """The filter, which leaves what is no text as it is: Jinja2's own make a word "None" of nothing."""
    return lambda value: change(value) if isinstance(value, str) else value


# Plain text for inboxes and terminals: there is no HTML here to escape for.
_ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
_EDITED = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, finalize=_printed)
_EDITED.globals.clear()
_EDITED.filters = {name: _of_texts(change) for name, change in FILTERS.items()}


@cache
def _sources() -> dict[Place, str]:
    found = {}
    for path in sorted(_FOLDER.glob("*/*.txt")):
        template, _, variant = path.stem.partition(".")
        found[Place(template, path.parent.name, variant or PLAIN)] = path.read_text("utf-8")
    return found


@cache
def built_in() -> dict[Place, Source]:
    """The built-in texts, ready."""
    return {place: _source(_ENVIRONMENT, source) for place, source in _sources().items()}


def _source(environment: SandboxedEnvironment, source: str) -> Source:
    asks = find_undeclared_variables(environment.parse(source))
    return Source(environment.from_string(source), frozenset(asks))
