"""What people type otherwise than it is meant is read as it is meant, and shown as it was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import RuleFileError
from bot.facts.spelling import Spelling
from tests.facts.vocabulary import LEXICON

SPELLING = LEXICON.spelling


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("他老公打孩子，離婚後沒人管", "他老公打孩子，离婚后没人管"),
        ("我想自*杀", "我想自杀"),
        ("他 打 我", "他打我"),
        ("他打我 我带孩子跑了", "他打我 我带孩子跑了"),
        ("救救救救救命", "救命"),
        ("ＨＥＬＰ　ME", "help　me"),
        ("he\u200bl\u200dp", "help"),
        ("\u202e打我\u202c", "打我"),
        ("hеlp", "help"),  # a Cyrillic е
        ("老公🔪我", "老公刀我"),
        ("lao gong da wo", "老公 打我"),
        ("I cant go on", "i can't go on"),
        ("baobab", "baobab"),  # no whole word
        ("a\u0301bc", "abc"),
        ("13800000000", "13800000000"),
    ],
)
def test_it_is_written_plainly(typed: str, read: str) -> None:
    assert SPELLING.plain(typed).text == read


def test_a_capital_that_becomes_two_letters_stays_where_it_is() -> None:
    assert SPELLING.plain("İzmir，打我").typed(6, 8) == (6, 8)


@pytest.mark.parametrize("typed", ["離婚", "離 婚 後", "xx 自*殺 yy", "lao gong 打我", "hеeeelp", "👶🏻哭"])
def test_every_plain_character_knows_where_it_was_typed(typed: str) -> None:
    plain = SPELLING.plain(typed)
    runs = [plain.typed(at, at + 1) for at in range(len(plain.text))]
    assert all(0 <= start < end <= len(typed) for start, end in runs)
    assert runs == sorted(runs)


def test_a_reading_is_shown_in_the_words_that_were_typed() -> None:
    typed = "我lao gong天天打孩纸"
    (hit,) = [reading for reading in LEXICON.read(typed) if reading.fact == "hit_child"]
    assert hit.certain
    assert typed[hit.start : hit.end] == "天天打孩纸"


@given(st.text(max_size=400))
def test_anything_can_be_read(text: str) -> None:
    for reading in LEXICON.read(text):
        assert 0 <= reading.start < reading.end <= len(text)
        assert all(0 <= each.start < each.end <= len(text) for each in reading.scope)


def test_a_variant_stands_for_one_word(tmp_path: Path) -> None:
    (tmp_path / "spelling.yml").write_text("written:\n  离婚: [里婚]\n  理由: [里婚]\n", encoding="utf-8")
    with pytest.raises(RuleFileError, match=r"spelling\.yml:3.*stands for '离婚' already"):
        Spelling.load(tmp_path / "spelling.yml", Path("lexicon/spelling.yml"))
