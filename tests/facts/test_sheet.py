"""The fact sheet: what counts, what it replaced, and the way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SheetError
from bot.facts import Answer, Sheet, Source
from tests.facts.vocabulary import VOCABULARY

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


def answer(fact: str, child: int | None, value: str, minutes: int = 0) -> Answer:
    return Answer(fact, child, value, Source.ASKED, NOW + timedelta(minutes=minutes))


PENDING, DONE = answer("divorce", None, "pending"), answer("divorce", None, "done", minutes=1)


def test_an_empty_sheet_knows_nobody_and_nothing() -> None:
    assert (Sheet().children, Sheet().answers, Sheet().value("divorce")) == (0, (), None)


def test_a_later_answer_counts_and_the_earlier_one_stays_in_the_history() -> None:
    sheet = Sheet().with_answer(PENDING).with_answer(DONE)
    assert sheet.value("divorce") == "done"
    assert (sheet.answers, sheet.history) == ((DONE,), (PENDING, DONE))


def test_a_sheet_is_never_changed_only_replaced() -> None:
    sheet = Sheet().with_answer(PENDING)
    sheet.with_answer(DONE)
    assert sheet.value("divorce") == "pending"


def test_every_child_has_answers_of_its_own() -> None:
    sheet = Sheet().with_answer(answer("child_age", 0, "5to7")).with_answer(answer("child_age", 2, "under2"))
    assert [sheet.value("child_age", child) for child in range(3)] == ["5to7", None, "under2"]
    assert sheet.children == 3


def test_back_lets_count_what_the_last_message_replaced() -> None:
    sheet = Sheet().with_answer(PENDING).with_answer(DONE).without_last()
    assert (sheet.value("divorce"), sheet.history) == ("pending", (PENDING,))


def test_back_takes_back_all_that_one_message_told() -> None:
    told = [answer(name, None, "no", minutes=5) for name in ("screen_danger", "screen_alone", "screen_death")]
    sheet = Sheet().with_answer(PENDING)
    for one in told:
        sheet = sheet.with_answer(one)
    assert sheet.without_last().answers == (PENDING,)


def test_back_forgets_neither_children_nor_what_was_mentioned() -> None:
    sheet = Sheet().with_mention("divorce", None).with_answer(answer("child_age", 1, "5to7")).without_last()
    assert (sheet.children, sheet.mentions, sheet.answers) == (2, frozenset({("divorce", None)}), ())


def test_what_was_read_wrong_counts_no_longer_and_is_asked() -> None:
    told = answer("child_age", 0, "under2")
    read = replace(answer("child_age", 0, "5to7", minutes=1), source=Source.READ)
    sheet = Sheet().with_answer(told).with_answer(read)
    assert sheet.read == (read,)
    doubted = sheet.doubted()
    assert (doubted.answers, doubted.read, doubted.children) == ((told,), (), 1)
    assert ("child_age", 0) in doubted.mentions
    assert told in Sheet().with_answer(told).doubted().answers, "what was said by a button stays"


def test_back_with_nothing_told_changes_nothing() -> None:
    assert Sheet().without_last() == Sheet()


def test_a_mention_decides_nothing_and_can_tell_of_a_child() -> None:
    sheet = Sheet().with_mention("child_hurt", 0)
    assert (sheet.value("child_hurt", 0), sheet.children) == (None, 1)


def test_the_plain_form_holds_the_values_that_count() -> None:
    sheet = Sheet().with_answer(PENDING).with_answer(DONE).with_answer(answer("child_age", 1, "5to7"))
    assert sheet.plain() == {"family": {"divorce": "done"}, "children": [{}, {"child_age": "5to7"}]}


def facts(about: str) -> st.SearchStrategy[dict[str, str]]:
    known = {name: st.sampled_from(fact.values) for name, fact in VOCABULARY.facts.items() if fact.about == about}
    return st.fixed_dictionaries({}, optional=known)


@given(st.fixed_dictionaries({"family": facts("family"), "children": st.lists(facts("child"), max_size=20)}))
def test_what_is_read_from_the_plain_form_gives_the_same_plain_form(plain: dict[str, Any]) -> None:
    assert Sheet.from_plain(plain, VOCABULARY, NOW).plain() == plain


def test_what_is_told_from_outside_is_dated_and_marked() -> None:
    sheet = Sheet.from_plain({"family": {"divorce": "no"}}, VOCABULARY, NOW, Source.OPERATOR)
    assert sheet.answers == (Answer("divorce", None, "no", Source.OPERATOR, NOW),)


@pytest.mark.parametrize(
    ("plain", "says"),
    [
        (None, 'a sheet is an object: {"family": {fact: value}, "children": [{fact: value}]}'),
        ({"famly": {}}, "unknown key 'famly'; did you mean 'family'?"),
        ({"children": [{}] * 21}, '"children" is a list of at most 20 objects'),
        ({"family": {"child_age": "5to7"}}, "'child_age' is a fact about a child, not about the family"),
        ({"family": {"divorce": "yes"}}, "unknown value 'yes' of divorce"),
        ({"family": {"divorce": 3}}, "the value of divorce is a word, not 3"),
    ],
)
def test_what_the_vocabulary_does_not_know_is_refused(plain: object, says: str) -> None:
    with pytest.raises(SheetError) as refused:
        Sheet.from_plain(plain, VOCABULARY, NOW)
    assert str(refused.value) == says
