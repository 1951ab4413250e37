"""Golden dialogues: one file in, one file out. `pytest tests/dialogues --update` writes the golden files anew; read the difference.

A dialogue is a list of what one person does: `writes`, `presses` (a button's title, or a payload), `pin`, `sends` (a voice
note …), `waits` (minutes). State is saved to the database and read back between any two messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.messages import Attachment, Channel, Content, Edited, Incoming, Location, Press, typed
from bot.replies import Reply
from bot.store import Store
from bot.turns import Turns
from bot.turns.services import Services
from tests.conftest import KEY

HERE = Path(__file__).parent
START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # a Tuesday, nine in the morning in China
RECEIPT = re.compile(r"\d{4} \d{4} \d{4} \d{4}")


class Clock:
    """A clock moved by hand; every message takes a second."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turns(loaded: Services, tmp_path: Path, clock: Clock) -> Iterator[Turns]:
    """The whole service without a server, on an SQLite of its own; nobody is enrolled yet."""
    store = Store.open(f"sqlite:///{tmp_path / 'rightdoor.db'}", master_key=KEY)
    yield Turns(replace(loaded, store=store, clock=clock))
    store.close()


@pytest.mark.parametrize("dialogue", sorted(HERE.glob("*.yml")), ids=lambda path: path.stem)
def test_the_dialogue_goes_as_it_was_agreed(
    dialogue: Path, turns: Turns, clock: Clock, request: pytest.FixtureRequest
) -> None:
    script: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(dialogue.read_text(encoding="utf-8"))
    said = "\n".join(transcript(turns, clock, script)) + "\n"
    golden = dialogue.with_suffix(".txt")
    if request.config.getoption("--update"):
        golden.write_text(said, encoding="utf-8")
    assert golden.is_file(), f"{golden.name} is missing; run pytest tests/dialogues --update and read what it says"
    assert golden.read_text(encoding="utf-8") == said


def transcript(turns: Turns, clock: Clock, script: list[dict[str, Any]]) -> Iterator[str]:
    """What both sides say; receipt codes are masked, since they are random."""
    buttons: dict[str, str] = {}
    receipt = ""
    for number in count():
        if number == len(script):
            return
        step = script[number]
        if "waits" in step:
            clock.now += timedelta(minutes=step["waits"])
            yield f"… {step['waits']} min"
            continue
        content = content_of(step, buttons, receipt)
        result = turns.take(Incoming(Channel.TELEGRAM, "778899", f"update:{number}", clock(), content, "zh"))
        yield f"> {RECEIPT.sub('#### #### #### ####', str(next(iter(step.values()))))}"
        for reply in result.replies:
            if found := RECEIPT.search(reply.text):
                receipt = found.group()
            buttons |= {button.title: button.payload for button in reply.buttons}
            yield from shown(reply)
        yield state(result.state)


def content_of(step: dict[str, Any], buttons: dict[str, str], receipt: str) -> Content:
    [(kind, value)] = step.items()
    match kind:
        case "writes":
            return typed(value.replace("RECEIPT", receipt))
        case "edits":
            return Edited(value)
        case "pin":
            return Location(*value)
        case "sends":
            return Attachment(value)
        case "old":
            return Press(value, START - timedelta(days=7))
    assert value.startswith("/") or value in buttons, f"no button {value!r} was offered, only {list(buttons)}"
    return Press(buttons.get(value, value))


def shown(reply: Reply) -> Iterator[str]:
    for line in RECEIPT.sub("#### #### #### ####", reply.text).split("\n"):
        yield f"  {line}"
    if reply.buttons:
        yield "  " + " ".join(f"[{button.title}]" for button in reply.buttons)
    if reply.hides:
        yield "  (the chat is cleared)"


def state(state: Any) -> str:
    if not state:
        return ""
    decision, asked = state["decision"], state["asked"]
    parts = ", ".join(f"{r['part']}→{r['lead']} {r['status']}" for r in state["referrals"])
    rows = ",".join(decision["rows"])
    return (
        f"  = {decision['risk']} {rows} | asks {asked['fact'] if asked else '–'}"
        + (f" | {parts}" if parts else "")
        + "\n"
    )
