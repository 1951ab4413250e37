"""What check tells beside its findings: rows nobody could check against a text, and the situations as interviews."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.decisions import Policy
from bot.workbench.check import unverified_rows
from tests.decisions.reference import RULES


def rightdoor(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("rightdoor")
    return subprocess.run([command, *arguments], capture_output=True, text=True, timeout=120, check=False)


def test_a_row_that_rests_on_a_text_nobody_could_read_is_listed_with_its_line() -> None:
    listed = list(unverified_rows(Policy.load(RULES)))
    [row] = [line for line in listed if ": R02a rests on" in line]
    assert row.startswith("fifteen/situations/divorce.yml:")
    assert "法发〔2014〕24号" in row
    assert not [line for line in listed if ": R01 rests on" in line]


def test_the_sixty_situations_are_played_as_interviews() -> None:
    played = rightdoor("check", "--interviews")
    assert played.returncode == 0, played.stderr
    assert "60 interviews" in played.stdout


def test_rules_whose_cases_tell_no_situation_cannot_be_played() -> None:
    played = rightdoor("check", "--interviews", "--rules", RULES)
    assert (played.returncode, played.stdout) == (2, "")
    assert "no case of fifteen tells a situation in full" in played.stderr
