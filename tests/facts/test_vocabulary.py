"""The vocabulary: what a button answers, for one fact or for a whole group."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import UnknownWordError
from bot.facts import Answer, Sheet, Source
from tests.facts.vocabulary import VOCABULARY

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
SCREEN = ("screen_danger", "screen_alone", "screen_death")


def test_a_button_for_one_fact_answers_that_fact() -> None:
    assert VOCABULARY.answers({"divorce": "pending"}) == (("divorce", "pending"),)


def test_a_button_may_answer_several_facts() -> None:
    assert VOCABULARY.answers({"divorce": "pending", "child_age": "5to7"}) == (
        ("divorce", "pending"),
        ("child_age", "5to7"),
    )


@pytest.mark.parametrize(("word", "value"), [("none", "no"), ("unknown", "unknown"), ("refused", "refused")])
def test_a_button_for_a_group_answers_every_member(word: str, value: str) -> None:
    assert VOCABULARY.answers({"danger_screen": word}) == tuple((name, value) for name in SCREEN)


def test_none_of_these_leaves_alone_what_was_said_before() -> None:
    sheet = Sheet().with_answer(Answer("screen_alone", None, "yes", Source.ASKED, NOW))
    assert VOCABULARY.answers({"danger_screen": "none"}, sheet=sheet) == (
        ("screen_danger", "no"),
        ("screen_death", "no"),
    )


def test_a_group_with_facts_of_a_child_is_answered_for_the_child_that_is_meant() -> None:
    sheet = Sheet(children=2).with_answer(Answer("child_wants_to_die", 0, "yes", Source.ASKED, NOW))
    first, second = (VOCABULARY.answers({"death_details": "none"}, child, sheet) for child in (0, 1))
    assert [name for name, _ in first] == ["kill_threat", "adult_wants_to_die"]
    assert [name for name, _ in second] == ["kill_threat", "child_wants_to_die", "adult_wants_to_die"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"divorse": "no"}, "unknown fact 'divorse'; did you mean 'divorce'?"),
        ({"divorce": "panding"}, "unknown value of divorce 'panding'; did you mean 'pending'?"),
        ({"danger_screen": "yes"}, "unknown answer to danger_screen 'yes'"),
        ({"danger_scren": "none"}, "unknown fact 'danger_scren'; did you mean 'danger_screen'?"),
    ],
)
def test_a_button_with_a_word_nobody_declared_is_refused(given: dict[str, str], says: str) -> None:
    with pytest.raises(UnknownWordError) as refused:
        VOCABULARY.answers(given)
    assert str(refused.value) == says


@pytest.mark.parametrize(
    ("fact", "child", "whose"), [("divorce", 1, None), ("child_age", None, 0), ("child_age", 0, 0), ("child_age", 2, 2)]
)
def test_an_answer_is_about_the_family_or_about_the_first_child_unless_another_is_meant(
    fact: str, child: int | None, whose: int | None
) -> None:
    assert VOCABULARY.whose(fact, child) == whose


def test_nobody_has_to_know_or_to_say() -> None:
    assert [name for name, fact in VOCABULARY.facts.items() if not {"unknown", "refused"} <= {*fact.values}] == []
