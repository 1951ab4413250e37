"""`rightdoor drill` in a terminal: cases, marks, a score that is kept; garbage, endings, bad options."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def drill(home: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-c", "from bot.cli import main; main()", "drill", *arguments]
    environment = os.environ | {"RIGHTDOOR_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        run, cwd=home, env=environment, input=typed, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(("language", "asks"), [("zh", "这件事有多急"), ("en", "how urgent is it")])
def test_cases_are_told_asked_and_marked_and_the_score_is_kept_for_the_next_time(
    tmp_path: Path, language: str, asks: str
) -> None:
    first = drill(tmp_path, "--count", "2", "--language", language, "--topic", "divorce", typed="1\n" * 6)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.count(asks) == 2
    kept = json.loads((tmp_path / "drill.json").read_text("utf-8"))
    assert kept["topics"]["divorce"][1] == 6
    drill(tmp_path, "--count", "1", "--language", language, "--topic", "danger", typed="1\n" * 3)
    kept = json.loads((tmp_path / "drill.json").read_text("utf-8"))
    assert (kept["number"], set(kept["topics"])) == (3, {"divorce", "danger"})


def test_the_same_seed_gives_the_same_cases_and_neither_reads_nor_writes_a_score(tmp_path: Path) -> None:
    (tmp_path / "drill.json").write_text("not a score", "utf-8")
    ran = [drill(tmp_path, "--seed", "a", "--count", "3", typed="1\n" * 9).stdout for _ in range(2)]
    assert ran[0] == ran[1]
    assert "演练" in ran[0]
    assert ran[0] != drill(tmp_path, "--seed", "b", "--count", "3", typed="1\n" * 9).stdout
    assert (tmp_path / "drill.json").read_text("utf-8") == "not a score"


def test_garbage_is_met_kindly_and_counts_for_nothing(tmp_path: Path) -> None:
    ran = drill(tmp_path, "--language", "en", "--count", "1", typed="99\n\n[/]\nwhy\nprogress\nquit\n")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.count("type a number") == 4
    assert ran.stdout.count("Nothing is counted yet") == 2
    assert not (tmp_path / "drill.json").exists()


def test_it_ends_kindly_in_the_middle_and_what_was_answered_counts(tmp_path: Path) -> None:
    ran = drill(tmp_path, "--language", "en", typed="1\n")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.endswith("That is all.\n")
    kept = json.loads((tmp_path / "drill.json").read_text("utf-8"))
    assert sum(asked for _, asked in kept["topics"].values()) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--topic", "divorse"), "did you mean 'divorce'"),
        (("--language", "fr"), "zh or en"),
        (("--count", "0"), "count"),
    ],
)
def test_bad_options_are_refused_in_words(tmp_path: Path, arguments: tuple[str, str], says: str) -> None:
    refused = drill(tmp_path, *arguments)
    assert refused.returncode == 2
    assert says in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_score_that_cannot_be_read_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "drill.json").write_text('{"number": "x"', "utf-8")
    refused = drill(tmp_path)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "drill.json" in refused.stderr
    assert (tmp_path / "drill.json").read_text("utf-8") == '{"number": "x"'
