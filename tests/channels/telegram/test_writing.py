"""Replies in Telegram's form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot.channels.telegram.writing import TEXT_LIMIT, messages, split
from bot.errors import DeliveryError
from bot.replies import Button, Reply


def rows(reply: Reply) -> list[list[str]]:
    """The titles of the buttons, row by row."""
    markup = messages(reply)[-1].markup
    assert isinstance(markup, InlineKeyboardMarkup)
    return [[button.text for button in row] for row in markup.inline_keyboard]


def test_short_buttons_stand_two_a_row_and_long_ones_alone() -> None:
    short = [Button("有", "/a"), Button("没有", "/b"), Button("不想说", "/c")]
    assert rows(Reply("?", tuple(short))) == [["有", "没有"], ["不想说"]]
    assert rows(Reply("?", (*short[:2], Button("孩子现在跟外公外婆住", "/d")))) == [
        ["有"],
        ["没有"],
        ["孩子现在跟外公外婆住"],
    ]


def test_a_long_text_is_cut_between_paragraphs_and_the_buttons_stand_under_the_end() -> None:
    paragraph = "字" * 1500
    pieces = messages(Reply("\n\n".join([paragraph] * 3), (Button("好", "/a"),)))
    assert [piece.text for piece in pieces] == [f"{paragraph}\n\n{paragraph}", paragraph]
    assert [piece.markup is None for piece in pieces] == [True, False]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.integers(2, 40))
def test_splitting_loses_nothing_but_space_at_the_seams(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(len(piece.encode("utf-16-le")) <= limit * 2 for piece in pieces)


def test_ten_thousand_characters_go_out_in_three() -> None:
    assert [len(piece) for piece in split("字" * 10_000)] == [TEXT_LIMIT, TEXT_LIMIT, 10_000 - 2 * TEXT_LIMIT]


def test_the_location_key_stands_under_the_question_or_beside_its_buttons() -> None:
    (alone,) = messages(Reply("在哪里？", ask_location=True), "发送我的位置")
    assert isinstance(alone.markup, ReplyKeyboardMarkup)
    assert alone.markup.keyboard[0][0].request_location
    question, key = messages(Reply("在哪里？", (Button("从列表里选", "/p"),), ask_location=True), "发送我的位置")
    assert isinstance(question.markup, InlineKeyboardMarkup)
    assert (key.text, isinstance(key.markup, ReplyKeyboardMarkup)) == ("发送我的位置", True)


def test_a_payload_above_64_bytes_is_refused_without_telling_what_is_in_it() -> None:
    assert messages(Reply("?", (Button("a", "/a" + "x" * 62),)))
    with pytest.raises(DeliveryError, match="a button of /answer carries more than 64 bytes") as caught:
        messages(Reply("?", (Button("a", '/answer{"secret":"' + "孩" * 20 + '"}'),)))
    assert caught.value.permanent
