"""Where a trial stands: the sheet, one answer after another."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.decisions import Ask, Decision
from bot.errors import InputError, SheetError, UnknownWordError, did_you_mean
from bot.facts import Answer, Sheet, Source
from bot.replies import Reply
from bot.turns.phrasing import answer_of
from bot.workbench.cases import cases
from bot.workbench.spoken import Spoken


@dataclass(slots=True)
class Session:
    """One fictional family. Every answer is a moment later than the one before, so that *back* takes back one message."""

    spoken: Spoken
    language: str
    began: datetime
    sheet: Sheet = field(default_factory=Sheet)
    told: int = 0

    @property
    def now(self) -> datetime:
        """The moment of the newest answer."""
        return self.began + timedelta(seconds=self.told)

    def decision(self, sheet: Sheet | None = None) -> Decision:
        """What policy says, of this family or of another."""
        return self.spoken.policy.decide(self.sheet if sheet is None else sheet, self.now)

    def question(self, ask: Ask) -> Reply:
        """The question in the family's words, with its buttons."""
        fact = self.spoken.policy.vocabulary.facts[ask.fact]
        return self.spoken.reply(fact.question, self.language)

    def read(self, line: str) -> tuple[tuple[str, int | None, str], ...]:
        """What a line answers: a number, a button's words, or `FACT VALUE`. Raises `InputError` for anything else."""
        ask = self.decision().ask
        for number, button in enumerate(self.question(ask).buttons if ask else (), 1):
            if line.casefold() in (str(number), button.title.casefold()):
                return self._answers(answer_of(button.payload).items(), ask.child if ask else None)
        return self.named(line)

    def named(self, line: str) -> tuple[tuple[str, int | None, str], ...]:
        """`FACT VALUE`, for another child than the first `FACT VALUE 2`. Raises `InputError` for words nobody declared."""
        words = line.replace("=", " ").replace(":", " ").split()
        match words:
            case [fact, value]:
                return self._answers([(fact, value)], None)
            case [fact, value, number] if number.isdecimal() and 1 <= int(number) <= max(1, self.sheet.children):
                return self._answers([(fact, value)], int(number) - 1)
        raise InputError("")

    def with_answers(self, told: Iterable[tuple[str, int | None, str]]) -> Sheet:
        """The sheet as it would be with these answers."""
        at, sheet = self.now + timedelta(seconds=1), self.sheet
        for fact, child, value in told:
            sheet = sheet.with_answer(Answer(fact, child, value, Source.ASKED, at))
        return sheet

    def answer(self, told: Iterable[tuple[str, int | None, str]]) -> None:
        """The family says so."""
        self.sheet = self.with_answers(told)
        self.told += 1

    def back(self) -> bool:
        """Takes the last answer back; False when what is left was given at the start."""
        if not self.sheet.history or self.sheet.history[-1].at <= self.began:
            return False
        self.sheet = self.sheet.without_last()
        return True

    def _answers(self, given: Iterable[tuple[str, str]], child: int | None) -> tuple[tuple[str, int | None, str], ...]:
        vocabulary = self.spoken.policy.vocabulary
        try:
            answers = vocabulary.answers(dict(given), child, self.sheet)
        except UnknownWordError as error:
            raise InputError(error.message) from error
        return tuple((fact, vocabulary.whose(fact, child), value) for fact, value in answers)


def beginning(spoken: Spoken, rules: Path, at: datetime, *, case: str = "", given: str = "") -> Sheet:
    """The sheet to begin with: that of a case of the rule base, or `given` as JSON, or an empty one.

    Raises `InputError` for a case nobody wrote and for JSON that is not a sheet.
    """
    if case:
        return _of_case(spoken, rules, at, case)
    try:
        return Sheet.from_plain(json.loads(given) if given else {}, spoken.policy.vocabulary, at, Source.TOLD)
    except (json.JSONDecodeError, RecursionError) as error:
        raise SheetError('--from takes JSON such as {"family": {"divorce": "pending"}}') from error


def _of_case(spoken: Spoken, rules: Path, at: datetime, wanted: str) -> Sheet:
    known = {one.name: one.sheet for one in cases(rules, spoken.policy, at)}
    found = [name for name in known if wanted.casefold() in name.casefold()]
    if wanted not in known and len(found) != 1:
        some = f"; {len(found)} cases have these words" if found else did_you_mean(wanted, known)
        raise InputError(f"no case is called {wanted!r}{some}")
    return known[wanted if wanted in known else found[0]]
