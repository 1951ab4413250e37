"""`rightdoor chat --project DIR`: any project in a terminal, for people and, with --json, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TextIO

from rich.console import Console

from bot.dialogue import Outcome
from bot.errors import InputError
from bot.rasa.conversations import Heard
from bot.rasa.host import Host
from bot.rasa.rest_form import rest_messages
from bot.workbench.chat import lines

CHANNEL = "cmdline"


class ProjectChat:
    """One conversation; nothing of it is kept."""

    def __init__(self, host: Host, sender: str, channel: str = CHANNEL) -> None:
        self._host, self._sender, self._channel = host, sender, channel
        self._snapshot: dict[str, Any] | None = None
        self._buttons: list[dict[str, Any]] = []

    def take(self, text: str) -> Outcome:
        """One turn. A number chooses among the buttons that were shown last."""
        outcome = self._host.turn(self._snapshot, Heard(self._sender, self._chosen(text), self._channel))
        self._snapshot = outcome.snapshot
        self._buttons = [button for reply in outcome.replies for button in _buttons(reply)]
        return outcome

    def _chosen(self, text: str) -> str:
        if text.isdecimal() and 0 < int(text) <= len(self._buttons):
            return str(self._buttons[int(text) - 1].get("payload") or text)
        return text


def converse(source: TextIO, out: Console, chat: ProjectChat, *, as_json: bool) -> None:
    """Reads messages until there are no more and prints each turn. Raises `InputError` for a line that is none."""
    for number, line in enumerate(lines(source, out, as_json=as_json), 1):
        text = _text(line.strip(), number) if as_json else line.strip()
        if not text:
            continue
        outcome = chat.take(text)
        if as_json:
            out.file.write(json.dumps(as_object(outcome), ensure_ascii=False) + "\n")
            out.file.flush()
        else:
            show(outcome.replies, out)


def as_object(outcome: Outcome) -> dict[str, Any]:
    """A turn for programs: `{"replies", "slots", "active_loop", "actions", "failed"}`.

    Replies are the REST channel's; each has `text` and `buttons`, as those of our own service have.
    """
    usual: dict[str, Any] = {"text": None, "buttons": []}
    said = ({**usual, **message} for message in rest_messages("", outcome.replies))
    replies = [{key: value for key, value in message.items() if key != "recipient_id"} for message in said]
    heard = max((i for i, e in enumerate(outcome.events) if e["event"] == "user"), default=0)
    return {
        "replies": replies,
        "slots": outcome.snapshot["slots"],
        "active_loop": (outcome.snapshot["loop"] or {}).get("name"),
        "actions": [e["name"] for e in outcome.events[heard:] if e["event"] == "action"],
        "failed": outcome.failed,
    }


def show(replies: Sequence[dict[str, Any]], out: Console) -> None:
    """What was said: texts, buttons with the numbers that choose them, images and custom data."""
    number = 0
    if not replies:
        out.print("(nothing was said)", style="dim")
    for reply in replies:
        if reply.get("text"):
            out.print(reply["text"], style="cyan", markup=False, highlight=False)
        for button in _buttons(reply):
            number += 1
            out.print(f"  {number}. {button.get('title', '')}", style="dim", markup=False, highlight=False)
        for name in ("image", "attachment", "custom", "elements"):
            if reply.get(name):
                value = reply[name] if isinstance(reply[name], str) else json.dumps(reply[name], ensure_ascii=False)
                out.print(f"  {name}: {value}", style="dim", markup=False, highlight=False, soft_wrap=True)


def _buttons(reply: dict[str, Any]) -> list[dict[str, Any]]:
    return [b for b in reply.get("quick_replies") or reply.get("buttons") or () if isinstance(b, dict)]


def _text(line: str, number: int) -> str:
    """A line's message: plain words, `/payload`, or `{"text": …}`."""
    if not line.startswith("{"):
        return line
    try:
        given = json.loads(line)
    except ValueError as error:
        raise InputError(f"line {number}: not JSON: {error}") from error
    text = given.get("text", given.get("payload"))
    if not isinstance(text, str):
        raise InputError(f'line {number}: give {{"text": …}} or {{"payload": …}}')
    return text
