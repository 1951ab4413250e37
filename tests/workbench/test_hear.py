"""`rightdoor hear`: what is read, and what keeps it from deciding, for machines and for people."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from bot.cli import cli

TEXT = "他从来没打过孩子，昨晚他打了我"


def heard(*more: str, given: str = "") -> str:
    result = CliRunner().invoke(cli, ["hear", *more], input=given)
    assert result.exit_code == 0
    return result.output


def test_each_reading_has_its_words_and_its_scope() -> None:
    told = json.loads(heard("--json", "他从来没打过孩子"))["read"]
    violence = next(each for each in told if each["fact"] == "concern_violence")
    assert violence["words"] == "打过孩子"
    assert violence["certain"] is False
    assert {"scope": "denied", "words": "从来没"} in violence["scope"]


def test_one_text_a_line_is_read() -> None:
    lines = heard("--json", given=f"{TEXT}\n\n你好\n").splitlines()
    assert [bool(json.loads(line)["read"]) for line in lines] == [True, False, False]


@pytest.mark.parametrize(("language", "words"), [("zh", "否定"), ("en", "denied")])
def test_people_see_a_table_in_their_language(language: str, words: str) -> None:
    assert words in heard("--language", language, "他从来没打过孩子")


def test_garbage_is_read_for_nothing() -> None:
    for text in ("\u200b" * 50, "🙂" * 100, "<script>alert(1)</script>", "';DROP TABLE cases;--", "\u202e"):
        assert json.loads(heard("--json", text))["read"] == []
