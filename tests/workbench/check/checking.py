"""How the tests of `check` check: every family found is decided again, and z3 is asked the same."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from bot.decisions import Policy
from bot.workbench.check import Finding, check_day, periods
from tests.workbench.plain_rules import Plain
from tests.workbench.proof.second_opinion import Opinion
from tests.workbench.witness import assert_shown


def load(plain: Plain) -> Policy:
    """The policy of a rule base. Raises `RuleFileError` when it is refused."""
    with TemporaryDirectory() as folder:
        return Policy.load(plain.write(Path(folder) / "rules"))


def check(plain: Plain) -> list[Finding]:
    """What is found, on every day on which other rows come into force."""
    policy = load(plain)
    return [finding for day in periods(policy) for finding in _on(plain, policy, day.isoformat())]


def _on(plain: Plain, policy: Policy, day: str) -> list[Finding]:
    on = next(one for one in periods(policy) if one.isoformat() == day)
    findings = list(check_day(policy, on))
    for finding in findings:
        assert_shown(finding, policy, on)
    assert {(f.kind, f.subject) for f in findings} == Opinion(plain, day).verdict()
    return findings


def kinds(plain: Plain) -> list[tuple[str, ...]]:
    """Kind and subject of what is found."""
    return [(finding.kind, *finding.subject) for finding in check(plain)]


def only(plain: Plain) -> Finding:
    """The one thing that is found."""
    (finding,) = check(plain)
    return finding
