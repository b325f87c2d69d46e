"""A personal text apart from its mask: whoever shows the mask needs no key; how it is sealed is not known here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chassis.privacy import masked_name, masked_phone

Mask = Callable[[str], str]


def unshown(text: str) -> str:
    """The mask of a text that is shown in full or not at all."""
    return ""


@dataclass(frozen=True)
class Secret:
    """A marked text: as somebody has just said it (`text`), or as it is kept (`sealed`); never both.

    The database keeps it sealed whoever writes it (`chassis.mongo.Home`); only an `Opening` gives the text again.
    """

    mask: str
    text: str | None = field(default=None, repr=False)
    sealed: str | None = field(default=None, repr=False)

    @staticmethod
    def said(text: str | None, mask: Mask) -> "Secret | None":
        """What somebody has said, if anything."""
        return Secret(mask(text), text=text) if text else None

    @staticmethod
    def name(text: str | None) -> "Secret | None":
        """A name, if one was given."""
        return Secret.said(text, masked_name)

    @staticmethod
    def phone(text: str | None) -> "Secret | None":
        """A phone, if one was given."""
        return Secret.said(text, masked_phone)

    @staticmethod
    def words(text: str) -> "Secret":
        """What is shown in full or not at all."""
        return Secret(unshown(text), text=text)

    @staticmethod
    def kept(found: "str | Mapping[str, Any] | Secret | None", mask: Mask) -> "Secret | None":
        """What a document holds; a plain text is from before it was marked, a secret is yet to be written."""
        if isinstance(found, Secret):
            return found
        if isinstance(found, Mapping):
            return Secret(found["mask"], sealed=found["sealed"])
        return Secret.said(found, mask)


Opening = Callable[[Secret], str]
"""Gives the text of a marked field to who may read it."""


def shown_secret(secret: Secret | None, opening: Opening | None) -> str | None:
    """Its text to who may read it, else its mask, which is not worked out anew; None where there is nothing."""
    if secret is None:
        return None
    return opening(secret) if opening else secret.mask
