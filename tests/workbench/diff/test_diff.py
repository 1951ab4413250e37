"""`rightdoor diff` as its readers use it: folders, revisions, what it says, and how long it takes."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.decisions import Policy, Risk
from bot.errors import InputError, RuleFileError
from bot.facts import Fact
from bot.workbench.decide import decide_lines
from bot.workbench.diff import Comparison, compare, source, to_json
from bot.workbench.diff.comparison import Direction
from bot.workbench.diff.output import What
from bot.workbench.diff.report import grouped, share
from bot.workbench.titles import Titles
from tests.workbench.diff.synthetic import DAY, copies, fact, large, policy, row, vocabulary, with_rows

ROOT = Path(__file__).parents[3]
RULES = ROOT / "rules"
TITLES = dict.fromkeys(("zh", "en"), Titles({}, {}))


def replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A copy of the real rules with one place edited."""
    shutil.copytree(RULES, tmp_path / "rules")

    def edit(file: str, old: str, new: str) -> Path:
        path = tmp_path / "rules" / file
        path.write_text(replaced(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")
        return tmp_path / "rules"

    return edit


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["diff", *map(str, arguments)])
    if isinstance(done.exception, InputError):
        return 2, str(done.exception)
    return done.exit_code, done.output


def test_the_same_rules_decide_every_family_alike() -> None:
    assert run(RULES, RULES) == (0, f"{RULES} and {RULES} decide every family alike\n")


def test_a_reason_in_other_words_changes_no_decision_and_is_listed(edited: Callable[[str, str, str], Path]) -> None:
    code, said = run(RULES, edited("situations/danger.yml", "In danger the police", "When in danger the police"))
    assert code == 0
    assert "rows edited: S01 (because)" in said


def test_a_row_whose_risk_is_lowered_comes_first_with_a_family_that_decide_confirms(
    edited: Callable[[str, str, str], Path],
) -> None:
    folder = edited("situations/danger.yml", "risk: emergency", "risk: medium")
    code, said = run(RULES, folder, "--json")
    told = json.loads(said)
    assert code == 1
    assert told["rows"]["changed"] == {"S01": ["risk"]}
    first = told["groups"][0]
    assert (first["risk"], first["rows"]) == ("down", ["S01"])
    assert {"what": "risk", "for": None, "word": None, "old": "emergency", "new": "medium", "rows": ["S01"]} in first[
        "changes"
    ]
    assert first["example"]["old"] == {"family": {"screen_danger": "yes"}, "children": [{}]}
    assert first["example"]["en"] == "Somebody is in danger or hurt"
    risks = [
        json.loads(line)["risk"]
        for side, rules in (("old", RULES), ("new", folder))
        for line in decide_lines([json.dumps(first["example"][side])], Policy.load(rules), date(2027, 1, 1))
    ]
    assert risks == ["emergency", "medium"]
    assert int(told["risk"]["down"]) > 0 == int(told["risk"]["up"])


def test_the_table_is_for_people(edited: Callable[[str, str, str], Path]) -> None:
    code, said = run(RULES, edited("situations/danger.yml", "risk: emergency", "risk: medium"))
    assert code == 1
    assert "decided differently" in said
    assert "▼ risk down" in said


def test_revisions_of_this_repository_are_compared(tmp_path: Path, edited: Callable[[str, str, str], Path]) -> None:
    folder = edited("situations/carer.yml", "act_within: 7d", "act_within: 9d")
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.invalid", "-C", str(tmp_path)]
    shutil.copytree(folder, tmp_path / "after")
    for command in (["init", "-q"], ["add", "rules"], ["commit", "-qm", "before"], ["tag", "before"]):
        subprocess.run([*git, *command], check=True)
    later, earlier = source(str(tmp_path / "after"), ROOT).policy, source("before", tmp_path).policy
    assert earlier.hash == later.hash
    assert compare(earlier, Policy.load(RULES)).groups


def test_an_unknown_revision_is_refused_in_one_line(tmp_path: Path) -> None:
    code, said = run("no-such-thing", RULES)
    assert (code, said) == (2, f"'no-such-thing' is neither a folder nor a git revision of {ROOT.name}")
    with pytest.raises(InputError, match="neither a folder nor a git revision"):
        source("--output=x", tmp_path)


def test_broken_rules_are_refused_with_their_folder_file_and_line(edited: Callable[[str, str, str], Path]) -> None:
    folder = edited("situations/danger.yml", "risk: emergency", "risk: grave")
    with pytest.raises(RuleFileError) as refused:
        source(str(folder), ROOT)
    assert str(refused.value).startswith(f"{folder}/situations/danger.yml:11: unknown risk 'grave'")


YES, NO = frozenset({"yes"}), frozenset({"no"})
A, B = fact("a", ("no", "yes")), fact("b", ("no", "yes"))


def ruled(facts: list[Fact], *rows: tuple[str, dict[str, frozenset[str]], Risk]) -> Policy:
    template = large(1).rows[0]
    made = tuple(replace(template, id=name, when=(when,), risk=risk) for name, when, risk in rows)
    return policy(vocabulary(facts), made)


def test_a_removed_fact_has_every_value_on_the_side_that_knows_it() -> None:
    old = ruled([A, B], ("R1", {"a": YES, "b": YES}, Risk.HIGH))
    new = ruled([A], ("R1", {"a": YES}, Risk.HIGH))
    found = compare(old, new)
    told = to_json(("old", "new"), found, TITLES)
    assert (told["families"], told["different"], told["risk"]) == ("4", "1", {"down": "0", "up": "1"})
    assert told["notes"] == ["only OLD knows the fact b: NEW is taken not to ask it"]
    example = next(group["example"] for group in told["groups"] if group["changes"][0]["what"] == "risk")
    assert example["new"] == {"family": {"a": "yes"}, "children": [{}]}


def test_a_value_that_only_one_side_knows_is_noted_and_not_compared() -> None:
    more = fact("a", ("no", "yes", "often"))
    old = ruled([A], ("R1", {"a": YES}, Risk.HIGH))
    new = ruled([more], ("R1", {"a": YES}, Risk.HIGH), ("R2", {"a": frozenset({"often"})}, Risk.EMERGENCY))
    told = to_json(("old", "new"), compare(old, new), TITLES)
    assert (told["same"], told["families"]) == (True, "2")
    assert told["notes"] == ["only NEW knows a: often; families with that value are not compared"]


def test_a_narrowed_relevance_shows_and_its_example_is_what_each_interview_hears() -> None:
    asked = fact("b", ("no", "yes"), gate={"a": YES | NO})
    skipped = fact("b", ("no", "yes"), gate={"a": YES})
    rows = ("R1", {"b": YES}, Risk.EMERGENCY)
    told = to_json(("old", "new"), compare(ruled([A, asked], rows), ruled([A, skipped], rows)), TITLES)
    assert (told["different"], told["risk"]["down"], told["families"]) == ("1", "1", "4")
    assert told["groups"][0]["example"]["old"]["family"] == {"b": "yes"}
    assert told["groups"][0]["example"]["new"]["family"] == {}


def test_what_only_differs_when_told_unasked_is_found_as_well() -> None:
    gated = fact("b", ("no", "yes"), gate={"a": YES})
    old = ruled([A, gated], ("R1", {"a": NO, "b": YES}, Risk.HIGH))
    new = ruled([A, gated], ("R1", {"a": NO, "b": YES}, Risk.LOW))
    found = compare(old, new)
    assert found.volunteered
    assert found.groups[0].direction is Direction.DOWN


def test_rows_that_lead_in_another_order_are_a_change_of_lead() -> None:
    one, other = (row(f"R{n}", ({"a": YES},), Random(n), Risk.HIGH) for n in (1, 2))  # noqa: S311 – made-up rules
    part = replace(one.parts[0], lead="police", also=frozenset())
    one = replace(one, parts=(part,), never=frozenset())
    other = replace(other, parts=(replace(part, lead="school"),), never=frozenset())
    found = compare(policy(vocabulary([A]), (one, other)), policy(vocabulary([A]), (other, one)))
    assert [change.output.what for change in found.groups[0].changes][:1] == [What.LEAD]
    assert found.groups[0].rows == ()


def test_figures_are_exact_and_legible() -> None:
    assert grouped(1234567) == "1\u2009234\u2009567"
    assert (share(1, 4), share(0, 4), share(1, 10**12)) == ("25 %", "0 %", "1 in 1e+12")


@pytest.mark.parametrize(("least", "seconds"), [(60, 10.0), pytest.param(250, 180.0, marks=pytest.mark.nightly)])
def test_a_lowered_row_among_so_many_is_compared_in_seconds(least: int, seconds: float) -> None:
    real = Policy.load(RULES)
    old = copies(real, -(-least // len(real.rows)))
    middle = old.rows[len(old.rows) // 2]
    lower = replace(middle, risk=Risk.NONE, never=middle.never ^ {"school"})
    new = with_rows(old, tuple(lower if one is middle else one for one in old.rows))
    begun = time.perf_counter()
    told = to_json(("old", "new"), compare(old, new), TITLES)
    assert time.perf_counter() - begun < seconds
    assert len(old.rows) >= least
    assert {name for group in told["groups"] for name in group["rows"]} == {middle.id}


def test_the_made_up_rules_of_sixty_rows_are_compared_in_seconds() -> None:
    old = large(60)
    begun = time.perf_counter()
    assert Comparison(old, with_rows(old, old.rows[:30] + old.rows[31:]), DAY).groups
    assert time.perf_counter() - begun < 20
