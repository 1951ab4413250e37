"""z3 and `check` agree on the rules, and on what is planted in them; every family found shows it when it is decided again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.decisions import Policy
from bot.workbench.check import check_day, periods
from bot.workbench.proof import Space
from tests.workbench.plain_rules import Plain
from tests.workbench.proof.faults import faults
from tests.workbench.proof.second_opinion import Found, Opinion
from tests.workbench.witness import assert_shown

RULES = Path(__file__).parents[3] / "rules"
PLAIN = Plain.read(RULES)
PLANTED = dict(faults(PLAIN))
FEW = list(PLANTED)[::18]


def found(plain: Plain, folder: Path) -> Found:
    """What `check` finds on the day the newest row came into force; every family is decided again."""
    policy = Policy.load(plain.write(folder / "rules"))
    day = Space(policy).day
    findings = list(check_day(policy, day))
    for finding in findings:
        assert_shown(finding, policy, day)
    return {(finding.kind, finding.subject) for finding in findings}


def test_z3_finds_in_the_rules_what_check_finds_and_nothing_else(tmp_path: Path) -> None:
    assert Opinion(PLAIN).verdict() == found(PLAIN, tmp_path)


def test_rules_written_out_as_dictionaries_are_found_as_the_files_are(tmp_path: Path) -> None:
    policy = Policy.load(RULES)
    day = periods(policy)[-1]
    assert {(f.kind, f.subject) for f in check_day(policy, day)} == found(PLAIN, tmp_path)


def test_there_are_forty_planted_faults_and_more() -> None:
    assert len(PLANTED) >= 40


@pytest.mark.parametrize("fault", FEW)
def test_z3_and_check_find_the_same_in_a_few_planted_faults(fault: str, tmp_path: Path) -> None:
    assert Opinion(PLANTED[fault]).verdict() == found(PLANTED[fault], tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("fault", [name for name in PLANTED if name not in FEW])
def test_z3_and_check_find_the_same_in_every_planted_fault(fault: str, tmp_path: Path) -> None:
    assert Opinion(PLANTED[fault]).verdict() == found(PLANTED[fault], tmp_path)
