"""A course of drills: one case after another, three questions each; a book goes in and comes out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from bot.decisions import Policy
from bot.decisions.row import Row
from bot.drills.book import Book, Current
from bot.drills.exercise import STEPS, Exercise, draw, moment, topic_of
from bot.drills.speaking import RiskWord, Speaker
from bot.drills.telling import Questions, Teller, Titles
from bot.drills.words import DrillWords
from bot.replies import Reply
from bot.replies.texts import spoken

Turned = tuple[Book, Reply]


@dataclass(frozen=True, slots=True)
class Course:
    """Draws, asks and marks. `seed` makes a choice of cases repeatable."""

    policy: Policy
    words: DrillWords
    titles: Titles
    questions: Questions
    risk: RiskWord
    teller: Teller = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "teller", Teller.of(self.policy.vocabulary, self.words, self.titles, self.questions))

    @property
    def topics(self) -> tuple[str, ...]:
        """The themes there are, in the order of their files."""
        return tuple(dict.fromkeys(topic_of(row) for row in self.policy.rows))

    def begin(self, book: Book, at: datetime, *, seed: str, language: str | None, topic: str = "") -> Turned:
        """Another case; one that is under way and still stands is told once more."""
        if (standing := self._standing(book)) is not None:
            current, exercise = standing
            return book, self._speaker(language).question(exercise, current, story=True)
        before = (self._speaker(language).text("changed"),) if book.current else ()
        return self._next(book, at, seed, language, topic, before)

    def answer(
        self, book: Book, at: datetime, reference: str, choice: str, *, seed: str, language: str | None, topic: str = ""
    ) -> Turned:
        """One answer, marked once: to an earlier question, or one that cannot be read, the question is put again."""
        speaker, standing = self._speaker(language), self._standing(book)
        if standing is None:
            if book.current:
                return self._next(book, at, seed, language, topic, (speaker.text("changed"),))
            return book, speaker.plain("none_begun")
        current, exercise = standing
        step = len(current.marks)
        known = choice.isascii() and choice.isdecimal() and int(choice) < len(exercise.options[step])
        if reference != current.reference or not known:
            return book, speaker.question(exercise, current, speaker.text("stale"), story=True)
        return _marked(book, current, exercise, exercise.options[step][int(choice)], speaker)

    def typed(self, book: Book, text: str, language: str | None) -> tuple[str, str] | None:
        """The answer that typed words give to the question on the table: its number or the button's own words."""
        standing = self._standing(book)
        if standing is None:
            return None
        current, exercise = standing
        said, step, speaker = text.strip().casefold(), len(current.marks), self._speaker(language)
        for number, option in enumerate(exercise.options[step]):
            if said in (str(number + 1), speaker.word(step, option).casefold()):
                return current.reference, str(number)
        return None

    def stop(self, book: Book, language: str | None) -> Turned:
        """The case under way is laid aside and counts no further."""
        speaker = self._speaker(language)
        return replace(book, current=None), speaker.plain("stopped" if book.current else "none_begun")

    def say(self, name: str, language: str | None) -> Reply:
        """One sentence of `data/drill.yml`, marked as a drill."""
        return self._speaker(language).plain(name)

    def progress(self, book: Book, language: str | None) -> str:
        """The score by topic."""
        return self._speaker(language).progress(book)

    def _speaker(self, language: str | None) -> Speaker:
        return Speaker(self.policy, self.words, self.teller, self.risk, spoken(language))

    def _standing(self, book: Book) -> tuple[Current, Exercise] | None:
        """The case under way, drawn again; None when there is none or the rules are no longer those it was drawn from."""
        current = book.current
        if current is None or current.rules != self.policy.hash:
            return None
        row = next((row for row in self.policy.rows if row.id == current.row), None)
        exercise = draw(self.policy, self.teller, row, current.seed, moment(current.day)) if row else None
        return (current, exercise) if exercise else None

    def _next(
        self, book: Book, at: datetime, seed: str, language: str | None, topic: str, before: tuple[str, ...]
    ) -> Turned:
        day = at.date().isoformat()
        rows = {row.id: row for row in self.policy.rows if _practised(row, at, topic)}
        order = book.order(rows, Random(seed))  # noqa: S311 – the same choice for the same seed
        for row in map(rows.__getitem__, order):
            exercise = draw(self.policy, self.teller, row, seed, moment(day))
            if exercise:
                current = Current(book.number + 1, row.id, topic_of(row), seed, day, self.policy.hash)
                begun = replace(book, number=current.number, current=current)
                return begun, self._speaker(language).question(exercise, current, *before, story=True)
        return replace(book, current=None), self._speaker(language).plain("nothing")


def _marked(book: Book, current: Current, exercise: Exercise, chosen: str, speaker: Speaker) -> Turned:
    """The book with one more mark, and the next question, or the end of the case."""
    step = len(current.marks)
    right = chosen == exercise.right[step]
    then = replace(current, marks=(*current.marks, right))
    book, said = book.marked(then, right=right), speaker.mark(exercise, step, chosen)
    if len(then.marks) < len(STEPS):
        return book, speaker.question(exercise, then, said)
    return book.finished(), speaker.end(exercise, then.marks, book, current.topic, said)


def _practised(row: Row, at: datetime, topic: str) -> bool:
    return row.valid(moment(at.date().isoformat()).date()) and topic in ("", topic_of(row))
