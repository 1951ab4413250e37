"""`rightdoor check --mutants` and `rightdoor check --propose`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.decisions import Policy
from bot.workbench.cases import failing
from tests.workbench.plain_rules import Plain, part


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """One row with a service that is told, which no case asks about."""
    plain = Plain().fact("danger").row("A", {"danger": "yes"}, "high", part(also=["school"], act_within="0"))
    return plain.write(tmp_path / "rules")


def run(rules: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["check", "--rules", str(rules), "--language", "en", *options])


def test_mutants_exits_with_one_while_somebody_survives_and_names_them(rules: Path) -> None:
    result = run(rules, "--mutants")
    assert result.exit_code == 1
    assert "rules/situations/all.yml:3: A: child: school is not told" in result.stdout


def test_mutants_can_be_read_by_machines(rules: Path) -> None:
    found = json.loads(run(rules, "--mutants", "--json").stdout)
    told = next(one for one in found if one["mutant"] == "A: child: school is not told")
    assert told == {
        "kind": "also dropped",
        "mutant": "A: child: school is not told",
        "file": "rules/situations/all.yml",
        "line": 3,
        "noticed": [],
        "equivalent": False,
        "family": {"family": {"danger": "yes"}, "children": []},
    }


def test_what_is_proposed_can_be_pasted_as_it_is_and_lets_nobody_survive(rules: Path) -> None:
    result = run(rules, "--propose")
    assert result.exit_code == 0
    (rules / "situations" / "all.cases.yml").write_text(result.stdout, encoding="utf-8")
    assert list(failing(rules, Policy.load(rules))) == []
    assert run(rules, "--mutants").exit_code == 0
