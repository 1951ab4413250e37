"""The trial's loop: a line, what it does, and how things stand then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from rich.console import Console

from bot.errors import InputError
from bot.workbench.trial.session import Session
from bot.workbench.trial.view import View
from bot.workbench.trial.words import TryWords


def walk(source: TextIO, out: Console, session: Session, words: TryWords) -> None:
    """Asks until nothing is left, somebody quits, or `source` ends; then prints the decision and the case."""
    view = View(session, words, out)
    view.say("welcome", "dim")
    _ask(view)
    for line in lines(source, out):
        if words.command(line) == ("quit", "") or not (line or view.session.decision().ask):
            break
        if line:
            _take(view, line)
    view.end()


def lines(source: TextIO, out: Console) -> Iterator[str]:
    """What is typed, without the blanks around it; Ctrl-D and Ctrl-C end it like the end of a file."""
    try:
        while True:
            if source.isatty():
                yield out.input("[bold]> [/bold]").strip()
            elif line := source.readline():
                yield line.strip()
            else:
                return
    except (EOFError, KeyboardInterrupt):
        out.print()


def _take(view: View, line: str) -> None:
    """One line: a command, or an answer."""
    try:
        command = view.words.command(line)
        if command is None:
            view.session.answer(view.session.read(line))
            _ask(view)
        else:
            _do(view, *command)
    except InputError as error:
        hint = f" ({error.message})" if error.message else ""
        view.say("not_understood", "yellow", said=line[:60], hint=hint)


def _do(view: View, command: str, rest: str) -> None:
    session, ask = view.session, view.session.decision().ask
    match command:
        case "back":
            if session.back():
                _ask(view)
            else:
                view.say("no_back", "yellow")
        case "what_if" if rest:
            view.what_if(session.with_answers(session.named(rest)))
        case "what_if":
            view.changes()
        case "facts":
            view.facts()
        case "rows":
            view.rows()
        case "why" if ask:
            view.why(ask)
        case _:
            view.say("help")


def _ask(view: View) -> None:
    """How things stand, and the next question or that none is left."""
    if view.session.sheet.history:
        view.standing()
    ask = view.session.decision().ask
    if ask:
        view.question(ask)
    else:
        view.say("done", "green")
