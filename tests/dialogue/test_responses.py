"""What is said: the variation that fits best, chosen so that a conversation can be replayed, with its slots filled in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.errors import ProjectFileError
from tests.dialogue.talking import Talk

Talking = Callable[..., Talk]

DOMAIN = """\
intents: [hello, send]
slots:
  language: {type: categorical, values: [zh, en], influence_conversation: false, mappings: [{type: custom}]}
  age: {type: float, max_value: 18, influence_conversation: false, mappings: [{type: custom}]}
  who: {type: any, mappings: [{type: custom}]}
actions: [action_send]
responses:
  utter_hello:
  - text: 您好
  - channel: telegram
    text: 您好，Telegram
  - condition: [{type: slot, name: language, value: en}]
    text: Hello
  - condition: [{type: slot, name: language, value: en}]
    channel: telegram
    text: Hello, Telegram
  utter_english_only:
  - condition: [{type: slot, name: language, value: EN}]
    text: English
  utter_grown:
  - condition: [{type: slot, name: language, value: en}, {type: slot, name: age, value: 18}]
    text: grown up
  - text: a child
  utter_never:
  - condition: []
    text: never said
  utter_varied: [{text: one}, {text: two}, {text: three}]
  utter_filled:
  - text: "{who} and {who}, {nobody} {{braces}}"
  utter_deep:
  - text: "For {who}"
    image: "https://example.org/{who}.png"
    buttons: [{title: "Call {who}", payload: '/send{{"who": "{who}"}}'}]
    custom: {to: ["{who}", 1, true]}
"""
RULES = "rules: [{rule: hello, steps: [{intent: hello}, {action: utter_varied}]}]"
SEND = "rules: [{rule: send, steps: [{intent: send}, {action: action_send}]}]"


@pytest.fixture
def talk(talking: Talking) -> Talk:
    return talking(DOMAIN, RULES)


def said(talk: Talk, response: str, channel: str = "rest", **slots: Any) -> str | None:
    text: str | None = talk.assistant.say(response, slots, channel=channel)["text"]
    return text


# --- which variation -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "language", "expected"),
    [
        ("telegram", "en", "Hello, Telegram"),
        ("telegram", "zh", "您好，Telegram"),
        ("rest", "en", "Hello"),
        ("rest", "zh", "您好"),
        ("rest", None, "您好"),
    ],
)
def test_channel_and_condition_beat_channel_which_beats_condition_which_beats_the_rest(
    talk: Talk, channel: str, language: str | None, expected: str
) -> None:
    assert said(talk, "utter_hello", channel, language=language) == expected


def test_a_channel_alone_beats_a_condition_alone(talking: Talking) -> None:
    domain = DOMAIN.replace("    channel: telegram\n    text: Hello, Telegram\n", "    text: Hi\n")
    assert said(talking(domain, RULES), "utter_hello", "telegram", language="en") == "您好，Telegram"


def test_a_condition_is_compared_without_regard_to_case(talk: Talk) -> None:
    assert said(talk, "utter_english_only", language="En") == "English"


def test_every_part_of_a_condition_must_hold(talk: Talk) -> None:
    assert said(talk, "utter_grown", language="en", age=18.0) == "grown up"
    assert said(talk, "utter_grown", language="en", age=17) == "a child"


def test_nothing_is_said_where_no_variation_fits(talk: Talk) -> None:
    assert said(talk, "utter_english_only", language="zh") is None


def test_an_empty_condition_never_holds_as_in_rasa(talk: Talk) -> None:
    assert said(talk, "utter_never") is None


def test_a_response_nobody_wrote_is_refused_with_the_nearest(talk: Talk) -> None:
    with pytest.raises(ProjectFileError, match="unknown response 'utter_helo'; did you mean 'utter_hello'"):
        said(talk, "utter_helo")


# --- among equals ----------------------------------------------------------------------------------------------------


def test_the_choice_among_equals_is_the_same_when_the_conversation_is_replayed(talking: Talking) -> None:
    talk = talking(DOMAIN, RULES)
    first = [talk.say("/hello") for _ in range(12)]
    again = Talk(talk.assistant)
    assert [again.say("/hello") for _ in range(12)] == first


def test_every_one_of_several_equals_is_chosen_now_and_then(talk: Talk) -> None:
    assert {talk.say("/hello")[0] for _ in range(30)} == {"one", "two", "three"}


def test_the_choice_is_recorded(talk: Talk) -> None:
    for _ in range(5):
        [text] = talk.say("/hello")
        [uttered] = [event for event in talk.last.events if event["event"] == "bot"]
        number = uttered["metadata"]["variation"]
        assert (uttered["metadata"]["utter_action"], ["one", "two", "three"][number]) == ("utter_varied", text)


# --- filling in ------------------------------------------------------------------------------------------------------


def test_slots_are_filled_in_everywhere_in_a_message(talk: Talk) -> None:
    assert talk.assistant.say("utter_deep", {"who": "小李"}, channel="rest") == {
        "text": "For 小李",
        "image": "https://example.org/小李.png",
        "buttons": [{"title": "Call 小李", "payload": '/send{"who": "小李"}'}],
        "custom": {"to": ["小李", 1, True]},
    }


def test_a_text_with_an_unknown_placeholder_stays_as_written_and_invents_nothing(talk: Talk) -> None:
    assert said(talk, "utter_filled", who="小李") == "{who} and {who}, {nobody} {{braces}}"


def test_braces_somebody_wrote_are_only_words(talk: Talk) -> None:
    assert said(talk, "utter_filled", who="{nobody}", nobody="{who.__class__}") == (
        "{nobody} and {nobody}, {who.__class__} {braces}"
    )


@pytest.mark.parametrize("attack", ["{0}", "{who.__class__}", "{who!r}", "{{who}}", "%s", "{}", "10[分钟]"])
def test_what_a_family_writes_is_never_a_template(talk: Talk, attack: str) -> None:
    message = talk.assistant.say("utter_deep", {"who": attack}, channel="rest")
    assert message["text"] == f"For {attack}"


def test_saying_something_leaves_the_response_as_it_was(talk: Talk) -> None:
    for who in ("a", "b"):
        assert said(talk, "utter_deep", who=who) == f"For {who}"


def test_elements_are_sent_as_they_are_written(talking: Talking) -> None:
    domain = "intents: [hello]\nresponses: {utter_hello: [{text: Hi., elements: [{title: '{requested_slot}'}]}]}\n"
    talk = talking(domain, "rules: [{rule: hello, steps: [{intent: hello}, {action: utter_hello}]}]")
    talk.say("/hello")
    assert talk.last.replies[0]["elements"] == [{"title": "{requested_slot}"}]


# --- what actions say ------------------------------------------------------------------------------------------------


def test_an_action_says_a_response_with_words_of_its_own(talking: Talking) -> None:
    talk = talking(DOMAIN, SEND, {"action_send": lambda _: {"responses": [{"response": "utter_deep", "who": "王"}]}})
    assert talk.say("/send", who="小李") == ["For 王"]
    assert talk.last.slots["who"] == "小李"


def test_the_buttons_of_an_action_come_after_those_of_the_response(talking: Talking) -> None:
    more = {"response": "utter_deep", "buttons": [{"title": "No", "payload": "/hello"}]}
    talk = talking(DOMAIN, SEND, {"action_send": lambda _: {"responses": [more]}})
    talk.say("/send", who="小李")
    assert [button["title"] for button in talk.last.replies[0]["buttons"]] == ["Call 小李", "No"]


def test_an_action_s_response_that_does_not_fit_is_not_said(talking: Talking) -> None:
    answer = {"responses": [{"response": "utter_english_only"}, {"text": "and this"}]}
    talk = talking(DOMAIN, SEND, {"action_send": lambda _: answer})
    assert talk.say("/send", language="zh") == ["and this"]


def test_an_action_speaks_by_an_event_with_or_without_more_than_words(talking: Talking) -> None:
    events = [
        {"event": "bot", "text": "One.", "data": None},
        {"event": "bot", "text": "Two.", "data": {"image": "a.png"}},
    ]
    talk = talking(DOMAIN, SEND, {"action_send": lambda _: {"events": events}})
    assert talk.say("/send") == ["One.", "Two."]
    assert talk.last.replies[1]["image"] == "a.png"
