"""`rightdoor check` looks at the cases, the wording, the lexicon and the doors as well, and says each thing in a line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bot.decisions import Policy
from bot.facts import Sheet, Vocabulary
from bot.workbench.check import check_project, report
from bot.workbench.check.disclosure import disclosures
from bot.workbench.check.wording import missing_wording
from bot.workbench.titles import Titles
from tests.workbench.plain_rules import Plain, part, plain_yaml

PROJECT = Path(__file__).parents[3]
RULES = PROJECT / "rules"
AT = datetime(2026, 11, 25, 8, tzinfo=UTC)

DOMAIN = """
slots: {danger: {type: categorical}}
responses:
  utter_ask_danger:
    - text: 有危险吗？
      buttons: BUTTONS
    - text: Is there danger?
      condition: [{type: slot, name: language, value: en}]
      buttons: BUTTONS
  utter_why_danger:
    - text: 怕耽误了
    - text: So that no time is lost
      condition: [{type: slot, name: language, value: en}]
"""
DISCLOSURE = "words: {}\nreaders: {utter: family}\nmay_read: {family: nothing}\nsilent: [utter_why_danger]\n"


def small_project(folder: Path) -> Path:
    """A project that speaks of one fact, with the country's real places and telephones."""
    for name in ("domain", "lexicon"):
        (folder / "data" / name).mkdir(parents=True)
    (folder / "data" / "domain" / "facts.yml").write_text(DOMAIN.replace("BUTTONS", _buttons()), "utf-8")
    (folder / "data" / "disclosure.yml").write_text(DISCLOSURE, "utf-8")
    for name in ("data/divisions", "data/directory", "config.yml"):
        (folder / name).symlink_to(PROJECT / name)
    return folder


def _buttons() -> str:
    said = {value: json.dumps({"danger": value}) for value in ("yes", "no", "unknown", "refused")}
    return json.dumps([{"title": value, "payload": f"/answer{answer}"} for value, answer in said.items()])


def ruled(risk: str) -> Plain:
    plain = Plain().fact("danger", at_least={"yes": "high"}).row("A", {"danger": "yes"}, risk, part(act_within="1d"))
    plain.words["services"] = plain_yaml(RULES / "vocabulary.yml")["services"]
    return plain


def test_nothing_is_found_where_nothing_is_wrong(tmp_path: Path) -> None:
    assert check_project(small_project(tmp_path), ruled("high").write(tmp_path / "rules")) == []


def test_a_case_that_is_decided_otherwise_is_found_by_its_sentence(tmp_path: Path) -> None:
    rules = ruled("high").write(tmp_path / "rules")
    case = "- case: in danger\n  family: {danger: yes}\n  rows: [A]\n  risk: emergency\n"
    (rules / "situations" / "all.cases.yml").write_text(case, "utf-8")
    (finding,) = check_project(small_project(tmp_path), rules)
    assert finding.line == (
        "rules/situations/all.cases.yml:1: case: in danger: risk: expected emergency, decided high "
        '{"family": {"danger": "yes"}, "children": []}'
    )


def test_a_finding_is_one_line_with_a_family_to_decide_then_that_family_in_words_and_how_it_comes_up(
    tmp_path: Path,
) -> None:
    rules, project = ruled("low").write(tmp_path / "rules"), small_project(tmp_path)
    said = StringIO()
    report(check_project(project, rules), Console(file=said, width=40), Titles.load(project, "en"))
    first, *words, last = said.getvalue().splitlines()
    assert last == "1 found"
    assert first.startswith("rules/facts.yml:1: at_least: danger: yes promises at least high, this family has low {")
    assert [line.strip() for line in words] == ["yes", "– … yes"]
    policy = Policy.load(rules)
    family = Sheet.from_plain(json.loads(first[first.index("{") :]), policy.vocabulary, AT)
    assert policy.decide(family, AT).risk.word == "low"


# --- with the project's own words ----------------------------------------------------------------------------------


def project_with(folder: Path, file: str, change: Callable[[str], str]) -> Path:
    """The project's words with one file changed."""
    for name in ("lexicon", "domain"):
        shutil.copytree(PROJECT / "data" / name, folder / "data" / name)
    shutil.copy(PROJECT / "data" / "disclosure.yml", folder / "data")
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
    findings = list(missing_wording(Vocabulary.load(RULES / "facts.yml"), project / "data" / "domain" / "facts.yml"))
    assert {finding.kind for finding in findings} == {"wording"}
    assert any(says in finding.message for finding in findings)
    assert {str(finding.where.file) for finding in findings} == {"data/domain/facts.yml"}


def test_a_text_that_tells_what_nobody_has_looked_at_is_found(tmp_path: Path) -> None:
    assert list(disclosures(PROJECT)) == []
    project = project_with(tmp_path, "domain/facts.yml", lambda text: text.replace("  utter_why_child_age:\n", _WHY, 1))
    (finding,) = disclosures(project)
    assert (finding.kind, finding.message) == (
        "disclosure",
        "utter_why_whereabouts: nobody has said what {whereabouts} tells (data/disclosure.yml)",
    )


_WHY = '  utter_why_whereabouts:\n    - text: "{whereabouts}"\n  utter_why_child_age:\n'


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
    rules = shutil.copytree(RULES, tmp_path / "rules")
    facts = (rules / "facts.yml").read_text(encoding="utf-8")
    (rules / "facts.yml").write_text(facts.replace("{cue: child_alone}", "{cue: child_alon}"), encoding="utf-8")
    (finding,) = check_project(PROJECT, rules)
    assert finding.message == "unknown cue 'child_alon'; did you mean 'child_alone'?"
    assert finding.where.file == Path("rules/facts.yml")
