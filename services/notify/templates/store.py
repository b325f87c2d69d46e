"""Every version of every edited template, and those that are in force, which are looked up once for many messages."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import structlog
from prometheus_client import Counter
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.errors import Busy
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Audited, Entry
from notify.templates.draft import usable
from notify.templates.version import Version
from notify.wording.wording import Place, Source, Wording

Document = dict[str, Any]

TRIES = 20

ENTERED = "template.entered"

AUDITED = Audited(
    {ENTERED: ("number", "reverts_to", "fields")},
    lambda _: ("",),  # what messages say holds in every district
    lambda document, _: str(document["reason"]),
    lambda document: str(document["template"]),
)

FELL_BACK = Counter(
    "sandan_templates_failed_total", "Edited texts that could not be used, so that the built-in one was.", ["template"]
)

log = structlog.get_logger()


class TemplateStore:
    """One document for each version, never changed; `_id` counts all of them, whatever their template, without a gap.

    So the greatest tells whether there is anything new, for every instance.
    """

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        "template_versions": [
            IndexModel([("template", ASCENDING), ("number", DESCENDING)], name="version", unique=True),
            IndexModel([("command", ASCENDING)], name="command", unique=True),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._outbox = home.outbox("template_versions", subject="template", published=(), audited=AUDITED)
        self._versions = self._outbox.collection
        self._seen = 0
        self._edited: dict[str, dict[Place, Source]] = {}
        self._wording = Wording({}, failed)

    def add(self, version: Version, before: Version, role: str, command: str, digest: str) -> bool:
        """Keep the version after `before`, entered in that role.

        False if its template has one of that number already, or the command was seen.
        """
        document = vars(version) | {"command": command, "digest": digest}
        entry = _entry(version, before, role)
        for _ in range(TRIES):
            try:
                self._outbox.create({"_id": self._newest() + 1, **document}, [entry])
            except DuplicateKeyError:
                # Which of the unique keys it was is asked, not read off the error: the number of all may be the one.
                same = {"$or": [{"command": command}, {"template": version.template, "number": version.number}]}
                if self._versions.find_one(same, {"_id": True}):
                    return False
            else:
                return True
        raise Busy

    def of_command(self, commands: Iterable[str]) -> tuple[Version, str] | None:
        """What a command has kept, and the digest of what it asked."""
        found = self._versions.find_one({"command": {"$in": list(commands)}})
        return (_version(found), found["digest"]) if found else None

    def newest(self, template: str) -> Version | None:
        """The version in force; None where the built-in one is."""
        found = self._versions.find_one({"template": template}, sort=[("number", DESCENDING)])
        return _version(found) if found else None

    def one(self, template: str, number: int) -> Version | None:
        """The version of that number."""
        found = self._versions.find_one({"template": template, "number": number})
        return _version(found) if found else None

    def page(self, template: str, below: int | None, limit: int) -> list[Version]:
        """At most `limit` versions of the template, newest first, with numbers below that."""
        where: Document = {"template": template} | ({"number": {"$lt": below}} if below is not None else {})
        return [_version(each) for each in self._versions.find(where).sort("number", DESCENDING).limit(limit)]

    def numbers(self) -> dict[str, int]:
        """The number of the version in force of each template that was ever edited."""
        found = self._versions.aggregate([{"$group": {"_id": "$template", "number": {"$max": "$number"}}}])
        return {each["_id"]: each["number"] for each in found}

    def wording(self) -> Wording:
        """The texts in force, by one look at the newest version; to be called once for many messages."""
        if (newest := self._newest()) != self._seen:
            self._take_up(newest)
        return self._wording

    def _newest(self) -> int:
        found = self._versions.find_one({}, {"_id": True}, sort=[("_id", DESCENDING)])
        return int(found["_id"]) if found else 0

    def _take_up(self, newest: int) -> None:
        """What is new since the last look, in the order in which it was kept; each is compiled once."""
        # Fewer than before: the database is another one, and nothing that was known of the former holds.
        seen, edited = (self._seen, dict(self._edited)) if newest > self._seen else (0, {})
        for each in self._versions.find({"_id": {"$gt": seen, "$lte": newest}}).sort("_id", ASCENDING):
            version = _version(each)
            edited[version.template] = {} if version.built_in else usable(version.template, version.texts, failed)
        together = {place: source for places in edited.values() for place, source in places.items()}
        self._edited, self._seen, self._wording = edited, newest, Wording(together, failed)


def failed(place: Place, reason: str) -> None:
    """Report an edited text that could not be used: the built-in one was."""
    FELL_BACK.labels(place.template).inc()
    log.error("edited template failed", **vars(place), reason=reason)


def _version(found: Mapping[str, Any]) -> Version:
    return Version(**{name: found[name] for name in Version.__dataclass_fields__})


def _entry(version: Version, before: Version, role: str) -> Entry:
    """What the audit trail is owed: which texts are others, and none of their words."""
    told = {"number": version.number, "fields": version.others_than(before)}
    again = {} if version.reverts_to is None else {"reverts_to": version.reverts_to}
    assert version.at is not None  # noqa: S101 - the built-in version is never kept
    return Entry(new_id(), ENTERED, version.at, told | again, by={"id": version.by, "role": role})
