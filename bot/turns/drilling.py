"""A drill in somebody's inbox: what `bot/drills` says and marks, and the book it is kept in. What is real comes first, always."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.drills import Book, Course
from bot.drills.speaking import BEGIN
from bot.replies import Reply
from bot.store import Contact, StaffMember, Work

STOP, VERB = "/stop", "drill"


@dataclass(frozen=True, slots=True)
class Drilling:
    """One turn of a drill; a message delivered twice is played again by the inbox and counts once."""

    course: Course
    work: Work
    person: StaffMember
    contact: Contact
    at: datetime

    def press(self, verb: str, subject: str, detail: str) -> Reply | None:
        """A button of a drill, `/drill` or `/stop`; None for any other verb."""
        if verb not in (BEGIN, STOP, VERB):
            return None
        book = self._book()
        if verb == STOP or subject == "stop":
            return self._kept(self.course.stop(book, self._language))
        if self._busy():
            return self.course.say("real_first", self._language)
        seed = f"{self.person.id}/{book.number + 1}"
        if verb == BEGIN:
            return self._kept(self.course.begin(book, self.at, seed=seed, language=self._language))
        return self._kept(self.course.answer(book, self.at, subject, detail, seed=seed, language=self._language))

    def write(self, words: str) -> Reply | None:
        """Words that begin or stop a drill or answer its question; None when they are something else."""
        said = words.strip().lower()
        if said in self.course.words.begin:
            return self.press(BEGIN, "", "")
        book = self._book()
        if book.current and said in self.course.words.stop:
            return self.press(STOP, "", "")
        answer = self.course.typed(book, words, self._language)
        return self.press(VERB, *answer) if answer else None

    @property
    def _language(self) -> str | None:
        return self.contact.language

    def _busy(self) -> bool:
        """Whether somebody waits for this person: a referral not taken on yet, or a task they are on."""
        return self.work.cases.waits_for(self.person.id) or self.work.tasks.held_by(self.person.id) is not None

    def _book(self) -> Book:
        return Book.from_json(self.work.drills.of(self.person.id))

    def _kept(self, turned: tuple[Book, Reply]) -> Reply:
        book, reply = turned
        self.work.drills.keep(self.person.id, book.to_json(), self.at)
        return reply
