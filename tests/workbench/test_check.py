"""`rightdoor check` finds what was planted in the good rules, and shows each with a family that the planted rules decide so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.decisions import Decision, Policy
from bot.facts import Sheet
from bot.workbench.check import Finding, check_project, check_rules, report

PROJECT = Path(__file__).parents[2]
RULES = PROJECT / "rules"
AT = datetime(2026, 11, 25, 8, tzinfo=UTC)

ROW = """
  - id: {id}
    title: {{zh: 试行, en: on trial}}
    when: {when}
    then: {{risk: {risk}, parts: [{parts}]{more}}}
    basis: [民法典#26]
    because: {{zh: 试行, en: on trial}}
"""


def planted(folder: Path, file: str, change: Callable[[str], str]) -> Path:
    """The good rules with one file changed."""
    rules = shutil.copytree(RULES, folder / "rules")
    text = (rules / file).read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    (rules / file).write_text(changed, encoding="utf-8")
    return rules


def with_row(folder: Path, name: str, when: str, risk: str, part: str, more: str = "") -> Path:
    """The good rules with one row more, at the end of divorce.yml."""
    row = ROW.format(id=name, when=when, risk=risk, parts=part, more=more)
    return planted(folder, "situations/divorce.yml", lambda text: text.rstrip() + "\n" + row)


def only(rules: Path, kind: str) -> Finding:
    """The one thing of a kind that check finds."""
    (finding,) = (finding for finding in check_project(PROJECT, rules) if finding.kind == kind)
    return finding


def decision_on(rules: Path, family: Any) -> Decision:
    policy = Policy.load(rules)
    return policy.decide(Sheet.from_plain(family, policy.vocabulary, AT), AT)


def test_nothing_is_found_in_the_good_rules() -> None:
    assert list(check_rules(Policy.load(RULES))) == []


def test_a_row_nobody_can_reach_is_found(tmp_path: Path) -> None:
    part = "{for: child, lead: school, first_action: visit_home}"
    finding = only(with_row(tmp_path, "X1", "{screen_alone: no, child_with_now: nobody}", "low", part), "unreachable")
    assert finding.message == "X1: no family can fulfil its conditions"


def test_one_alternative_nobody_can_reach_is_found_by_its_number(tmp_path: Path) -> None:
    part = "{for: child, lead: school, first_action: visit_home}"
    when = "[{child_age: 14to15}, {screen_alone: no, child_with_now: nobody}]"
    finding = only(with_row(tmp_path, "X1", when, "low", part), "unreachable")
    assert finding.message == "X1: no family can fulfil its conditions no. 2"


def test_a_row_that_changes_nothing_is_found_with_a_family(tmp_path: Path) -> None:
    part = "{for: child, lead: village_worker, first_action: check_on_child, act_within: 0}"
    rules = with_row(tmp_path, "X1", "{child_with_now: nobody, child_age: 14to15}", "high", part)
    finding = only(rules, "idle")
    assert finding.message == "X1 changes nothing; other rows already decide such families"
    assert finding.where.file == Path("rules/situations/divorce.yml")
    rows = decision_on(rules, finding.family).rows
    assert {"X1", "S02"} <= set(rows)


def test_a_tie_is_found_with_a_family_and_the_word_that_settles_it(tmp_path: Path) -> None:
    part = "{for: family, lead: court, first_action: explain_custody_and_support}"
    rules = with_row(tmp_path, "X1", "{divorce: pending}", "medium", part)
    findings = [finding for finding in check_project(PROJECT, rules) if finding.kind == "tie"]
    assert (
        "R35 and X1 both decide the part for family at risk medium; write 'before: [X1]' in R35, or the other way round"
    ) in [finding.message for finding in findings]
    for finding in findings:
        assert finding.family is not None
        rival = finding.message.split()[0]
        assert {rival, "X1"} <= set(decision_on(rules, finding.family).rows)


def test_before_settles_a_tie(tmp_path: Path) -> None:
    part = "{for: family, lead: court, first_action: explain_custody_and_support}"
    rules = with_row(tmp_path, "X1", "{wants_state_care: yes, divorce: pending}", "medium", part)
    rivals = {finding.message.split()[0] for finding in check_project(PROJECT, rules)}
    file = rules / "situations" / "divorce.yml"
    file.write_text(file.read_text(encoding="utf-8") + f"    before: [{', '.join(sorted(rivals))}]\n", encoding="utf-8")
    assert check_project(PROJECT, rules) == []


def test_a_promise_that_is_broken_is_found_with_a_family_below_it(tmp_path: Path) -> None:
    def promised(text: str) -> str:
        return text.replace("at_least: {yes: high}", "at_least: {yes: emergency}")

    rules = planted(tmp_path, "facts.yml", promised)
    finding = only(rules, "at_least")
    assert finding.message == "concern_violence: yes promises at least emergency, this family has high"
    assert finding.family["family"]["concern_violence"] == "yes"
    assert decision_on(rules, finding.family).risk.word == "high"


def test_a_promise_that_only_a_condition_too_many_breaks_is_found(tmp_path: Path) -> None:
    def narrowed(text: str) -> str:
        return text.replace("when: {screen_danger: yes}", "when: {screen_danger: yes, caller: [parent, relative]}")

    rules = planted(tmp_path, "situations/danger.yml", narrowed)
    findings = [finding for finding in check_project(PROJECT, rules) if finding.kind == "at_least"]
    assert [finding.message for finding in findings] == [
        "screen_danger: yes promises at least emergency, this family has none"
    ]
    assert decision_on(rules, findings[0].family).risk.word == "none"


def test_a_case_that_is_decided_otherwise_is_found_by_its_sentence(tmp_path: Path) -> None:
    def expecting(text: str) -> str:
        return text.replace(
            "rows: [R01]\n  risk: medium\n  leads: {couple", "rows: [R03]\n  risk: high\n  leads: {couple", 1
        )

    rules = planted(tmp_path, "situations/divorce.cases.yml", expecting)
    finding = only(rules, "case")
    assert str(finding.where) == "rules/situations/divorce.cases.yml:1"
    assert finding.message == (
        "the seed story, with grandmother looking after the five-year-old: "
        "rows: expected R03, decided R01; risk: expected high, decided medium"
    )
    assert decision_on(rules, finding.family).rows == ("R01",)


def test_a_case_about_a_fact_nobody_declared_is_refused(tmp_path: Path) -> None:
    rules = planted(tmp_path, "situations/carer.cases.yml", lambda text: text.replace("mother_now", "mother_nau"))
    assert only(rules, "refused").message == "unknown fact 'mother_nau'; did you mean 'mother_now'?"


def project_with(folder: Path, file: str, change: Callable[[str], str]) -> Path:
    """A project of which one file of data/ was changed."""
    for name in ("lexicon", "domain"):
        shutil.copytree(PROJECT / "data" / name, folder / "data" / name)
    path = folder / "data" / file
    text = path.read_text(encoding="utf-8")
    assert change(text) != text
    path.write_text(change(text), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("utter_why_child_age:", "utter_why_childs_age:", "the response 'utter_why_child_age' is missing"),
        ("utter_ask_child_age:", "utter_ask_childs_age:", "the response 'utter_ask_child_age' is missing"),
        (
            '{"child_age":"under2"}',
            '{"child_age":"under3"}',
            "'utter_ask_child_age' has no button for 'under2' (zh)",
        ),
        (
            '{"child_age":"under2"}',
            '{"child_age":"under3"}',
            "answers nothing: unknown value of child_age 'under3'; did you mean 'under2'?",
        ),
        (
            '{"child_age":"under2"}',
            '{"child_age":"under2","caller":"parent","safe_to_write":"yes"}',
            "is longer than 64 bytes",
        ),
    ],
)
def test_wording_that_is_missing_is_found(tmp_path: Path, old: str, new: str, says: str) -> None:
    project = project_with(tmp_path, "domain/facts.yml", lambda text: text.replace(old, new))
    findings = check_project(project, RULES)
    assert {finding.kind for finding in findings} == {"wording"}
    assert any(says in finding.message for finding in findings)
    assert {str(finding.where.file) for finding in findings} == {"data/domain/facts.yml"}


def test_a_cue_with_a_value_nobody_declared_is_refused(tmp_path: Path) -> None:
    project = project_with(
        tmp_path,
        "lexicon/zh.yml",
        lambda text: text.replace("{child_with_now: relative}", "{child_with_now: relatives}"),
    )
    (finding,) = check_project(project, RULES)
    assert (finding.kind, finding.where.file) == ("refused", Path("lexicon/zh.yml"))
    assert finding.message == "unknown value of child_with_now 'relatives'; did you mean 'relative'?"


def test_a_cue_that_no_language_has_is_refused_where_the_fact_names_it(tmp_path: Path) -> None:
    rules = planted(tmp_path, "facts.yml", lambda text: text.replace("{cue: child_alone}", "{cue: child_alon}"))
    (finding,) = check_project(PROJECT, rules)
    assert finding.message == "unknown cue 'child_alon'; did you mean 'child_alone'?"
    assert finding.where.file == Path("rules/facts.yml")


def test_a_finding_is_one_line_that_ends_with_a_family_the_product_can_decide(tmp_path: Path) -> None:
    rules = planted(
        tmp_path, "facts.yml", lambda text: text.replace("at_least: {yes: high}", "at_least: {yes: emergency}")
    )
    with (tmp_path / "said").open("w", encoding="utf-8") as file:
        report(check_project(PROJECT, rules), Console(file=file, width=40))
    first, last = (tmp_path / "said").read_text(encoding="utf-8").splitlines()
    assert last == "1 found"
    assert first.startswith("rules/facts.yml:")
    assert decision_on(rules, json.loads(first[first.index("{") :])).risk.word == "high"
