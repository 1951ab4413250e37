"""A reply, as the outbox keeps it and as the command prints it."""

import pytest

from bot.replies import Button, Reply

FULL = Reply("您有一条新消息", (Button("看", "/status"), Button("以后", "/later")), ask_location=True, hides=True)


@pytest.mark.parametrize("reply", [Reply("好"), FULL])
def test_a_reply_comes_back_from_its_record_as_it_was(reply: Reply) -> None:
    assert Reply.from_record(reply.to_record()) == reply


def test_the_printed_form_has_text_and_buttons_only() -> None:
    assert FULL.to_json() == {
        "text": "您有一条新消息",
        "buttons": [{"title": "看", "payload": "/status"}, {"title": "以后", "payload": "/later"}],
    }
