"""What came in: words, or a button by another way."""

import pytest

from bot.messages import Channel, Press, Text, typed


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("/status", Press("/status")),
        ("/status \n", Press("/status")),
        ('/answer{"divorce":"pending"}', Press('/answer{"divorce":"pending"}')),
        ("/x", Press("/x")),
        ("我要离婚", Text("我要离婚")),
        ("and/or", Text("and/or")),
        (" /status", Text(" /status")),
        ("", Text("")),
        ("／status", Text("／status")),
    ],
)
def test_what_begins_with_a_slash_is_a_button_and_anything_else_is_words(text: str, content: Press | Text) -> None:
    assert typed(text) == content


def test_who_is_not_looking_must_be_written_to() -> None:
    assert {channel for channel in Channel if channel.pushes} == {Channel.TELEGRAM, Channel.EMAIL, Channel.WEBHOOK}
