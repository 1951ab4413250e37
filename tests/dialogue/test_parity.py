"""Our engine answers as rasa 3.6.21 did, turn by turn: words, actions, slots, active loop (golden/, made by parity/record.py)."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.dialogue.talking import PROJECTS, Talk, assistant_of

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))


def cleaned(message: dict[str, Any]) -> dict[str, Any]:
    """A message's parts that say something; which of several variations was chosen is ours to note."""
    return {key: value for key, value in message.items() if value}


def since_message(events: tuple[dict[str, Any], ...]) -> list[str]:
    """The actions of a turn."""
    heard = max(index for index, event in enumerate(events) if event["event"] == "user")
    return [event["name"] for event in events[heard:] if event["event"] == "action"]


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_every_turn_is_answered_as_rasa_answered_it(golden: Path) -> None:
    recorded = json.loads(golden.read_text(encoding="utf-8"))
    assert recorded["rasa"] == "3.6.21"
    assistant = assistant_of(PROJECTS / golden.stem)
    for conversation in recorded["conversations"]:
        talk, slots = Talk(assistant), {}
        for turn in conversation:
            talk.say(turn["user"])
            slots |= turn["slots"]
            found = talk.last.snapshot
            assert {
                "said": [cleaned(reply) for reply in talk.last.replies],
                "did": since_message(talk.last.events),
                "slots": {k: v for k, v in found["slots"].items() if v is not None},
                "loop": (found["loop"] or {}).get("name"),
            } == {
                "said": [cleaned(reply) for reply in turn["replies"]],
                "did": turn["actions"],
                "slots": {k: v for k, v in slots.items() if v is not None},
                "loop": turn["loop"],
            }, f"{golden.stem}: {[t['user'] for t in conversation]} at {turn['user']}"


def test_every_project_was_recorded() -> None:
    assert {path.stem for path in GOLDEN} == {path.name for path in PROJECTS.iterdir() if path.is_dir()}
