"""`rightdoor try`: whoever walks an interview sees every reason, is never shown a traceback, and ends with a case that holds."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from rich.console import Console

from bot.errors import InputError
from bot.facts import Sheet
from bot.workbench.cases import Case, cases
from bot.workbench.spoken import Spoken
from bot.workbench.trial import Session, TryWords, beginning, walk

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SPOKEN = Spoken.load(ROOT)
WORDS = TryWords.load(ROOT / "data" / "try.yml")
# Each case once; where a fact has several values, with the first.
CASES = {case.name: case for case in reversed([*cases(ROOT / "rules", SPOKEN.policy, NOW)])}
TABLES = sorted({case.where.file for case in CASES.values()})


def tried(*typed: str, language: str = "zh", sheet: Sheet | None = None) -> tuple[str, Session]:
    """What is printed for these lines, and the session afterwards."""
    printed = io.StringIO()
    session = Session(SPOKEN, language, NOW, sheet or Sheet())
    walk(io.StringIO("".join(f"{line}\n" for line in typed)), Console(file=printed, width=200), session, WORDS)
    return printed.getvalue(), session


def pasted(printed: str, folder: Path) -> Case:
    """The case at the end, as the rule base would read it."""
    table = folder / "situations"
    table.mkdir(exist_ok=True)
    lines = printed[printed.index("- case:") :].splitlines()[:-1]
    (table / "tried.cases.yml").write_text("\n".join(lines), "utf-8")
    [case] = cases(folder, SPOKEN.policy, NOW)
    return case


def test_each_question_stands_in_the_familys_words_with_numbered_answers_and_both_reasons() -> None:
    printed, _ = tried()
    assert "先问最要紧的" in printed
    assert "1. 有人有危险或者受了伤" in printed
    assert "为什么问：先问危险，是怕耽误了" in printed
    assert "规则：先问危险，不管是什么事" in printed
    assert "还能定的规则：S01" in printed


def test_facts_rows_risk_and_parts_build_up(tmp_path: Path) -> None:
    sheet = beginning(SPOKEN, ROOT / "rules", NOW, case="the seed story")
    printed, session = tried("quit", sheet=sheet, language="en")
    assert "hold R01" in printed
    assert "the couple: court social services" in printed
    assert "中华人民共和国民法典 1084: divorce ends no duty" in printed
    case = pasted(printed, tmp_path)
    assert case.rows == {"R01", "R01b"}
    assert "leads: {couple: court_social_services, child: village_worker}" in printed
    assert case.sheet.plain() == session.sheet.plain()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_case_at_the_end_can_be_pasted_and_holds(table: Path, tmp_path: Path) -> None:
    for one in CASES.values():
        if one.where.file == table:
            printed, session = tried(sheet=one.sheet)
            case = pasted(printed, tmp_path)
            assert case.differences(SPOKEN.policy.decide(case.sheet, NOW)) == ()
            assert case.sheet.plain()["family"] == session.sheet.plain()["family"]


def at_random(session: Session, random: Random) -> str:
    """The number of one of the buttons of the question on the table."""
    ask = session.decision().ask
    assert ask is not None
    return str(random.randint(1, len(session.question(ask).buttons)))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("seed", range(5))
def test_any_answers_lead_to_an_end_and_a_case_that_holds(seed: int, language: str, tmp_path: Path) -> None:
    random, typed = Random(seed), []  # noqa: S311 – the same answers in every run
    rehearsal = Session(SPOKEN, language, NOW)
    while rehearsal.decision().ask:
        typed.append(at_random(rehearsal, random))
        rehearsal.answer(rehearsal.read(typed[-1]))
    printed, session = tried(*typed, language=language)
    assert session.sheet == rehearsal.sheet
    case = pasted(printed, tmp_path)
    assert case.differences(SPOKEN.policy.decide(case.sheet, NOW)) == ()


@pytest.mark.parametrize("seed", range(10))
def test_every_question_has_a_reason_that_names_only_rows_still_open(seed: int) -> None:
    random = Random(seed)  # noqa: S311 – the same answers in every run
    session = Session(SPOKEN, "zh", NOW)
    while session.decision().ask:
        reason = SPOKEN.policy.reason(session.sheet, session.now)
        still = {e.row.id for e in SPOKEN.policy.explain(session.sheet, session.now) if e.status == "open"}
        assert reason is not None
        assert {row.id for row in reason.rows} <= still
        assert reason.rows or reason.motive in ("screen", "concerns", "needed")
        assert list(reason.rows) == sorted(reason.rows, key=lambda row: -row.risk)
        session.answer(session.read(at_random(session, random)))
    assert SPOKEN.policy.reason(session.sheet, session.now) is None


def test_back_takes_back_one_answer_and_not_what_was_given_at_the_start() -> None:
    begun = Sheet.from_plain({"family": {"divorce": "pending"}}, SPOKEN.policy.vocabulary, NOW)
    _, session = tried("4", "back", sheet=begun)
    assert session.sheet.plain() == begun.plain()
    printed, session = tried("back", "back", sheet=begun, language="en")
    assert "no answer to take back" in printed
    assert session.sheet.plain() == begun.plain()


def test_what_if_shows_another_decision_and_changes_nothing() -> None:
    printed, session = tried("4", "what if child_hurt by_guardian", "如果 kill_threat yes", language="en")
    assert "then: EMERGENCY, police (110), R10" in printed
    assert "then: EMERGENCY, police (110), R16" in printed
    assert session.sheet.value("child_hurt", 0) is None


def test_what_if_alone_names_the_answers_that_would_change_the_risk() -> None:
    printed, _ = tried("1", "what if", language="en")
    assert "risk would be lower:\n  screen_danger=" in printed
    assert "risk would be higher:\n  (no one or two answers do)" in printed


def test_an_answer_is_a_number_a_buttons_words_or_a_fact_and_its_value() -> None:
    for typed in ("1", "有人有危险或者受了伤", "screen_danger yes", "screen_danger=yes"):
        assert tried(typed)[1].sheet.value("screen_danger") == "yes"


@pytest.mark.parametrize(
    "line",
    [
        "99",
        "0",
        "-1",
        "what if x",
        "what if a b c d",
        "divorce maybe",
        "[bold]",
        "[/]",
        "child_age 5to7 9",
        "\x00",
        "再见" * 500,
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_garbage_gets_a_kind_word_and_the_interview_goes_on(line: str, language: str) -> None:
    printed, session = tried(line, "1", language=language)
    assert "help" in printed
    assert session.sheet.value("screen_danger") == "yes"


@pytest.mark.parametrize(
    "command", ["why", "facts", "rows", "help", "为什么", "已知", "规则", "帮助", "what if", "如果"]
)
def test_commands_work_before_anything_is_known_and_after_everything_is(command: str) -> None:
    tried(command, language="en")
    tried(*["1"] * 60, command)


def test_a_case_nobody_wrote_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'a parent wants to die'"):
        beginning(SPOKEN, ROOT / "rules", NOW, case="a parent wants to dye")
    with pytest.raises(InputError, match="cases have these words"):
        beginning(SPOKEN, ROOT / "rules", NOW, case="the")


def command(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-c", "from bot.cli import main; main()", "try", *arguments]
    return subprocess.run(run, cwd=ROOT, input=typed, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_ends_kindly_when_the_input_ends() -> None:
    ended = command("--language", "en", "--from", json.dumps({"family": {"screen_danger": "yes"}}))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "risk: emergency" in ended.stdout
    assert ended.stdout.endswith("That is all.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "{"),
        ("--from", "[1]"),
        ("--from", '{"family":{"nope":"yes"}}'),
        ("--case", "nope"),
        ("--language", "fr"),
    ],
)
def test_bad_options_are_one_clear_line(arguments: tuple[str, str]) -> None:
    refused = command(*arguments)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "Traceback" not in refused.stderr
