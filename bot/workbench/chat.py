"""`rightdoor chat`: the service in a terminal, for people and, with --json, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO
from uuid import uuid4

from rich.console import Console

from bot.errors import InputError, did_you_mean
from bot.messages import Channel, Content, Incoming, Location, Press, Text, typed
from bot.turns import Turns


def converse(source: TextIO, out: Console, turns: Turns, *, sender: str, channel: str, as_json: bool) -> None:
    """Reads messages from `source` until it ends and prints each turn's replies.

    Raises `InputError` for an unknown channel, or a JSON line that is not a message.
    """
    speaking = _channel(channel)
    for number, content in _messages(source, out, as_json=as_json):
        incoming = Incoming(speaking, sender, f"{number}-{uuid4().hex}", turns.services.clock(), content)
        _print(turns, incoming, out, as_json=as_json)


def _messages(source: TextIO, out: Console, *, as_json: bool) -> Iterator[tuple[int, Content]]:
    """Numbered messages; in a terminal a prompt stands before each."""
    for number, line in enumerate(lines(source, out, as_json=as_json), 1):
        if line.strip():
            yield number, message_of(line.strip(), number)


def lines(source: TextIO, out: Console, *, as_json: bool) -> Iterator[str]:
    """What is written, line by line; a terminal is shown a prompt."""
    if as_json or not source.isatty():
        yield from source
        return
    while True:
        try:
            yield out.input("[bold]> [/bold]")
        except (EOFError, KeyboardInterrupt):
            return


def message_of(line: str, number: int = 1) -> Content:
    """A line as a message: plain text, `/payload`, or `{"text"|"payload"|"location": …}`.

    Raises `InputError` naming the line when JSON is not such an object.
    """
    if not line.startswith("{"):
        return typed(line)
    try:
        given: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise InputError(f"line {number}: not JSON: {error}") from error
    match given:
        case {"text": str(text)}:
            return Text(text)
        case {"payload": str(payload)}:
            return Press(payload)
        case {"location": {"latitude": int() | float() as latitude, "longitude": int() | float() as longitude}}:
            return Location(float(latitude), float(longitude))
    raise InputError(
        f'line {number}: give {{"text": …}}, {{"payload": …}} or {{"location": {{"latitude": …, "longitude": …}}}}'
    )


def _channel(name: str) -> Channel:
    try:
        return Channel(name)
    except ValueError as error:
        raise InputError(f"unknown channel {name!r}{did_you_mean(name, list(Channel))}") from error


def _print(turns: Turns, incoming: Incoming, out: Console, *, as_json: bool) -> None:
    result = turns.take(incoming)
    if as_json:
        out.file.write(json.dumps(result.to_json(), ensure_ascii=False) + "\n")
        out.file.flush()
        return
    for reply in result.replies:
        out.print(reply.text, style="cyan", markup=False, highlight=False)
        for number, button in enumerate(reply.buttons, 1):
            out.print(f"  {number}. {button.title}", style="dim", markup=False, highlight=False)
