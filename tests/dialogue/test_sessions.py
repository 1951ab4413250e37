"""When a conversation begins anew (rasa `core/processor.py`, `_has_session_expired`)."""

from __future__ import annotations

import pytest

from tests.dialogue.parity.entries import of_folder
from tests.dialogue.parity.ours import Walker
from tests.dialogue.talking import PROJECTS


def walker_of(project: str) -> Walker:
    return Walker(of_folder(PROJECTS / project).assistant)


def starts(walker: Walker, *walk: tuple[float, str]) -> list[bool]:
    """In which turns a session starts; each turn is minutes of silence and what is then said."""
    return ["action_session_start" in walker.turn(text, wait)["actions"] for wait, text in walk]


def test_a_session_starts_at_the_first_message_and_after_long_silence() -> None:
    assert starts(walker_of("clinic"), (0, "/greet"), (59, "/greet"), (61, "/greet")) == [True, False, True]


def test_silence_is_counted_from_the_latest_message_that_was_not_taken_back() -> None:
    clinic = walker_of("clinic")
    assert starts(clinic, (0, "/greet"), (40, "/nothing@0.1"), (40, "/greet")) == [True, False, False]
    errands = walker_of("errands")  # its fallback takes the message back
    assert starts(errands, (0, "/go"), (40, "nobody knows"), (40, "/go")) == [True, False, True]


def test_answers_of_a_form_leave_the_silence_counted_from_before_them_as_rasa_does() -> None:
    assert starts(walker_of("clinic"), (0, "/book"), (40, '/inform{"day": "monday"}'), (40, '/inform{"age": 7}')) == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(("project", "kept"), [("library", "山海志"), ("townhall", None)])
def test_slots_are_carried_over_when_the_domain_says_so(project: str, kept: str | None) -> None:
    said = {"library": '/借书{"书名": "山海志"}', "townhall": '/问好{"事项": "低保"}'}
    slot = {"library": "book", "townhall": "matter"}[project]
    walker = walker_of(project)
    walker.turn(said[project])
    walker.turn("/嗯", 100)
    assert walker.outcome is not None
    assert walker.outcome.snapshot["slots"][slot] == kept


def test_a_project_s_own_session_start_is_run() -> None:
    turn = walker_of("townhall").turn("/问好")
    assert [reply["text"] for reply in turn["replies"]] == ["欢迎来到便民中心。", "镇便民中心，您好。"]
    assert turn["slots"]["visits"] == 1


def slots_of(walker: Walker) -> dict[str, object]:
    assert walker.outcome is not None
    slots: dict[str, object] = walker.outcome.snapshot["slots"]
    return slots


def test_what_came_before_a_session_counts_no_more_although_its_own_start_returned_nothing() -> None:
    inn = walker_of("inn")
    inn.turn('/住店{"房": "上房", "样": "空"}')
    assert inn.turn("/听", 50)["actions"][0] == "action_session_start"
    assert inn.turn("/问好")["loop"] is None
    assert slots_of(inn)["room"] is None


def test_a_session_that_began_without_listening_has_begun() -> None:
    inn = walker_of("inn")
    inn.turn('/结账{"样": "跟"}')
    assert "action_session_start" in inn.turn("/下一场")["actions"]
    assert "action_session_start" not in inn.turn("/问好")["actions"]


def test_silence_is_counted_from_a_message_that_came_before_any_action() -> None:
    inn = walker_of("inn")
    inn.turn('/结账{"样": "跟"}')
    assert starts(inn, (50, "/下一场"), (50, "/听")) == [True, True]


def test_what_was_taken_back_is_no_answer_to_a_form() -> None:
    travel = walker_of("travel")
    for text in ('/trip{"city": "Bonn"}', "/inform", "/inform", "/trip", '/inform{"city": "Oslo"}'):
        travel.turn(text)
    assert slots_of(travel)["target"] == "Oslo"
    turn = travel.turn("/back")
    assert turn["replies"] == []
    assert slots_of(travel)["target"] is None
