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
from tests.workbench.small import small
from tests.workbench.witness import assert_shown

RULES = Path(__file__).parents[3] / "rules"
PLAIN = Plain.read(RULES)
PLANTED = dict(faults(PLAIN))
PLANTED_SMALL = dict(faults(small()))


def found(plain: Plain, folder: Path) -> Found:
    """What `check` finds on the day the newest row came into force; every family is decided again."""
    policy = Policy.load(plain.write(folder / "rules"))
    day = Space(policy).day
    findings = list(check_day(policy, day))
    for finding in findings:
        assert_shown(finding, policy, day)
    return {(finding.kind, finding.subject) for finding in findings}


def test_z3_finds_in_small_rules_what_check_finds_and_nothing_else(tmp_path: Path) -> None:
    assert found(small(), tmp_path) == Opinion(small()).verdict()


@pytest.mark.nightly
def test_z3_finds_in_the_rules_what_check_finds_and_nothing_else(tmp_path: Path) -> None:
    policy = Policy.load(RULES)
    as_filed = {(f.kind, f.subject) for f in check_day(policy, periods(policy)[-1])}
    assert as_filed == found(PLAIN, tmp_path) == Opinion(PLAIN).verdict()


@pytest.mark.parametrize("fault", PLANTED_SMALL)
def test_z3_and_check_find_the_same_in_every_fault_planted_in_small_rules(fault: str, tmp_path: Path) -> None:
    assert Opinion(PLANTED_SMALL[fault]).verdict() == found(PLANTED_SMALL[fault], tmp_path)


def test_faults_of_every_kind_are_planted_and_most_are_found(tmp_path: Path) -> None:
    before = found(small(), tmp_path / "before")
    noticed = [name for name, plain in PLANTED_SMALL.items() if found(plain, tmp_path / name) != before]
    assert len(PLANTED) >= 40
    assert len(noticed) > len(PLANTED_SMALL) / 2


@pytest.mark.nightly
@pytest.mark.parametrize("fault", PLANTED)
def test_z3_and_check_find_the_same_in_every_fault_planted_in_the_rules(fault: str, tmp_path: Path) -> None:
    assert Opinion(PLANTED[fault]).verdict() == found(PLANTED[fault], tmp_path)
