"""What the gateway calls the codes of registers is what members knows."""

from gateway.problems import Text
from gateway.sheets.registry_words import IDENTITIES, ROLES, SKILLS, UNIT_TYPES
from members.organisations.unit import UNIT_TYPES as KINDS
from members.people import skill
from members.people.person import TAGS
from members.role import ROLES as HELD


def test_every_code_has_a_word_and_every_word_a_code() -> None:
    assert {code: Text(*names) for code, names in KINDS.items()} == UNIT_TYPES
    assert {code: Text(*names) for code, names in skill.SKILLS.items()} == SKILLS
    assert (set(ROLES), set(IDENTITIES)) == (set(HELD), set(TAGS))


def test_a_word_names_one_code() -> None:
    for words in (ROLES, UNIT_TYPES, SKILLS, IDENTITIES):
        for language in ("zh", "en"):
            assert len({getattr(name, language) for name in words.values()}) == len(words)
