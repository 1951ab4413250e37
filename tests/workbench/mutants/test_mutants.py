"""Every row with one mistake: judged all at once as each would be alone, and noticed by the cases that are proposed."""

from __future__ import annotations

import shutil
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bot.decisions import Policy
from bot.workbench.cases import cases, failing
from bot.workbench.mutants import report, writing
from bot.workbench.mutants.kinds import KINDS, all_mutants
from bot.workbench.mutants.proposal import propose
from bot.workbench.mutants.trial import Verdict, moment, try_rules, verdicts
from bot.workbench.titles import Titles
from tests.workbench.mutants.naive import asks_otherwise, differ, noticed, sheets
from tests.workbench.plain_rules import Plain, part
from tests.workbench.small import small
from tests.workbench.witness import excluded

PROJECT = Path(__file__).parents[3]
TITLES = Titles({}, {})
CASE = """
- case: danger is led by the police
  family: {danger: yes}
  rows: [A]
  leads: {family: police}
"""


def written(folder: Path, text: str = CASE) -> Path:
    """The small rule base with a case."""
    rules = small().write(folder / "rules")
    (rules / "situations" / "all.cases.yml").write_text(text, encoding="utf-8")
    return rules


def test_every_kind_of_mistake_is_tried(tmp_path: Path) -> None:
    policy = Policy.load(written(tmp_path))
    tried = Counter(mutant.kind for mutant in all_mutants(policy, moment(policy).date()))
    assert tried == {
        "row removed": 4,
        "risk lowered": 4,
        "condition dropped": 8,
        "condition widened": 3 + 3 + 3 + 3 + 2 + 2 + 3 + 3,
        "condition narrowed": 4,
        "alternative dropped": 2,
        "lead swapped": 4,
        "time lengthened": 3,
        "never removed": 1,
        "also dropped": 3,
        "relevance narrowed": 3,
    }
    assert set(tried) == set(KINDS)


def test_a_row_that_is_removed_leaves_the_order_of_the_others(tmp_path: Path) -> None:
    plain = Plain().fact("danger")
    for name, before in (("A", []), ("B", ["A"]), ("C", ["B"])):
        plain.row(name, {"danger": "yes"}, "high", part(lead="school" if name == "A" else "police"), before=before)
    policy = Policy.load(plain.write(tmp_path / "rules"))
    removed = next(m for m in all_mutants(policy, moment(policy).date()) if m.said.startswith("B: the row removed"))
    assert {row.id: row.before for row in removed.policy(policy.base).rows} == {"A": (), "C": ("A",)}


@pytest.mark.parametrize("batch", [1000, 7])
def test_all_at_once_are_judged_as_each_would_be_alone(tmp_path: Path, batch: int) -> None:
    policy = Policy.load(written(tmp_path))
    at = moment(policy)
    some = tuple(cases(tmp_path / "rules", policy, at))
    together = {verdict.mutant.said: set(verdict.noticed) for verdict in verdicts(policy, some, at, batch)}
    alone = {m.said: noticed(m, policy, some, at) for m in all_mutants(policy, at.date())}
    assert together == alone


def test_a_survivor_is_equivalent_exactly_if_no_sheet_is_decided_or_asked_otherwise(tmp_path: Path) -> None:
    policy = Policy.load(written(tmp_path))
    at = moment(policy)
    every = [s for n in (1, 2) for s in sheets(policy, at, n) if not excluded(policy, s, at.date())]
    survivors = [one for one in verdicts(policy, (), at) if one.survives]
    assert {one.real for one in survivors} == {True, False}
    for one in survivors:
        mutated = one.mutant.policy(policy.base)
        different = any(differ(policy, mutated, sheet, at) for sheet in every)
        otherwise = one.mutant.fact is not None and any(asks_otherwise(policy, mutated, s, at) for s in every)
        assert one.real == (different or otherwise), one.mutant.said


def test_a_real_survivor_comes_with_a_smallest_family_that_it_decides_differently(tmp_path: Path) -> None:
    policy = Policy.load(written(tmp_path))
    at = moment(policy)
    for one in verdicts(policy, (), at):
        if one.difference is not None and one.difference.unasked is None:
            family, mutated = one.difference.family, one.mutant.policy(policy.base)
            assert differ(policy, mutated, family.sheet(), at)
            for key in family.answers:
                fewer = type(family)({k: v for k, v in family.answers.items() if k != key}, family.mentions)
                assert not differ(policy, mutated, fewer.sheet(), at), one.mutant.said


def pasted(rules: Path, policy: Policy, found: list[Verdict], titles: Titles = TITLES) -> int:
    """Adds the proposed cases to the rules; how many mutants no case can show."""
    proposals = propose(policy, found, moment(policy))
    text = writing.text(proposals, policy, titles, "en")
    with (rules / "situations" / "proposed.cases.yml").open("w", encoding="utf-8") as file:
        file.write(text)
    return len(proposals.left)


def test_the_proposed_cases_pass_and_leave_no_real_survivor(tmp_path: Path) -> None:
    rules = written(tmp_path)
    policy = Policy.load(rules)
    before = try_rules(rules, policy)
    assert any(one.real for one in before)
    assert pasted(rules, policy, before) == 0
    assert list(failing(rules, policy)) == []
    assert [one.mutant.said for one in try_rules(rules, policy) if one.real] == []


def test_no_proposed_case_can_be_spared(tmp_path: Path) -> None:
    rules = written(tmp_path)
    policy = Policy.load(rules)
    proposals = propose(policy, try_rules(rules, policy), moment(policy))
    mutants = [mutant for one in proposals.cases for mutant in one.mutants]
    assert all(one.mutants for one in proposals.cases)
    assert len(mutants) == len(set(mutants))


def test_a_proposed_case_is_named_by_the_rows_title_and_the_familys_answers(tmp_path: Path) -> None:
    rules = written(tmp_path)
    policy = Policy.load(rules)
    titles = Titles({}, {("danger", "yes"): "There is danger"})
    text = writing.text(propose(policy, try_rules(rules, policy), moment(policy)), policy, titles, "en")
    assert '- case: "on trial: There is danger' in text
    assert "# rules/situations/all.cases.yml" in text


def test_a_mutant_that_only_a_hint_in_words_shows_is_told_as_such(tmp_path: Path) -> None:
    plain = Plain().fact("danger").fact("worry")
    more = {"relevant_when": [{"danger": "yes"}], "otherwise": "no", "mentioned_by": [{"cue": "hurt"}]}
    plain.fact("hurt", **more).row("A", {"danger": "no", "hurt": "no"}, "low", part("couple"))
    policy = Policy.load(plain.write(tmp_path / "rules"))
    found = [one for one in try_rules(tmp_path / "rules", policy) if one.real]
    left = {one.mutant.said for one in propose(policy, found, moment(policy)).left}
    told = {one.mutant.said for one in found if one.difference and one.difference.family.mentions}
    assert left == told


def test_the_table_has_a_line_for_every_kind_and_names_every_real_survivor(tmp_path: Path) -> None:
    rules = written(tmp_path)
    found = try_rules(rules, Policy.load(rules))
    out = Console(record=True, width=160, file=StringIO())
    report.show(found, out, TITLES)
    text = out.export_text()
    for kind in KINDS:
        assert kind in text
    assert all(one.mutant.said in text for one in found if one.real)
    total = dict(report.counts(found))["all"]
    assert total[0] == len(found)
    assert total[-1] == sum(one.real for one in found)
    assert len(report.to_json(found)) == len(found)


@pytest.mark.nightly
def test_every_row_of_the_rules_mutated_and_no_real_survivor_after_the_proposed_cases(tmp_path: Path) -> None:
    rules = shutil.copytree(PROJECT / "rules", tmp_path / "rules")
    policy = Policy.load(rules)
    before = try_rules(rules, policy)
    Console(width=160).print(report.table(before))
    left = pasted(rules, policy, before, Titles.load(PROJECT, "en"))
    assert list(failing(rules, policy)) == []
    assert sum(one.real for one in try_rules(rules, policy)) == left


@pytest.mark.nightly
def test_mutants_of_the_rules_are_judged_in_one_formula_as_each_would_be_alone() -> None:
    policy = Policy.load(PROJECT / "rules")
    at = moment(policy)
    some = tuple(cases(PROJECT / "rules", policy, at))
    found = [one for one in verdicts(policy, some, at) if not one.mutant.refused]
    for one in found[:: max(1, len(found) // 40)]:
        assert set(one.noticed) == noticed(one.mutant, policy, some, at), one.mutant.said
