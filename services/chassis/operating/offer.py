"""What operators can do with one service: the module `<service>.operating` says it as its `OFFER`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from chassis.marked import Marked
from chassis.sealing import Sealer


@dataclass(frozen=True)
class Copies:
    """Read copies `of` something that another service owns; both entrypoints take `after` and go page by page.

    `made_by` is the service's own, which copies a page and answers the `after` of the next; `told_by` is the owner's,
    which answers `{items, next}` and changes nothing.
    """

    of: str
    made_by: str
    owner: str
    told_by: str


@dataclass(frozen=True)
class Export:
    """A list that may leave as a file, as the `role` sees it of an area.

    `entrypoint` answers `{items, next}` to a `caller`, `after`, and each of the `questions` about an area; the fields
    before a question tell its lines from those of the others. One `of_period` takes `since` and `until` too. `kind` is
    what the audit trail calls the file. `area` raises marshmallow's ValidationError for what can be the code of none;
    whether there is such an area the service's entrypoint `knows_area` says.
    """

    name: str
    entrypoint: str
    role: str
    kind: str
    area: Callable[[str], object]
    questions: Callable[[str], Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]]
    of_period: bool = False


@dataclass(frozen=True)
class Offer:
    """The fields that a service keeps sealed and what seals them, its copies, lists and commands of its own.

    `sealer` reads the keys from the settings; raises environs' EnvError, and ValueError for keys of another form.
    """

    marked: Sequence[Marked]
    sealer: Callable[[], Sealer]
    copies: Sequence[Copies] = ()
    exports: Sequence[Export] = ()
    commands: Sequence[click.Command] = ()
