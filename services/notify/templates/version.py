"""One version of a template: all of its texts, who wrote them, when and why; it is never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from notify.wording.wording import sources

BUILT_IN_NUMBER = 0


@dataclass(frozen=True)
class Version:
    """The texts by language, and by channel or PLAIN; the built-in version is nobody's.

    `reverts_to` is the number of the version whose texts these are again.
    """

    template: str
    number: int
    texts: Mapping[str, Mapping[str, str]]
    by: str | None = None
    at: datetime | None = None
    reason: str | None = None
    reverts_to: int | None = None

    @property
    def built_in(self) -> bool:
        """Whether what comes with the program holds, also when a later release brings another."""
        return BUILT_IN_NUMBER in {self.number, self.reverts_to}

    def others_than(self, before: "Version") -> list[str]:
        """Which texts are not those of `before`, added or left out, as `language.channel`."""
        old, new = before.by_name, self.by_name
        return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))

    @property
    def by_name(self) -> Mapping[str, str]:
        """The texts by `language.channel`."""
        return {f"{language}.{of}": text for language, each in self.texts.items() for of, text in each.items()}


def original(template: str) -> Version:
    """The built-in version, which comes with the program and stands before all others."""
    return Version(template, BUILT_IN_NUMBER, sources(template))
