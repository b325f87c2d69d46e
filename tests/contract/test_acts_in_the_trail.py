"""The acts that a trail is searched for are those that its service enters, looked up in its code."""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import pytest

import cases
import chassis
import members
import notify
from cases.service import CasesService
from chassis.audit.desk import COMMON_ACTS
from chassis.audit.view import Words
from chassis.outbox import Audited
from members.service import MembersService
from notify.service import NotifyService

ENTERED = re.compile(r'\b(?:_audit(?:_asked|_day|_release)?|Act)\((?:[^"()]|\([^"()]*\))*f?"([a-z_]+\.[a-z_]+)"')
"""What an entrypoint says that somebody does, before any other text among its arguments."""

CHINESE = re.compile("[\u4e00-\u9fff]")

DROPPED = re.compile(r'"(audit\.dropped)"')


def entered(package: ModuleType) -> Iterator[str]:
    for source in Path(str(package.__file__)).parent.rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        yield from ENTERED.findall(text)
        yield from DROPPED.findall(text) if source.parent.name == "audit" else ()


def owed(package: ModuleType) -> Iterator[str]:
    for found in walk_packages(package.__path__, f"{package.__name__}."):
        if found.name.endswith("store") or ".store." in found.name:
            for each in vars(import_module(found.name)).values():
                yield from each.types if isinstance(each, Audited) else ()


SERVICES = [(cases, CasesService), (members, MembersService), (notify, NotifyService)]


@pytest.mark.parametrize(("package", "service"), SERVICES)
def test_a_trail_is_searched_for_what_its_service_enters(
    package: ModuleType, service: type[CasesService | MembersService | NotifyService]
) -> None:
    assert sorted({*entered(package), *owed(package)} - set(COMMON_ACTS)) == sorted(service.AUDIT_ACTS)


def test_every_trail_is_searched_for_what_the_chassis_enters() -> None:
    common = {*entered(chassis)} | {each for each in entered(cases) if each == "own_data.copied"}
    assert sorted(common) == sorted(COMMON_ACTS)


@pytest.mark.parametrize("acts", [COMMON_ACTS, *(service.AUDIT_ACTS for _, service in SERVICES)])
def test_every_act_has_a_name_of_its_own_in_both_languages(acts: Mapping[str, Words]) -> None:
    assert all(CHINESE.search(zh) and not CHINESE.search(en) and en[0].isupper() for zh, en in acts.values())
    for names in zip(*acts.values(), strict=True):
        assert len(set(names)) == len(names)
