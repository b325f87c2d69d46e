"""What operators get to see of templates."""

from collections.abc import Mapping
from typing import Any

from chassis.instant import written_or_none
from notify.preferences.kinds import KIND_OF
from notify.templates.asked import NEEDED, variables
from notify.templates.fault import Fault
from notify.templates.sample import NAMES, SAMPLES, sample
from notify.templates.version import Version
from notify.wording.wording import LANGUAGES, LIMITS, PLAIN, Wording
from notify.wording.words import VARIABLES

Answer = dict[str, Any]


def outline(template: str, number: int) -> Answer:
    """A template with its variables, and the version in force."""
    kind, needed = KIND_OF.get(template), NEEDED.get(template)
    return {
        "template": template,
        "kind": kind.value if kind else None,
        "version": number,
        "variables": [
            {"name": name, "form": VARIABLES[name].value, "needed": name == needed}
            for name in sorted(variables(template))
        ],
    }


def version(found: Version) -> Answer:
    """One version, with who wrote it, when and why."""
    return {
        "template": found.template,
        "version": found.number,
        "texts": {language: dict(variants) for language, variants in found.texts.items()},
        "by": found.by,
        "at": written_or_none(found.at),
        "reason": found.reason,
        "reverts_to": found.reverts_to,
    }


def whole(found: Version, faults: list[Fault]) -> Answer:
    """A template as it stands; `faults` are why the version in force cannot be used, and the built-in one goes out."""
    return outline(found.template, found.number) | version(found) | {"faults": [each.dump() for each in faults]}


def preview(template: str, wording: Wording) -> Answer:
    """The messages that come of it, with each sample, in each language, in the inbox and through each channel."""
    return {"items": [_shown(template, wording, *each) for each in _every()]}


def _every() -> list[tuple[str, str, str]]:
    return [(language, channel, name) for language in LANGUAGES for channel in (PLAIN, *LIMITS) for name in SAMPLES]


def _shown(template: str, wording: Wording, language: str, channel: str, name: str) -> Mapping[str, Any]:
    said = wording.text(template, language, sample(template, name), NAMES, channel)
    place = {"language": language, "channel": channel, "sample": name}
    return {**place, "title": said.title, "body": said.body, "length": len(str(said)), "most": LIMITS.get(channel)}
