"""`rightdoor drill`: a course in a terminal. The score is kept in a file of whoever practises here, or only for the session."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.rule import Rule

from bot.drills import Book, Course
from bot.drills.exercise import STEPS
from bot.errors import InputError, UnknownWordError
from bot.replies import Reply
from bot.workbench.trial.walk import lines


@dataclass(frozen=True, slots=True)
class Choice:
    """What to practise: how many cases, of which topic (empty: all), in which language, from which seed."""

    topic: str
    count: int
    seed: str
    language: str


def practise(
    source: TextIO, out: Console, course: Course, book: Book, choice: Choice, at: datetime, keep: Callable[[Book], None]
) -> None:
    """Asks so many cases, marks each answer, and hands the book to `keep` after every one; ends kindly when `source` does.

    Raises `UnknownWordError` for a topic there is none of.
    """
    if choice.topic and choice.topic not in course.topics:
        raise UnknownWordError("topic", choice.topic, course.topics)
    desk = _Desk(course, out, choice, at, keep)
    out.print(course.words.texts.say("terminal_help", choice.language), style="dim")
    asked = lines(source, out)
    book = replace(book, current=None)  # a case that another session left half done is not this one's
    for _ in range(choice.count):
        ended = desk.case(book, asked)
        if ended is None:
            break
        book = ended
    desk.end()


@dataclass(slots=True)
class _Desk:
    """One sitting."""

    course: Course
    out: Console
    choice: Choice
    at: datetime
    keep: Callable[[Book], None]
    last: Book | None = None

    def case(self, book: Book, asked: Iterator[str]) -> Book | None:
        """One case from its story to its last mark; None when the trainee has had enough."""
        options = {"language": self.choice.language, "topic": self.choice.topic}
        book, reply = self.course.begin(book, self.at, seed=self._seed(book), **options)
        self._show(reply)
        while book.current and len(book.current.marks) < len(STEPS):
            line = next(asked, None)
            if line is None or line.lower() in self.course.words.stop:
                return None
            if line.lower() in self.course.words.progress:
                self._print(self.course.progress(book, self.choice.language))
            elif answer := self.course.typed(book, line, self.choice.language):
                book, reply = self.course.answer(book, self.at, *answer, seed=self._seed(book), **options)
                self.last = book
                self.keep(book)
                self._show(reply)
            else:
                self._print(self.course.words.texts.say("not_understood", self.choice.language), "yellow")
        return book if self.last is book else None

    def end(self) -> None:
        """The score and a goodbye."""
        self.out.print(Rule())
        self._print(self.course.progress(self.last or Book(), self.choice.language))
        self._print(self.course.words.texts.say("goodbye", self.choice.language), "dim")

    def _seed(self, book: Book) -> str:
        return f"{self.choice.seed}/{book.number + 1}"

    def _show(self, reply: Reply) -> None:
        self._print("")
        self._print(reply.text)
        answers = [button.title for button in reply.buttons if button.payload.count(":") > 1]
        if answers and not answers[0].startswith("1."):
            for number, title in enumerate(answers, 1):
                self._print(f"  {number}. {title}")

    def _print(self, text: str, style: str = "") -> None:
        self.out.print(text, style=style or None, markup=False, highlight=False, soft_wrap=True)


def read_book(path: Path) -> Book:
    """The book of whoever practises here; an empty one before the first drill. Raises `InputError` for a file that is none."""
    try:
        return Book.from_json(json.loads(path.read_text(encoding="utf-8")) if path.exists() else None)
    except (ValueError, OSError) as error:
        raise InputError(f"{path}: this is no score of a drill; move it away to begin anew") from error


def write_book(path: Path, book: Book) -> None:
    """Keeps it: row ids, topics and counts; no name, no family."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(book.to_json(), ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)
