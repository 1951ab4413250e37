"""Small words: times and deadlines as people say them, in China time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.replies.words import WordBook

BOOK = WordBook.load(Path(__file__).parents[2] / "data" / "words.yml")
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)  # a Wednesday, four in the afternoon in China


@pytest.mark.parametrize(
    ("at", "zh", "en"),
    [
        (NOW + timedelta(minutes=90), "最晚今天17:30", "by 17:30 today"),
        (NOW + timedelta(hours=7, minutes=59), "最晚今天23:59", "by 23:59 today"),
        (NOW + timedelta(hours=8), "最晚明天00:00", "by 00:00 tomorrow"),
        (NOW + timedelta(hours=20), "最晚明天12:00", "by 12:00 tomorrow"),
        (NOW + timedelta(days=2, minutes=90), "最晚11月27日（周五）17:30", "by 17:30 on Fri 27 Nov"),
        (NOW + timedelta(days=37), "最晚1月1日（周五）16:00", "by 16:00 on Fri 1 Jan"),
        (NOW, "马上", "at once"),
        (NOW - timedelta(days=1), "马上", "at once"),
    ],
)
def test_a_deadline_is_said_in_plain_words(at: datetime, zh: str, en: str) -> None:
    assert (BOOK.speak("zh").by(at, NOW), BOOK.speak("en").by(at, NOW)) == (zh, en)


def test_today_is_today_in_china_and_not_in_greenwich() -> None:
    late = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)  # half past eleven at night
    assert BOOK.speak("zh").when(late + timedelta(hours=1), late) == "明天00:30"


@pytest.mark.parametrize(("language", "word"), [("zh", "紧急"), ("en", "EMERGENCY"), (None, "紧急"), ("fr", "紧急")])
def test_whoever_does_not_speak_english_is_spoken_to_in_chinese(language: str | None, word: str) -> None:
    assert BOOK.speak(language).word("risk", "emergency") == word


def test_a_word_without_a_translation_shows_as_itself() -> None:
    assert BOOK.speak("zh").word("risk", "dire") == "dire"


def test_items_are_joined_as_the_language_does() -> None:
    assert [BOOK.speak(language).joined(["a", "b"]) for language in ("zh", "en")] == ["a；b", "a; b"]


@pytest.mark.parametrize(
    ("said", "value"), [("是的", "yes"), ("没有", "no"), ("不知道", "unknown"), ("不想说", "refused")]
)
def test_a_typed_answer_has_its_value(said: str, value: str) -> None:
    assert [meant for meant, words in BOOK.typed().items() if said in words] == [value]


def test_no_typed_word_means_two_things() -> None:
    words = [word for meant in BOOK.typed().values() for word in meant]
    assert len(set(words)) == len(words)
