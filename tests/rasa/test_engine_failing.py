"""A Rasa server that is away, late, somebody else or out of its mind: the truth, a human, and the emergency card all the same."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.errors import ActionFailedError, RasaServerError
from bot.messages import Press, Text
from bot.rasa.answers import failure, read_answer
from bot.rasa.client import ANSWER_AT_MOST, Patience, RasaClient
from bot.workbench.served import free_port
from tests.dialogues.test_dialogues import HERE as DIALOGUES
from tests.dialogues.test_dialogues import content_of
from tests.rasa.desk import PROJECT, Desk, Rasas, desk, rasas, texts

__all__ = ["desk", "rasas"]
SEED = "我25岁，和老公要离婚，女儿五岁，我们俩都不想要她"
FAILED = "我这边出了点问题"
DANGER = "我爸在打我妈，她流血了"
SOON = Patience(connect=0.2, turn=0.4, pauses=(0.05,), rest=30.0)
RECORDED = json.loads((Path(__file__).parent / "golden" / "turns_of_rasa.json").read_text(encoding="utf-8"))["turns"]
VERSION = {"version": "3.6.21", "minimum_compatible_version": "3.6.21"}
OUTSIDE = PROJECT.domain.custom | set(PROJECT.domain.forms)
# Status and body for the events and for the intent, by what is wrong with them.
Answers = Callable[[str, Any], tuple[int, bytes]]


class Odd:
    """A server on loopback that answers what it is told to."""

    def __init__(self, answers: Answers) -> None:
        self.asked: list[str] = []
        odd = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                odd.asked.append(self.path)
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, body = answers(self.path.split("?")[0], json.loads(sent or b"null"))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer  # noqa: N815 – the library's names

            def log_message(self, *_: Any) -> None:
                pass

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except OSError:
                    self.close_connection = True  # whoever asked has gone

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def odd() -> Iterator[Callable[[Answers], Odd]]:
    with ExitStack() as stack:

        def start(answers: Answers) -> Odd:
            server = Odd(answers)
            stack.callback(server.close)
            return server

        yield start


def says(status: int, body: bytes) -> Answers:
    """A server of the right version that answers a turn with this."""

    def answers(path: str, _: Any) -> tuple[int, bytes]:
        return (200, json.dumps(VERSION).encode()) if path == "/version" else (status, body)

    return answers


def tracker(**changed: Any) -> Answers:
    """A server that answers a turn with what Rasa would, but for `changed`."""
    told: list[Any] = []

    def answers(path: str, sent: Any) -> tuple[int, bytes]:
        if path == "/version":
            return 200, json.dumps(VERSION).encode()
        if path.endswith("events"):
            told[:] = sent
            return 200, b"{}"
        slots = dict.fromkeys(PROJECT.domain.slots.initial) | {
            event["name"]: event["value"] for event in told if event["event"] == "slot"
        }
        user = {"event": "user", "parse_data": {"intent": {"name": sent["name"]}, "text": ""}, "timestamp": 1.0}
        listening = {"event": "action", "name": "action_listen", "timestamp": 1.0}
        said = {"event": "bot", "text": "已经转给他们了。", "data": {}, "timestamp": 1.0}
        state = {"events": [*told, user, said, listening], "slots": slots, "active_loop": {}, "paused": False}
        found = {key: change(state[key]) if callable(change) else change for key, change in changed.items()}
        return 200, json.dumps({"tracker": state | found}).encode()

    return answers


def other_version(_: str, __: Any) -> tuple[int, bytes]:
    return 200, b'{"version": "2.8.34"}'


def hangs(_: str, __: Any) -> tuple[int, bytes]:
    time.sleep(1)
    return 200, b"{}"


def without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda slots: {key: value for key, value in slots.items() if key != name}


def saying(message: Any) -> Callable[[list[Any]], list[Any]]:
    return lambda events: [*events[:-2], {"event": "bot", "timestamp": 1.0} | message, events[-1]]


OTHER = {"parse_data": {"intent": {"name": "thanks"}}}
WRONG: dict[str, Answers] = {
    "of version 2": other_version,
    "that hangs": hangs,
    "with status 500": says(500, b'{"status": "failure"}'),
    "with status 401": says(401, b"{}"),
    "with a page": says(200, b"<html>hello</html>"),
    "with nothing": says(200, b""),
    "with a list": says(200, b"[]"),
    "with deep JSON": says(200, b"[" * 100_000),
    "with too much": says(200, b'"' + b"x" * (ANSWER_AT_MOST + 1) + b'"'),
    "without a tracker": says(200, b'{"messages": []}'),
    "about nothing": tracker(events=[]),
    "about another turn": tracker(events=lambda events: events[2:]),
    "about another message": tracker(events=lambda events: [*events[:-3], events[-3] | OTHER]),
    "with an event that is none": tracker(events=lambda events: [*events, {"event": "miracle"}]),
    "with events that are none": tracker(events=lambda events: [*events, 7]),
    "that does not know our slots": tracker(slots=without("card_due")),
    "that lost a slot's value": tracker(events=lambda events: [*events[:-1], {"event": "slot", "name": "moves"}]),
    "that proposes what is no move": tracker(slots=lambda slots: slots | {"moves": {"send": True}}),
    "that proposes numbers": tracker(slots=lambda slots: slots | {"moves": [1, [2]]}),
    "whose words are none": tracker(events=saying({"text": 7, "data": {}})),
    "whose buttons are none": tracker(events=saying({"text": "", "data": {"buttons": [{"title": "yes"}]}})),
    "whose button says a list": tracker(events=saying({"text": "", "data": {"buttons": [{"title": "yes", "payload": ["/yes"]}]}})),
    "whose data are none": tracker(events=saying({"text": "", "data": {"custom": ["hides"]}})),
    "that never listens": tracker(events=lambda events: events[:-2]),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_the_family_is_told_the_truth_and_a_human_takes_over(
    desk: Desk, odd: Callable[[Answers], Odd], wrong: Answers
) -> None:
    desk.engine(odd(wrong).url, patience=SOON)
    result = desk.says(Text(SEED))
    assert FAILED in texts(result)
    assert "已经转给" not in texts(result)
    assert desk.tasks() == ["failed_turn"]


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_danger_is_answered_with_the_numbers_in_the_very_next_message(
    desk: Desk, odd: Callable[[Answers], Odd], wrong: Answers
) -> None:
    desk.engine(odd(wrong).url, patience=SOON)
    first = desk.says(Text(DANGER)).replies[0]
    assert "110" in first.text
    assert "120" in first.text
    assert "failed_turn" in desk.tasks()
    with desk.turns.services.store.work() as work:
        assert all(case.sent for case in work.cases.all_open())  # help is on its way, whatever Rasa says


def nobody() -> str:
    """An address where nobody answers."""
    return f"http://127.0.0.1:{free_port()}"


def test_a_server_that_is_away_is_the_same_and_the_conversation_goes_on_when_it_is_back(
    desk: Desk, rasas: Rasas
) -> None:
    desk.engine(nobody(), patience=SOON)
    assert FAILED in texts(desk.says(Text(SEED)))
    assert FAILED in texts(desk.says(Press("/why")))
    desk.engine(rasas.start())
    assert desk.says(Press("/greet")).replies[-1].buttons


def test_a_connection_that_breaks_off_is_tried_again(odd: Callable[[Answers], Odd]) -> None:
    answers, broken = says(200, b"{}"), [True]

    def once(path: str, sent: Any) -> tuple[int, bytes]:
        if path.endswith("trigger_intent") and broken.pop():
            raise ConnectionResetError
        return answers(path, sent)

    broken.insert(0, False)
    server = odd(once)
    assert asked(server.url) == {}
    assert [path.split("?")[0].rsplit("/", 1)[-1] for path in server.asked] == [
        "version", "events", "trigger_intent", "events", "trigger_intent",
    ]  # fmt: skip


def asked(url: str, patience: Patience = SOON) -> Any:
    client = RasaClient(url, patience=patience)
    try:
        return client.turn("c", [{"event": "session_started", "timestamp": 1.0}], "greet", [])
    finally:
        client.close()


def test_a_server_that_is_late_is_left_alone_for_a_while_so_that_not_everybody_waits_for_it(
    odd: Callable[[Answers], Odd],
) -> None:
    server, now = odd(hangs), [0.0]
    client = RasaClient(server.url, patience=SOON, clock=lambda: now[0] + time.monotonic())
    for waits in (True, False):
        began = time.monotonic()
        with pytest.raises(RasaServerError):
            client.turn("c", [], "greet", [])
        assert (time.monotonic() - began > SOON.turn / 2) is waits
    now[0] = SOON.rest + 1
    with pytest.raises(RasaServerError, match="no answer within"):
        client.turn("c", [], "greet", [])
    client.close()


def test_a_whole_turn_is_over_in_time_however_slowly_the_answer_drips(odd: Callable[[Answers], Odd]) -> None:
    def slowly(_: str, __: Any) -> tuple[int, bytes]:
        time.sleep(SOON.turn * 0.6)
        return 200, json.dumps(VERSION).encode()

    began = time.monotonic()
    with pytest.raises(RasaServerError):
        asked(odd(slowly).url)
    assert time.monotonic() - began < SOON.turn * 1.5


# --- actions that fail ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda turn: f"{turn['what']}, {turn['actions work']}")
def test_an_action_that_failed_behind_real_rasa_is_noticed_though_rasa_says_nothing(recorded: dict[str, Any]) -> None:
    answer = read_answer(recorded["answer"], recorded["opening"], recorded["intent"])
    silent = recorded["actions work"] or recorded["what"] == "something unreadable"  # that runs no action
    assert failure(answer, OUTSIDE) == (None if silent else (2, "action_hear"))


@pytest.mark.parametrize("action", ["action_refer", "validate_interview_form"])
def test_a_failed_action_never_leads_to_words_that_presume_its_success(desk: Desk, rasas: Rasas, action: str) -> None:
    def run(call: dict[str, Any]) -> Any:
        if call["next_action"] == action:
            raise ActionFailedError(action)
        return rasas.run_action(call)

    desk.engine(rasas.start(run))
    said = "\n".join(story(desk))
    assert FAILED in said
    assert "编号" not in said
    assert "failed_turn" in desk.tasks()


def story(desk: Desk) -> Iterator[str]:
    """What the mother of the seed story is told, until something fails."""
    buttons: dict[str, str] = {}
    for step in YAML(typ="safe", pure=True).load((DIALOGUES / "seed.yml").read_text(encoding="utf-8")):
        result = desk.says(content_of(step, buttons, ""))
        buttons |= {button.title: button.payload for reply in result.replies for button in reply.buttons}
        yield texts(result)
        if FAILED in texts(result):
            return
