"""The entrypoints of templates: what messages say, what they would say, and what they are to say from now on."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.privacy import masked_text, without_identities
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from notify.permission import everywhere, role_for
from notify.preferences.kinds import KIND_OF, Kind
from notify.templates import schemas, views
from notify.templates.draft import compiled, faults
from notify.templates.fault import check
from notify.templates.store import TemplateStore
from notify.templates.version import BUILT_IN_NUMBER, Version, original
from notify.wording.wording import templates

Answer = dict[str, Any]


class TemplateDesk(Desk):
    """Lets operators change what messages say (docs/domain.md §2.2)."""

    templates_kept: TemplateStore = Store(TemplateStore)

    @rpc
    def message_templates(self, caller: Answer) -> Answer:
        """Every template with its variables and the number of the version in force: `{items}`."""
        everywhere(Caller.load(caller), "see_templates")
        numbers = self.templates_kept.numbers()
        return {
            "items": [views.outline(each, numbers.get(each, BUILT_IN_NUMBER)) for each in sorted(templates())],
            "next": None,
        }

    @rpc
    def message_template(self, caller: Answer, template: str) -> Answer:
        """The texts in force and what they may ask for; refuses `template_not_found`."""
        everywhere(Caller.load(caller), "see_templates")
        found = self._in_force(_known(load(schemas.NameSchema(), {"template": template})["template"]))
        return views.whole(found, faults(found.template, found.texts))

    @rpc
    def template_versions(self, caller: Answer, template: str, after: int | None = None, limit: int = 20) -> Answer:
        """Its versions, newest first, down to the built-in one: `{items, next}`; refuses `template_not_found`."""
        everywhere(Caller.load(caller), "see_templates")
        page = load(schemas.VersionsSchema(), {"template": template, "after": after, "limit": limit})
        _known(page["template"])
        found = self.templates_kept.page(page["template"], page["after"], page["limit"] + 1)
        listed = [*found, *([] if page["after"] == BUILT_IN_NUMBER else [original(page["template"])])]
        shown = listed[: page["limit"]]
        return {
            "items": [views.version(each) for each in shown],
            "next": shown[-1].number if len(listed) > len(shown) else None,
        }

    @rpc
    def preview_template(self, caller: Answer, template: str, **body: Any) -> Answer:
        """The messages that a draft makes of sample data, or the texts in force; nothing is kept.

        Refuses `template_not_found`, and `template_refused` as saving does.
        """
        everywhere(Caller.load(caller), "see_templates")
        asked = load(schemas.PreviewSchema(), {**body, "template": template})
        found = self._in_force(_known(asked["template"]))
        texts = asked.get("texts", found.texts)
        if "texts" in asked:
            check(faults(found.template, texts))
        return views.preview(found.template, compiled(found.template, texts))

    @rpc
    def save_template(self, caller: Answer, command_id: str, template: str, **body: Any) -> Answer:
        """A new version, in force from now on.

        Refuses `template_not_found`, `template_refused` with every fault, `unknown_template_version`,
        `template_changed` if somebody else has saved one since `based_on`, `command_id_reused`.
        """
        asked = self._asked(caller, command_id, {**body, "template": template})
        change = load(schemas.SaveSchema(), {**body, "template": template})
        everywhere(asked.caller, _act(_known(change["template"])))
        if known := self._saved(asked):
            return known
        texts = _told(change["texts"]) if "texts" in change else self._texts(template, change["reverts_to"])
        check(faults(template, texts))
        version = Version(
            template,
            change["based_on"] + 1,
            texts,
            asked.caller.id,
            asked.now,
            masked_text(change["reason"]),
            change.get("reverts_to"),
        )
        before = self._in_force(template)
        role = role_for(asked.caller, _act(template))
        fits = before.number == change["based_on"]
        if fits and self.templates_kept.add(version, before, role, asked.key, asked.digest):
            return views.version(version)
        if known := self._saved(asked):
            return known
        raise Refusal("template_changed", template=template, version=self._in_force(template).number)

    def _in_force(self, template: str) -> Version:
        found = self.templates_kept.newest(template) or original(template)
        return replace(found, texts=original(template).texts) if found.built_in else found

    def _texts(self, template: str, number: int) -> Any:
        if number == BUILT_IN_NUMBER:
            return original(template).texts
        if (found := self.templates_kept.one(template, number)) is None:
            raise Refusal("unknown_template_version", template=template, version=number)
        return found.texts

    def _saved(self, asked: Any) -> Answer | None:
        """What the same command has kept before."""
        if (found := self.templates_kept.of_command(asked.keys)) is None:
            return None
        version, digest = found
        if digest != asked.digest:
            raise Refusal("command_id_reused")
        return views.version(version)


OF_MEMBERS = frozenset({Kind.ACTIVITY, Kind.VOLUNTEERING, Kind.REGISTRATION})
"""What the party office says to members and volunteers is its own policy (docs/domain.md §5)."""


def _known(template: str) -> str:
    if template not in templates():
        raise Refusal("template_not_found", template=template)
    return template


def _act(template: str) -> str:
    """Which row of the table lets somebody change it."""
    return "change_templates_of_members" if KIND_OF.get(template) in OF_MEMBERS else "change_templates"


def _told(texts: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The texts as they may be told to many: whom to call, but no identity number (docs/domain.md §5)."""
    return {language: {of: without_identities(said) for of, said in each.items()} for language, each in texts.items()}
