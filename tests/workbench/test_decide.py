"""`rightdoor decide`: what is no sheet is refused with the number of its line, and nothing after it is read."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.decisions import Policy
from bot.errors import SheetError
from bot.workbench.decide import decide_lines

RULES = Path(__file__).parents[2] / "rules"
POLICY = Policy.load(RULES)
DAY = date(2026, 11, 25)
GOOD = '{"family": {"screen_danger": "yes"}}'


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nobody is with her", "this is not JSON: Expecting value at character 1"),
        ('{"family": {"divorce": "pending"}', "this is not JSON: Expecting ',' delimiter at character 34"),
        (
            '{"family": {"divorse": "pending"}}',
            "unknown fact 'divorse'; did you mean 'divorce'?",
        ),
        (
            '{"family": {"divorce": "panding"}}',
            "unknown value 'panding' of divorce; did you mean 'pending'?",
        ),
        ('{"familly": {}}', "unknown key 'familly'; did you mean 'family'?"),
        ('{"family": {"divorce": "pending", "divorce": "no"}}', "'divorce' is said twice"),
        ('{"family": {}, "family": {}}', "'family' is said twice"),
        ('{"family": {"divorce": true}}', "the value of divorce is a word, not true"),
        ('{"family": {"divorce": null}}', "the value of divorce is a word, not null"),
        ('{"family": {"divorce": ["pending"]}}', 'the value of divorce is a word, not ["pending"]'),
        ('{"family": {"divorce": {"pending": 1}}}', 'the value of divorce is a word, not {"pending": 1}'),
        ('{"family": {"child_age": "5to7"}}', "'child_age' is a fact about a child, not about the family"),
        ('{"children": [{"divorce": "no"}]}', "'divorce' is a fact about the family, not about a child"),
        ('{"family": []}', "facts are an object {fact: value}, not []"),
        ('{"children": [7]}', "facts are an object {fact: value}, not 7"),
        ('{"children": {}}', '"children" is a list of at most 20 objects'),
        (
            json.dumps({"children": [{}] * 21}),
            '"children" is a list of at most 20 objects',
        ),
        ("[]", 'a sheet is an object: {"family": {fact: value}, "children": [{fact: value}]}'),
        ("7", 'a sheet is an object: {"family": {fact: value}, "children": [{fact: value}]}'),
        ("[" * 100_000, "this is nested too deeply to be a sheet"),
    ],
)
def test_a_line_that_is_no_sheet_is_refused_with_its_number_and_the_nearest_word(line: str, says: str) -> None:
    with pytest.raises(SheetError) as refused:
        list(decide_lines([GOOD, "", line, GOOD], POLICY, DAY))
    assert str(refused.value) == f"line:3: {says}"


@pytest.mark.parametrize(
    "line",
    [
        '{"family": {"' + "x" * 1_000_000 + '": "yes"}}',
        '{"family": {"divorce": "' + "x" * 1_000_000 + '"}}',
        '{"family": {"divorce": ' + "9" * 1_000_000 + "}}",
        json.dumps({"family": {f"fact{number}": "yes" for number in range(100_000)}}),
        json.dumps({"family": {"\ud800": "yes"}}),
    ],
    ids=["name", "value", "number", "facts", "half a character"],
)
def test_what_is_huge_or_odd_is_refused_in_one_short_line(line: str) -> None:
    with pytest.raises(SheetError) as refused:
        list(decide_lines([line], POLICY, DAY))
    assert len(str(refused.value)) < 200
    assert "\n" not in str(refused.value)


def test_empty_lines_are_passed_over_and_a_family_without_facts_is_decided() -> None:
    decisions = [json.loads(line) for line in decide_lines(["", "{}\n", "  \n", '{"children": []}'], POLICY, DAY)]
    assert [decision["risk"] for decision in decisions] == ["none", "none"]


def test_the_words_of_a_decision_are_fixed() -> None:
    (line,) = decide_lines([GOOD], POLICY, DAY)
    decision = json.loads(line)
    assert list(decision) == ["risk", "lead", "parts", "follow_up", "basis", "rows", "settled", "ask", "rules"]
    assert list(decision["parts"][0]) == ["for", "child", "risk", "lead", "also", "first_action", "act_within_minutes"]
    assert list(decision["basis"][0]) == ["law", "article"]
    assert decision["rules"] == POLICY.hash


def ran(given: bytes, *arguments: str) -> tuple[int, list[str], list[str]]:
    command = Path(sys.executable).with_name("rightdoor")
    done = subprocess.run([command, "decide", *arguments], input=given, capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout.decode().splitlines(), done.stderr.decode().splitlines()


def test_the_command_decides_what_came_before_and_stops_at_the_line_that_is_wrong() -> None:
    status, said, complained = ran(f"{GOOD}\nnot this\n{GOOD}\n".encode())
    assert (status, [json.loads(line)["rows"] for line in said]) == (2, [["S01"]])
    assert complained == ["line:2: this is not JSON: Expecting value at character 1"]


def test_bytes_that_are_no_text_are_refused_in_one_line() -> None:
    status, said, complained = ran(b'{"family": {"divorce": "\xff\xfe"}}\n')
    assert (status, said, len(complained)) == (2, [], 1)


def test_a_day_that_is_none_is_refused() -> None:
    assert ran(b"{}", "--on", "tomorrow") == (2, [], ["--on takes a day such as 2026-11-24, not 'tomorrow'"])
