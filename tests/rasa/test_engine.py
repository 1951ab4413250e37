"""`engine: {rasa: URL}`: a server that speaks Rasa's API leads the conversation, and the service stays what it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.app import engine_of
from bot.dialogue import Assistant, Engine, Outcome, Parsed
from bot.errors import SettingsError
from bot.messages import Channel, Press, Text
from bot.rasa.engine import RasaEngine
from bot.settings import EngineSettings, load
from tests.dialogues.test_dialogues import HERE as DIALOGUES
from tests.dialogues.test_dialogues import transcript
from tests.rasa.desk import PROJECT, Desk, Rasas, desk, rasas

__all__ = ["desk", "rasas"]
SEED = "我25岁，和老公要离婚，女儿五岁，我们俩都不想要她"
SLOTS = {"interviewing": True, "next_question": "screen_danger", "language": "zh"}


@pytest.mark.parametrize("dialogue", sorted(DIALOGUES.glob("*.yml")), ids=lambda path: path.stem)
def test_every_dialogue_goes_as_it_was_agreed_when_a_rasa_server_leads_it(
    dialogue: Path, desk: Desk, rasas: Rasas
) -> None:
    desk.engine(rasas.start())
    script = YAML(typ="safe", pure=True).load(dialogue.read_text(encoding="utf-8"))
    said = "\n".join(transcript(desk.turns, desk.clock, script)) + "\n"
    assert dialogue.with_suffix(".txt").read_text(encoding="utf-8") == said
    assert len(rasas.ears[0].heard) >= 2 * len([step for step in script if "waits" not in step])


def test_a_conversation_goes_on_on_a_server_that_never_heard_of_it(desk: Desk, rasas: Rasas) -> None:
    desk.engine(rasas.start())
    asked = desk.says(Text(SEED)).replies[-1]
    desk.engine(rasas.start())
    assert desk.says(Press("/why")).replies[-1] == asked


def test_a_conversation_moves_from_our_engine_to_rasa_and_back(desk: Desk, rasas: Rasas) -> None:
    asked = desk.says(Text(SEED)).replies[-1]
    desk.engine(rasas.start())
    assert desk.says(Press("/why")).replies[-1] == asked
    desk.own_engine()
    assert desk.says(Press("/why")).replies[-1] == asked


def test_a_turn_that_was_undone_here_never_happened_there(desk: Desk, rasas: Rasas) -> None:
    engine = desk.engine(rasas.start())
    begun = turn(engine, None, "greet", **SLOTS)
    once = turn(engine, begun.snapshot, "why")
    again = turn(engine, begun.snapshot, "why")
    assert once.replies == again.replies
    first, second = (outcome.snapshot["rasa"] | {"at": 0} for outcome in (once, again))
    assert first == second


def turn(engine: RasaEngine, snapshot: dict[str, Any] | None, intent: str, **slots: Any) -> Outcome:
    outcome = engine.handle(snapshot, Parsed.of(intent), slots, sender="contact-7", channel="web")
    assert outcome.failed is None
    return outcome


def test_a_session_begins_after_the_last_one_though_the_clock_was_set_back(desk: Desk, rasas: Rasas) -> None:
    engine = desk.engine(rasas.start())
    snapshot = turn(engine, None, "greet", **SLOTS).snapshot
    later = snapshot["rasa"]["at"] + 3600
    snapshot = snapshot | {"rasa": snapshot["rasa"] | {"at": later}}
    assert turn(engine, snapshot, "why").snapshot["rasa"]["at"] > later


def test_what_is_kept_does_not_grow_with_the_conversation(desk: Desk, rasas: Rasas) -> None:
    engine = desk.engine(rasas.start())
    snapshot, sizes = None, []
    for number in range(30):
        slots = SLOTS | {"misunderstood": number % 2}
        snapshot = turn(engine, snapshot, "nlu_fallback" if number % 3 else "why", **slots).snapshot
        sizes.append(len(json.dumps(snapshot)))
    assert max(sizes[15:]) <= 1.1 * max(sizes[9:15])


def test_what_crosses_names_nobody_and_holds_no_word_that_was_written(desk: Desk, rasas: Rasas) -> None:
    desk.engine(rasas.start())
    desk.says(Text(SEED), chat="chat-4711")
    desk.says(Press("/why"), chat="chat-4711")
    desk.says(Text(SEED), chat="chat-4712")
    [ear] = rasas.ears
    told = "\n".join(path + body for path, body in ear.heard)
    with desk.turns.services.store.work() as work:
        contacts = [work.contacts.by_address(Channel.WEB, chat) for chat in ("chat-4711", "chat-4712")]
    assert all(contact and contact.id not in told for contact in contacts)
    assert "chat-47" not in told
    assert "老公" not in told
    assert "要离婚、分开" in told  # what was understood does cross
    conversations = [path.split("/")[2] for path, _ in ear.heard if path.startswith("/conversations/")]
    assert len(set(conversations)) == len(contacts)


def test_a_server_that_asks_for_a_token_gets_it(desk: Desk, rasas: Rasas) -> None:
    url = rasas.start(token="open sesame")
    desk.engine(url)
    desk.says(Text(SEED))
    assert desk.tasks() == ["failed_turn"]
    desk.engine(url, token="open sesame")
    assert desk.says(Press("/greet")).replies[-1].buttons
    assert desk.tasks() == ["failed_turn"]


# --- the setting -----------------------------------------------------------------------------------------------------


def test_the_environment_says_where_rasa_is() -> None:
    environment = {"RIGHTDOOR_ENGINE_RASA": "https://rasa.example/api", "RIGHTDOOR_ENGINE_TOKEN": "open sesame"}
    assert load(environment=environment).engine == EngineSettings("https://rasa.example/api", "open sesame", 4)
    assert isinstance(build_engine(environment), RasaEngine)
    assert isinstance(build_engine({}), Assistant)


def build_engine(environment: dict[str, str]) -> Engine:
    return engine_of(load(environment=environment), PROJECT)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("engine: {rasa: localhost:5005}", "must be the address of a Rasa server, such as http://127.0.0.1:5005"),
        ("engine: {rasa: 'ftp://127.0.0.1'}", "not 'ftp://127.0.0.1'"),
        ("engine: {rasa: 'http://127.0.0.1:99999'}", "must be the address of a Rasa server"),
        ("engine: {rasa: 'http://user:word@127.0.0.1'}", "must be the address of a Rasa server"),
        ("engine: {rasa: 'http://'}", "must be the address of a Rasa server"),
        ("engine: {rasa: 'http://127.0.0.1/a b'}", "must be the address of a Rasa server"),
        ("engine: http://127.0.0.1:5005", "engine must hold settings, not 'http://127.0.0.1:5005'"),
        ("engine: {rassa: 'http://127.0.0.1'}", "unknown setting 'rassa'; did you mean 'rasa'?"),
        ("engine: {patience: soon}", "patience must be a whole number, not 'soon'"),
        ("engine: {patience: 0}", "engine.patience must be 1 or more seconds, not 0"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_its_file(tmp_path: Path, said: str, message: str) -> None:
    file = tmp_path / "config.yml"
    file.write_text(f"rightdoor:\n  {said}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load(file, {})
    assert message in str(refused.value)
    assert str(file) in str(refused.value)
