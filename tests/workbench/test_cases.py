"""Cases beside the tables: whatever one names is expected, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.decisions import Policy
from bot.errors import RuleFileError
from bot.workbench.cases import failing
from tests.workbench.plain_rules import Plain, part


def wrong(folder: Path, expects: str) -> tuple[str, ...]:
    """What is decided otherwise than a case about danger expects."""
    plain = Plain().fact("danger").row("A", {"danger": "yes"}, "high", part(also=["school"], act_within="1d"))
    rules = plain.row("B", {"danger": "no"}, "low", part("couple")).write(folder / "rules")
    (rules / "situations" / "all.cases.yml").write_text(f"- {{case: danger, family: {{danger: yes}}, {expects}}}\n")
    found = list(failing(rules, Policy.load(rules)))
    return found[0][1] if found else ()


@pytest.mark.parametrize(
    "expects",
    [
        "also: {child: school}",
        "also: {child: [school]}",
        "act_within: {child: 24h}",
        "risks: {child: high}",
        "never: []",
    ],
)
def test_a_case_that_is_decided_as_it_says_passes(tmp_path: Path, expects: str) -> None:
    assert wrong(tmp_path, expects) == ()


@pytest.mark.parametrize(
    ("expects", "says"),
    [
        ("also: {child: [school, police]}", "also told for child: expected police school, decided school"),
        ("also: {couple: school}", "also told for couple: expected school, decided nobody"),
        ("act_within: {child: 0}", "time for child: expected 0, decided 1d"),
        ("risks: {child: low}", "risk for child: expected low, decided high"),
        ("leads: {child: police}", "lead for child: expected police, decided village_worker"),
        ("never: [school]", "never: expected school, decided none"),
    ],
)
def test_a_case_that_is_decided_otherwise_says_how(tmp_path: Path, expects: str, says: str) -> None:
    assert wrong(tmp_path, expects) == (says,)


def test_a_time_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="'soon' is not a duration"):
        wrong(tmp_path, "act_within: {child: soon}")
