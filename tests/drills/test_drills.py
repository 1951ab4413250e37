"""Drills: every row that can be told is told, asked and marked as policy decides it; what went wrong comes back sooner."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot.decisions import Risk
from bot.decisions.row import Row
from bot.drills import Book, Course, DrillWords
from bot.drills.book import GAPS
from bot.drills.exercise import STEPS, Exercise, draw, moment, topic_of
from bot.errors import RuleFileError
from bot.facts import Sheet
from bot.workbench.spoken import Spoken

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SPOKEN = Spoken.load(ROOT)
WORDS = DrillWords.load(ROOT / "data" / "drill.yml")
POLICY = SPOKEN.policy
COURSE = Course(POLICY, WORDS, SPOKEN.phrases.title, SPOKEN.questions, SPOKEN.book.risk)
PAYLOAD_BYTES = 64


def drawn(row: Row, seed: str = "s") -> Exercise:
    exercise = draw(POLICY, COURSE.teller, row, seed, NOW)
    assert exercise is not None, f"{row.id} cannot be told in both languages; give data/drill.yml a sentence for it"
    return exercise


def sheet_of(exercise: Exercise) -> Sheet:
    facts = POLICY.vocabulary.facts
    family = {f: v for f, v in exercise.told if facts[f].about == "family"}
    child = {f: v for f, v in exercise.told if facts[f].about == "child"}
    return Sheet.from_plain({"family": family, "children": [child]}, POLICY.vocabulary, NOW)


def right(book: Book) -> str:
    """The number of the right answer to the question on the table."""
    assert book.current is not None
    row = next(row for row in POLICY.rows if row.id == book.current.row)
    exercise = draw(POLICY, COURSE.teller, row, book.current.seed, moment(book.current.day))
    assert exercise is not None
    step = len(book.current.marks)
    return str(exercise.options[step].index(exercise.right[step]))


def wrong(book: Book) -> str:
    return "0" if right(book) != "0" else "1"


def through(book: Book, *, rightly: bool, seed: str = "s", topic: str = "") -> tuple[Book, str]:
    """One whole case; the row it was drawn from."""
    book, _ = COURSE.begin(book, NOW, seed=seed, language="zh", topic=topic)
    assert book.current is not None
    row = book.current.row
    for _ in STEPS:
        choice = right(book) if rightly else wrong(book)
        book, _ = COURSE.answer(
            book, NOW, book.current.reference if book.current else "", choice, seed=seed, language="zh"
        )
    return book, row


@pytest.mark.parametrize("row", POLICY.rows, ids=lambda row: row.id)
def test_what_is_asked_of_a_row_is_what_policy_decides_of_the_family_that_is_told(row: Row) -> None:
    for seed in ("a", "b", "c"):
        exercise = drawn(row, seed)
        decision = POLICY.decide(sheet_of(exercise), NOW)
        assert row.id in decision.rows
        assert exercise.right == (decision.risk.word, decision.lead, decision.parts[0].first_action)


@pytest.mark.parametrize("row", POLICY.rows, ids=lambda row: row.id)
def test_every_question_has_one_right_answer_among_different_ones(row: Row) -> None:
    exercise = drawn(row)
    assert exercise.options[0] == tuple(risk.word for risk in Risk)
    for right_one, options in zip(exercise.right, exercise.options, strict=True):
        assert options.count(right_one) == 1
        assert len(set(options)) == len(options) >= 3
    others = {part.first_action for part in exercise.outcome.parts} - {exercise.right[2]}
    assert not others & set(exercise.options[2]), "what is right for somebody else there is no wrong answer"


@pytest.mark.parametrize("row", POLICY.rows, ids=lambda row: row.id)
def test_the_story_is_told_in_each_language_and_in_no_other(row: Row) -> None:
    exercise = drawn(row)
    zh, en = (COURSE.teller.story(exercise.told, exercise.scene, language) for language in ("zh", "en"))
    assert not any(letter.isascii() and letter.isalpha() for letter in zh)
    assert not any("\u3400" <= letter <= "\u9fff" for letter in en)
    assert "：：" not in zh
    assert zh.count("\n") == en.count("\n") == 1


@pytest.mark.parametrize("row", POLICY.rows, ids=lambda row: row.id)
def test_no_story_is_told_that_nobody_would_believe(row: Row) -> None:
    for seed in range(10):
        told = dict(drawn(row, str(seed)).told)
        for one in WORDS.implausible:
            assert not all(told.get(fact) in values for fact, values in one.items())


def test_an_answer_is_told_with_what_the_family_had_said_before_it_was_asked() -> None:
    row = next(row for row in POLICY.rows if row.id == "R13")
    assert {"child_wants_to_die", "screen_death"} <= dict(drawn(row).told).keys()


def test_the_answer_to_a_question_that_stands_alone_is_told_with_its_question() -> None:
    alone = next(
        n for n, f in POLICY.vocabulary.facts.items() if not f.ask_with and n not in WORDS.frames and n != "child_age"
    )
    said = COURSE.teller.sentence(alone, "unknown", "en")
    assert said in (WORDS.said.get((alone, "unknown"), {}).get("en"), said if said.startswith("Asked ‘") else None)


def test_the_same_row_seed_and_day_give_the_same_case_and_another_seed_another() -> None:
    row = POLICY.rows[0]
    assert drawn(row, "a") == drawn(row, "a")
    assert len({drawn(row, str(seed)).told for seed in range(20)} | {drawn(row, str(s)).scene for s in range(20)}) > 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_message_says_first_that_it_is_a_drill_and_every_button_fits(language: str) -> None:
    book, said = Book(number=10**9), []
    for number in range(len(POLICY.rows)):
        book, reply = COURSE.begin(book, NOW, seed=str(number), language=language)
        said.append(reply)
        while book.current:
            book, reply = COURSE.answer(book, NOW, book.current.reference, right(book), seed="x", language=language)
            said.append(reply)
    said += [COURSE.stop(book, language)[1], COURSE.say("real_first", language)]
    assert [reply.text for reply in said if not reply.text.startswith("【演练 DRILL】")] == []
    assert max(len(b.payload.encode()) for reply in said for b in reply.buttons) <= PAYLOAD_BYTES
    assert not [b.payload for reply in said for b in reply.buttons if not b.payload.startswith(("drill:", "/drill"))]
    assert all(reply.buttons[-1].payload == "drill:stop" for reply in said if reply.buttons)


def test_a_case_ends_with_the_reason_the_article_and_the_score() -> None:
    book, reply = COURSE.begin(Book(), NOW, seed="s", language="zh", topic="divorce")
    for _ in STEPS:
        assert book.current is not None
        row = next(row for row in POLICY.rows if row.id == book.current.row)
        book, reply = COURSE.answer(book, NOW, book.current.reference, right(book), seed="s", language="zh")
    assert "为什么：" in reply.text
    assert f"《{row.basis[0].law}》" in reply.text
    gists = {article.citation: article.gist["zh"] for article in POLICY.base.basis.articles.values()}
    assert any(gists[cited] in reply.text for cited in row.basis)
    assert "这一题 3/3" in reply.text
    assert (book.current, book.score("divorce").right, book.score("divorce").asked) == (None, 3, 3)


def test_an_answer_counts_once_and_a_button_of_an_earlier_question_not_at_all() -> None:
    book, _ = COURSE.begin(Book(), NOW, seed="s", language="en")
    assert book.current is not None
    first, choice = book.current.reference, wrong(book)
    book, _ = COURSE.answer(book, NOW, first, choice, seed="s", language="en")
    again, reply = COURSE.answer(book, NOW, first, choice, seed="s", language="en")
    assert again == book
    assert "nothing was counted" in reply.text
    assert reply.buttons[0].payload.startswith(f"drill:{book.current.reference if book.current else ''}:")


@pytest.mark.parametrize("reference", ["", "1", "1.0", "1.1", "99.0", "x.y", "1.0.0", "，"])
@pytest.mark.parametrize("choice", ["", "9", "-1", "99999999999999999999", "x", "①", "1.5"])
def test_garbage_changes_nothing(reference: str, choice: str) -> None:
    book, _ = COURSE.begin(Book(), NOW, seed="s", language="zh")
    assert COURSE.answer(book, NOW, reference, choice, seed="s", language="zh")[0] == book
    empty, reply = COURSE.answer(Book(), NOW, reference, choice, seed="s", language="zh")
    assert (empty, reply.buttons) == (Book(), ())


def test_beginning_again_in_the_middle_tells_the_same_case_once_more() -> None:
    book, _ = COURSE.begin(Book(), NOW, seed="s", language="zh")
    book, _ = COURSE.answer(book, NOW, "1.0", right(book), seed="s", language="zh")
    again, reply = COURSE.begin(book, NOW, seed="t", language="en")
    assert again == book
    assert "invented story" in reply.text
    assert "Question 2" in reply.text


def test_when_the_rules_have_changed_the_case_is_dropped_and_another_told() -> None:
    book, _ = COURSE.begin(Book(), NOW, seed="s", language="zh")
    assert book.current is not None
    old = replace(book, current=replace(book.current, rules="0000000000000000"))
    for turned, reply in (
        COURSE.begin(old, NOW, seed="t", language="zh"),
        COURSE.answer(old, NOW, "1.0", "0", seed="t", language="zh"),
    ):
        assert "规则更新了" in reply.text
        assert turned.current is not None
        assert turned.current.rules == POLICY.hash
        assert turned.topics == {}


def test_what_went_wrong_comes_again_after_one_other_and_what_went_right_later() -> None:
    book, failed = through(Book(), rightly=False)
    book, other = through(book, rightly=True, seed="b")
    book, again = through(book, rightly=True, seed="c")
    assert (again, other != failed) == (failed, True)
    assert book.rows[failed].box == 1
    assert book.rows[failed].due == 3 + GAPS[1]
    for number in range(4, 3 + GAPS[1]):
        book, row = through(book, rightly=True, seed=str(number))
        assert row != failed


def test_every_row_comes_before_one_that_went_right_comes_back_early() -> None:
    book, rows = Book(), []
    for number in range(GAPS[1]):
        book, row = through(book, rightly=True, seed=str(number))
        rows.append(row)
    assert len(set(rows)) == GAPS[1]


@pytest.mark.parametrize("topic", COURSE.topics)
def test_a_topic_asks_of_its_own_rows_only(topic: str) -> None:
    book = Book()
    for number in range(6):
        book, row = through(book, rightly=bool(number % 2), seed=str(number), topic=topic)
        assert topic_of(next(one for one in POLICY.rows if one.id == row)) == topic
    assert set(book.topics) == {topic}


@pytest.mark.parametrize("value", ["no", "unknown", "refused"])
def test_a_no_a_doubt_and_a_silence_are_told_of_every_question_that_takes_a_yes(value: str) -> None:
    told = [name for name, fact in POLICY.vocabulary.facts.items() if {"yes", value} <= set(fact.values)]
    untold = [name for name in told if not COURSE.teller.can_tell(name, value)]
    assert [name for name in untold if COURSE.teller.can_tell(name, "yes")] == []


def test_typed_answers_are_a_number_or_the_words_of_a_button_and_nothing_else() -> None:
    book, reply = COURSE.begin(Book(), NOW, seed="s", language="en")
    assert COURSE.typed(book, "1", "en") == ("1.0", "0")
    assert COURSE.typed(book, reply.buttons[1].title.upper(), "en") == ("1.0", "1")
    for words in ("", "0", "6", "孩子找到了", "yes please"):
        assert COURSE.typed(book, words, "en") is None
    assert COURSE.typed(Book(), "1", "en") is None


def test_a_book_survives_being_kept() -> None:
    random, book = Random(1), Book()  # noqa: S311 – the same answers in every run
    for number in range(7):
        book, _ = through(book, rightly=random.random() < 0.5, seed=str(number))
    book, _ = COURSE.begin(book, NOW, seed="x", language="zh")
    assert Book.from_json(json.loads(json.dumps(book.to_json()))) == book
    assert Book.from_json(None) == Book()


@pytest.mark.parametrize("record", [{}, {"number": 1}, [], {"number": 1, "current": [1], "rows": {}, "topics": {}}])
def test_what_is_no_book_is_refused(record: object) -> None:
    with pytest.raises(ValueError, match="book of drills"):
        Book.from_json(record)  # type: ignore[arg-type]


def test_no_response_to_staff_looks_like_a_drill() -> None:
    text = (ROOT / "data" / "domain" / "staff.yml").read_text("utf-8")
    assert "演练" not in text
    assert "DRILL" not in text


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("  fictional:", "  fictionel:", "unknown key 'fictionel'; did you mean 'fictional'"),
        ("marker:", "market:", "unknown key 'market'"),
        ('en: "Why: {because}"', 'en: "Why: {reason}"', "both languages need the same gaps"),
        ('en: "Why: {because}"', 'en: "Why: {because"', "a gap is written"),
        ('  comma: {zh: 、, en: ", "}', "  comma: {zh: 、}", "the translation 'en' is missing"),
    ],
)
def test_a_mistake_in_the_wording_names_file_and_line(tmp_path: Path, was: str, becomes: str, says: str) -> None:
    text = (ROOT / "data" / "drill.yml").read_text("utf-8")
    assert was in text
    (tmp_path / "drill.yml").write_text(text.replace(was, becomes), "utf-8")
    with pytest.raises(RuleFileError, match=f"data/drill.yml:[0-9]+: {says}"):
        DrillWords.load(tmp_path / "drill.yml")
