"""What a trial prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from bot.decisions import Ask, Decision
from bot.decisions.changes import Change, Step
from bot.decisions.explanation import Condition, RowExplanation, Status
from bot.decisions.row import Row
from bot.facts import Sheet
from bot.replies.words import Words
from bot.turns.phrasing import SILENT
from bot.workbench.trial.repro import case_text
from bot.workbench.trial.session import Session
from bot.workbench.trial.words import TryWords

# More would push the question off the screen.
ROWS, CHANGES = 6, 6


@dataclass(frozen=True, slots=True)
class View:
    """Prints a session in its language."""

    session: Session
    words: TryWords
    out: Console

    def say(self, name: str, style: str = "", **gaps: object) -> None:
        """One sentence of `data/try.yml`."""
        self._line(self.text(name, **gaps), style)

    def text(self, name: str, **gaps: object) -> str:
        """The sentence itself."""
        return self.words.texts.say(name, self.session.language, **gaps)

    def question(self, ask: Ask) -> None:
        """The question with its answers, why it is asked, and how things stand."""
        reply = self.session.question(ask)
        several = ask.child is not None and self.session.sheet.children > 1
        child = self.text("child", number=(ask.child or 0) + 1) if several else ""
        answers = "\n".join(f"{number}. {button.title}" for number, button in enumerate(reply.buttons, 1))
        self.out.print(
            Panel(Text(f"{reply.text}{child}\n\n{answers}"), border_style="cyan", width=min(80, self.out.width))
        )
        self.why(ask)

    def why(self, ask: Ask) -> None:
        """The family's reason, and the policy's."""
        spoken = self.session.spoken
        self.say("why", "dim", why=spoken.reply(f"utter_why_{ask.fact}", self.session.language).text)
        if reason := spoken.policy.reason(self.session.sheet, self.session.now):
            services = self._joined(self._label("services", service) for service in reason.services)
            self.say(f"policy_{reason.motive}", "dim", services=services)
            if reason.rows:
                self.say("can_decide", "dim", rows=self._some_rows(reason.rows))

    def standing(self) -> None:
        """Facts, rows, risk and parts so far."""
        decision = self.session.decision()
        rows = self.session.spoken.policy.explain(self.session.sheet, self.session.now)
        still = len({row.row.id for row in rows if row.status is Status.OPEN} - set(decision.rows))
        settled = self.text("settled" if decision.settled else "not_settled")
        self.facts()
        self.say("rows_line", holds=self._ids(decision), open=still)
        self.say("stands", "bold", risk=self._risk(decision), settled=settled)
        for part in decision.parts if decision.rows else ():
            within = self._within(part.act_within)
            whom, lead = self._whom(part.for_whom, part.child), self._label("services", part.lead)
            self.say(
                "part", whom=whom, lead=lead, action=self._label("first_actions", part.first_action), within=within
            )

    def facts(self) -> None:
        """Every answer that counts."""
        self.say("known", facts=self._known(self.session.sheet) or self.text("nothing_known"))

    def rows(self) -> None:
        """Every row that holds or is open, and what stands in the way of the others."""
        found = self.session.spoken.policy.explain(self.session.sheet, self.session.now)
        for row in sorted(found, key=lambda one: list(Status).index(one.status)):
            self._row(row)

    def what_if(self, sheet: Sheet) -> None:
        """The decision now, and with other answers."""
        for name, decision in (
            ("what_if_now", self.session.decision()),
            ("what_if_then", self.session.decision(sheet)),
        ):
            leads = self._joined(dict.fromkeys(self._label("services", part.lead) for part in decision.parts))
            self.say(name, risk=self._risk(decision), leads=leads, rows=self._ids(decision))

    def changes(self) -> None:
        """The answers that would raise or lower the risk."""
        found = self.session.spoken.policy.changes(self.session.sheet, self.session.now)
        for name, changes in (("higher", found.higher), ("lower", found.lower)):
            self.say(name)
            for change in changes[:CHANGES]:
                self._change(change)
            if len(changes) > CHANGES:
                self._line("  " + self.text("more", number=len(changes) - CHANGES), "dim")
            if not changes:
                self._line("  " + self.text("nothing"), "dim")

    def end(self) -> None:
        """The decision with its basis, and the case to paste."""
        decision, language = self.session.decision(), self.session.language
        self.out.print(Rule(self.text("decision")))
        self.standing()
        for row, because in zip(decision.rows, decision.because, strict=True):
            self.say("because", row=row, because=because[language])
        if decision.nevers:
            self.say("never", words=self._joined(self._never(word) for word in decision.nevers))
        gists = {article.citation: article.gist for article in self.session.spoken.policy.base.basis.articles.values()}
        for cited in decision.basis:
            name = "cited" if cited.article.isdecimal() else "cited_whole"
            self.say(name, "dim", law=cited.law, article=cited.article, gist=gists[cited][language])
        self.say("case", "bold")
        self._line(case_text(self._sentence(), self.session.sheet, decision))
        self.say("goodbye", "dim")

    # --- words ---------------------------------------------------------------------------------------------------

    @property
    def _small(self) -> Words:
        return self.session.spoken.book.speak(self.session.language)

    def _line(self, text: str, style: str = "") -> None:
        self.out.print(text, style=style or None, markup=False, highlight=False, soft_wrap=True)

    def _label(self, kind: str, word: str) -> str:
        return self.session.spoken.policy.label(kind, word, self.session.language)

    def _never(self, word: str) -> str:
        kind = "services" if word in self.session.spoken.policy.base.words.labels["services"] else "nevers"
        return self._label(kind, word)

    def _risk(self, decision: Decision) -> str:
        return self._small.word("risk", decision.risk.word)

    def _whom(self, for_whom: str, child: int | None) -> str:
        label = self._label("audiences", for_whom)
        several = child is not None and self.session.sheet.children > 1
        return label + (self.text("child", number=(child or 0) + 1) if several else "")

    def _within(self, minutes: int | None) -> str:
        if minutes is None:
            return self.text("no_limit")
        return self.text("within", minutes=minutes) if minutes else self.text("at_once")

    def _ids(self, decision: Decision) -> str:
        return " ".join(decision.rows) or self.text("no_rows")

    def _joined(self, items: Iterable[str]) -> str:
        return self._small.joined(list(items))

    def _some_rows(self, rows: tuple[Row, ...]) -> str:
        shown = self._joined(f"{row.id} {row.title[self.session.language]}" for row in rows[:ROWS])
        return shown + (" " + self.text("more", number=len(rows) - ROWS) if len(rows) > ROWS else "")

    def _title(self, fact: str, value: str) -> str:
        """The button's words; with the fact's name where they do not tell which question they answer."""
        title = self.session.spoken.phrases.title(fact, value, self.session.language)
        return f"{fact}: {title or value}" if value in SILENT or not title else title

    def _known(self, sheet: Sheet) -> str:
        return self._joined(self._title(answer.fact, answer.value) for answer in sheet.answers)

    def _sentence(self) -> str:
        """A name for the case, to be bettered by whoever pastes it: what is known, in plain words."""
        spoken = self.session.spoken
        known = spoken.phrases.known(self.session.sheet, spoken.policy.vocabulary, spoken.book.speak("en"))
        return known or self.words.texts.say("nobody", "en")

    def _row(self, row: RowExplanation) -> None:
        missing = self._joined(self._condition(condition) for condition in row.in_the_way)
        way = " · " + self.text("in_the_way", conditions=missing) if missing else ""
        status, title = self.text(f"row_{row.status}"), row.row.title[self.session.language]
        style = {Status.HOLDS: "bold", Status.FAILS: "dim"}.get(row.status, "")
        self._line(f"{status} {row.row.id} {title}{way}", style)

    def _condition(self, condition: Condition) -> str:
        return f"{condition.fact}={'|'.join(condition.wanted)}"

    def _change(self, change: Change) -> None:
        steps = " + ".join(self._step(step) for step in change.steps)
        risk = self._small.word("risk", change.risk.word)
        self._line("  " + self.text("change", steps=steps, risk=risk))

    def _step(self, step: Step) -> str:
        return f"{step.fact}={'|'.join(step.to)}" + (f" ({step.has})" if step.has else "")
