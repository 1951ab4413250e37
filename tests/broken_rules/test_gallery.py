"""A gallery of rule bases, each with one mistake its author could make, and what the author is told.

To add one, write `gallery/name_of_the_mistake.yml`: in which file of `good/` what is replaced by what, and what must be said.
A line is a part of what is said, so that the author finds the place.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.decisions import Policy
from bot.errors import RuleFileError
from bot.workbench.check import check_project

HERE = Path(__file__).parent
GALLERY = sorted((HERE / "gallery").glob("*.yml"))


def broken(folder: Path, mistake: Mapping[str, str]) -> Path:
    """The good rules with one mistake made in them."""
    rules = shutil.copytree(HERE / "good", folder / "rules")
    file = rules / mistake["file"]
    text = file.read_text(encoding="utf-8")
    assert text.count(mistake["find"]) == 1, f"{mistake['find']!r} must stand once in {mistake['file']}"
    file.write_text(text.replace(mistake["find"], mistake["write"]), encoding="utf-8")
    return rules


def test_the_good_rules_are_good() -> None:
    assert [row.id for row in Policy.load(HERE / "good").rows] == ["FIRE", "BURNT"]


@pytest.mark.parametrize("file", GALLERY, ids=lambda file: file.stem)
def test_an_authors_mistake_is_refused_with_file_line_and_the_nearest_word(file: Path, tmp_path: Path) -> None:
    mistake = YAML(typ="safe", pure=True).load(file)
    rules = broken(tmp_path, mistake)
    with pytest.raises(RuleFileError) as refused:
        Policy.load(rules)
    assert str(refused.value) == mistake["says"]
    assert [finding.line for finding in check_project(tmp_path, rules)] == [
        mistake["says"].replace(": ", ": refused: ", 1)
    ]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    rules = shutil.copytree(HERE / "good", tmp_path / "rules")
    (rules / "deadlines.yml").unlink()
    with pytest.raises(RuleFileError, match=r"^rules/deadlines\.yml: the file is missing$"):
        Policy.load(rules)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    rules = shutil.copytree(HERE / "good", tmp_path / "rules")
    text = (rules / "legal_basis.yml").read_text(encoding="utf-8")
    (rules / "legal_basis.yml").write_text(text, encoding="gb18030")
    with pytest.raises(RuleFileError, match=r"^rules/legal_basis\.yml: the file is not UTF-8 text$"):
        Policy.load(rules)


def test_an_id_may_not_be_used_again_in_another_file(tmp_path: Path) -> None:
    rules = shutil.copytree(HERE / "good", tmp_path / "rules")
    shutil.copy(rules / "situations" / "fire.yml", rules / "situations" / "more.yml")
    with pytest.raises(RuleFileError) as refused:
        Policy.load(rules)
    assert str(refused.value) == (
        "rules/situations/more.yml:4: the id 'FIRE' is used twice (first at rules/situations/fire.yml:4), "
        "and both are in force on 2026-11-01"
    )


def test_rules_without_a_single_situation_are_refused(tmp_path: Path) -> None:
    rules = shutil.copytree(HERE / "good", tmp_path / "rules")
    (rules / "situations" / "fire.yml").unlink()
    with pytest.raises(RuleFileError, match=r"^rules/situations: no situation is written here$"):
        Policy.load(rules)


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    rightdoor = Path(sys.executable).with_name("rightdoor")
    return subprocess.run([rightdoor, *arguments], input="", capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("name", ["unknown_fact", "tab", "duplicate_id"])
def test_check_prints_one_line_and_exits_with_1(tmp_path: Path, name: str) -> None:
    mistake = YAML(typ="safe", pure=True).load(HERE / "gallery" / f"{name}.yml")
    ran = command("check", "--rules", broken(tmp_path, mistake))
    assert (ran.returncode, ran.stderr) == (1, "")
    assert ran.stdout.splitlines() == [mistake["says"].replace(": ", ": refused: ", 1), "1 found"]


@pytest.mark.parametrize("asked", ["decide", "facts"])
def test_deciding_by_broken_rules_is_bad_input_in_one_line(tmp_path: Path, asked: str) -> None:
    mistake = YAML(typ="safe", pure=True).load(HERE / "gallery" / "unknown_article.yml")
    ran = command(asked, "--rules", broken(tmp_path, mistake))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.splitlines() == [mistake["says"]]


def test_check_says_the_same_to_machines(tmp_path: Path) -> None:
    mistake = YAML(typ="safe", pure=True).load(HERE / "gallery" / "unknown_fact.yml")
    ran = command("check", "--json", "--rules", broken(tmp_path, mistake))
    assert ran.returncode == 1
    assert json.loads(ran.stdout) == [
        {
            "kind": "refused",
            "file": "rules/situations/fire.yml",
            "line": 8,
            "message": "unknown fact 'fyre'; did you mean 'fire'?",
            "family": None,
            "conversation": [],
        }
    ]
