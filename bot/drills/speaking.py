"""What a drill says: questions with their buttons, marks with reason and article, the score. Every message has the marker first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.decisions import Citation, Policy
from bot.decisions.basis import Article
from bot.drills.book import Book, Current
from bot.drills.exercise import ACTION, LEAD, RISK, STEPS, Exercise
from bot.drills.telling import Teller
from bot.drills.words import DrillWords
from bot.replies import Button, Reply

# A risk in words: (word, language) → words.
RiskWord = Callable[[str, str], str]
BEGIN, STOP = "/drill", "drill:stop"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Speaks of exercises in one language."""

    policy: Policy
    words: DrillWords
    teller: Teller
    risk: RiskWord
    language: str

    def text(self, name: str, **gaps: object) -> str:
        """A sentence of `data/drill.yml`."""
        return self.words.texts.say(name, self.language, **gaps)

    def reply(self, *paragraphs: str, buttons: tuple[Button, ...] = ()) -> Reply:
        """A message of a drill: the marker is its first word."""
        said = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
        return Reply(f"{self.words.marker} {said}", buttons)

    def plain(self, name: str) -> Reply:
        """A message of one sentence."""
        return self.reply(self.text(name))

    def question(self, exercise: Exercise, current: Current, *before: str, story: bool = False) -> Reply:
        """The question on the table, after the story where it is to be told."""
        step = len(current.marks)
        told = self.teller.story(exercise.told, exercise.scene, self.language)
        opening = (self.text("fictional"), told) if story else ()
        options = [self.word(step, option) for option in exercise.options[step]]
        numbered = [self.text("option", number=n, option=option) for n, option in enumerate(options, 1)]
        # First actions are too long for a button to show whole.
        asked = "\n".join((self._asked(exercise, step), *(numbered if STEPS[step] == ACTION else ())))
        titles = numbered if STEPS[step] == ACTION else options
        answers = tuple(Button(title, f"drill:{current.reference}:{n}") for n, title in enumerate(titles))
        stop = Button(self.text("stop_button"), STOP)
        return self.reply(*before, *opening, asked, buttons=(*answers, stop))

    def word(self, step: int, option: str) -> str:
        """An option in plain words."""
        kind = STEPS[step]
        if kind == RISK:
            return self.risk(option, self.language)
        return self.policy.label("services" if kind == LEAD else "first_actions", option, self.language)

    def mark(self, exercise: Exercise, step: int, chosen: str) -> str:
        """Whether an answer was right, and which is."""
        right = exercise.right[step]
        name = "right" if chosen == right else "wrong"
        return self.text(name, right=self.word(step, right), chosen=self.word(step, chosen))

    def end(self, exercise: Exercise, marks: tuple[bool, ...], book: Book, topic: str, before: str) -> Reply:
        """The last mark, then why, on which article, who else is told and never told, and the score."""
        score = book.score(topic)
        gaps = {"right": sum(marks), "asked": len(marks), "topic_right": score.right, "topic_asked": score.asked}
        total = self.text("score", topic=self.words.topic(topic, self.language), **gaps)
        again = () if all(marks) else (self.text("again"),)
        buttons = (Button(self.text("next_button"), BEGIN), Button(self.text("stop_button"), STOP))
        return self.reply(before, self.reason(exercise), "\n".join((total, *again)), buttons=buttons)

    def reason(self, exercise: Exercise) -> str:
        """Why, with the articles: of the row that leads, and of the one that is practised."""
        leading = next(row for row in self.policy.rows if row.id == exercise.part.rows[0])
        rows = dict.fromkeys((leading, exercise.row))
        articles = {article.citation: article for article in self.policy.base.basis.articles.values()}
        citations = dict.fromkeys(citation for row in rows for citation in row.basis)
        cited = [self._article(articles, citation) for citation in citations]
        told = [self.policy.label("services", service, self.language) for service in exercise.part.also]
        never = [self._never(word) for word in exercise.outcome.nevers]
        comma = self.text("comma")
        return "\n".join(
            (
                *(self.text("because", because=row.because[self.language]) for row in rows),
                *cited,
                *((self.text("also", services=comma.join(told)),) if told else ()),
                *((self.text("never", services=comma.join(never)),) if never else ()),
            )
        )

    def progress(self, book: Book) -> str:
        """The score of each topic, one a line."""
        lines = [
            self.text("progress", topic=self.words.topic(n, self.language), topic_right=s.right, topic_asked=s.asked)
            for n, s in sorted(book.topics.items())
        ]
        return "\n".join(lines) or self.text("no_progress")

    def _asked(self, exercise: Exercise, step: int) -> str:
        whom = self.policy.label("audiences", exercise.part.for_whom, self.language)
        lead = self.policy.label("services", exercise.part.lead, self.language)
        return self.text(f"ask_{STEPS[step]}", whom=whom, lead=lead)

    def _article(self, articles: Mapping[Citation, Article], cited: Citation) -> str:
        name = "article" if cited.article.isdecimal() else "whole"
        return self.text(name, law=cited.law, article=cited.article, gist=articles[cited].gist[self.language])

    def _never(self, word: str) -> str:
        kind = "services" if word in self.policy.base.words.labels["services"] else "nevers"
        return self.policy.label(kind, word, self.language)
