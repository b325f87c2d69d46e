"""The import rules catch what they are for: one violation of each is planted in a copy of the code and found."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dev.layout import ROOT

PLANTED = {
    "apart": ("services/cases/rating.py", "import members.people.person"),
    "cases": ("services/cases/rating.py", "import cases.store.cases"),
    "cases-folders": ("services/cases/ledger/lists.py", "import cases.ledger.store"),
    "cases-moves": ("services/cases/moves/saying.py", "import cases.moves.table"),
    "cases-showing": ("services/cases/showing/sight.py", "import cases.showing.view"),
    "cases-demo": ("services/cases/demo/site.py", "import cases.demo.plan"),
    "members": ("services/members/permission.py", "import members.people.person"),
    "members-folders": ("services/members/people/skill.py", "import members.people.store"),
    "notify": ("services/notify/webhooks/target.py", "import notify.service"),
    "notify-folders": ("services/notify/webhooks/address.py", "import notify.webhooks.target"),
    "gateway": ("gateway/times.py", "import gateway.app"),
    "gateway-sheets": ("gateway/sheets/table.py", "import gateway.sheets.exporting"),
    "gateway-open311": ("gateway/open311/spark.py", "import gateway.open311.documents"),
    "gateway-endings": ("gateway/endings/ended.py", "import gateway.endings.ending_ear"),
    "gateway-live": ("gateway/live/writing.py", "import gateway.live.hub"),
    "gateway-listener": ("gateway/listener/pace.py", "import gateway.listener.protocol"),
    "chassis": ("services/chassis/errors.py", "import chassis.mongo"),
    "rules": ("services/cases/stay.py", "import chassis.outbox"),
    "pymongo": ("services/members/service.py", "import pymongo"),
    "stores": ("services/notify/names/store.py", "import nameko.rpc"),
}
UNPLACED = ("services/cases/lamp_post.py", "services/members/lamp_post.py", "services/notify/lamp_post.py")


def broken(code: Path, contract: str) -> bool:
    """Whether the contract is found broken, and by a working tool."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    paths = os.pathsep.join([str(code / "services"), str(code)])
    done = subprocess.run(
        [*command, "--no-cache", "--contract", contract],
        cwd=code,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Analyzed" in done.stdout, done.stdout + done.stderr
    return done.returncode != 0


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A copy of everything that the rules speak of."""
    for name in ("services", "gateway", "dev", "bench"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "results"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_has_a_violation_planted() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert {contract["id"] for contract in rules["contracts"]} == set(PLANTED)


@pytest.mark.parametrize("contract", PLANTED)
def test_a_planted_violation_is_caught(code: Path, contract: str) -> None:
    name, line = PLANTED[contract]
    with (code / name).open("a") as module:
        module.write(f"\n{line}\n")
    assert broken(code, contract)


@pytest.mark.parametrize("name", UNPLACED)
def test_a_module_without_a_place_is_caught(code: Path, name: str) -> None:
    (code / name).write_text('"""A module that nobody has placed."""\n')
    assert broken(code, Path(name).parent.name)


def test_every_rule_that_is_placed_is_held_to_the_rules() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    by_id = {contract["id"]: contract for contract in contracts}
    for service in ("cases", "members", "notify"):
        placed = {f"{service}.{module}" for module in by_id[service]["layers"][-1].split(" : ")}
        assert placed <= set(by_id["rules"]["source_modules"])


def test_every_rule_in_a_folder_is_held_to_the_rules() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    by_id = {contract["id"]: contract for contract in contracts}
    names = {name.strip("()") for name in by_id["cases-folders"]["layers"][-1].split(" : ")}
    folders = [ROOT / "services" / Path(*folder.split(".")) for folder in by_id["cases-folders"]["containers"]]
    placed = {f"cases.{folder.name}.{name}" for folder in folders for name in names if (folder / f"{name}.py").exists()}
    assert len(placed) >= len(folders)
    assert placed <= set(by_id["rules"]["source_modules"])
