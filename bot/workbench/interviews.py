"""The interview, played and measured: how many questions until everything is settled, and until an emergency is known.

A family is played with buttons only, truthfully: each tap on a multiple-choice message counts, *is there more?* counts, and so
do the danger screen and the concerns. Place, consent and what a receiver needs although no rule does are not counted.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from rich.table import Table

from bot.decisions import Ask, Decision, Policy
from bot.decisions.risk import Risk
from bot.facts import Answer, Fact, Sheet, Source
from bot.facts.conditions import fulfilled
from bot.facts.fact import CHILD, REFUSED, UNKNOWN
from bot.workbench.cases import cases

Truth = Mapping[str, str]
PATIENCE = 40  # questions after which something is wrong with the interview itself


@dataclass(frozen=True, slots=True)
class Interview:
    """One interview. `asked` are the questions in order, `known` how many it took until an emergency was known (if it is one)."""

    name: str
    truth: Truth
    asked: tuple[str, ...]
    known: int | None
    decision: Decision


@dataclass(frozen=True, slots=True)
class Player:
    """Plays truthful families of one child against a policy."""

    policy: Policy
    at: datetime

    @classmethod
    def newest(cls, policy: Policy) -> Player:
        """On the day the newest row came into force."""
        return cls(policy, datetime.combine(max(row.valid_from for row in policy.rows), time(12), UTC))

    def play(self, name: str, truth: Truth, told: Sheet | None = None) -> Interview:
        """The whole interview of a family; what `truth` does not name is as harmless as can be. `told` is known already."""
        sheet, known = told or Sheet(), None
        asked: list[str] = []
        decision = self.policy.decide(sheet, self.at)
        while decision.ask and not decision.enough and len(asked) < PATIENCE:
            asked.append(decision.ask.fact)
            for fact, value in self._tapped(decision.ask, truth, sheet):
                child = self.policy.vocabulary.whose(fact, decision.ask.child)
                sheet = sheet.with_answer(Answer(fact, child, value, Source.ASKED, self.at))
            decision = self.policy.decide(sheet, self.at)
            if known is None and decision.risk is Risk.EMERGENCY:
                known = len(asked)
        return Interview(name, truth, tuple(asked), known, decision)

    def told(self, truth: Truth) -> Decision:
        """The decision about the full truth, every fact of it told."""
        sheet = Sheet(children=1)
        for name, fact in self.policy.vocabulary.facts.items():
            child = 0 if fact.about == CHILD else None
            sheet = sheet.with_answer(Answer(name, child, said(fact, truth), Source.TOLD, self.at))
        return self.policy.decide(sheet, self.at)

    def _tapped(self, ask: Ask, truth: Truth, sheet: Sheet) -> tuple[tuple[str, str], ...]:
        """What the next tap answers: one thing that is true, or that nothing (else) of the list is."""
        vocabulary = self.policy.vocabulary
        group = vocabulary.facts[ask.fact].ask_with
        if group is None:
            return ((ask.fact, said(vocabulary.facts[ask.fact], truth)),)
        still = [n for n in vocabulary.groups[group] if sheet.value(n, vocabulary.whose(n, ask.child)) is None]
        values = {name: said(vocabulary.facts[name], truth) for name in still}
        true = [(name, value) for name, value in values.items() if value not in ("no", UNKNOWN, REFUSED)]
        if true:
            return (true[0],)
        doubt = next((value for value in values.values() if value in (UNKNOWN, REFUSED)), "none")
        return vocabulary.answers({group: doubt}, ask.child, sheet)


def said(fact: Fact, truth: Truth) -> str:
    """The true value of a fact: as told, else the first of its values, which is the most harmless."""
    return truth.get(fact.name, fact.values[0])


def situations(rules: Path, policy: Policy) -> Iterator[tuple[str, Truth]]:
    """The founders' situations as cases name them (`situation: R01`), each with its truth in full."""
    for case in cases(rules, policy, Player.newest(policy).at):
        if case.situation:
            yield case.situation, {answer.fact: answer.value for answer in case.sheet.answers}


def random_truth(policy: Policy, rng: random.Random) -> Truth:
    """A random truthful family that can be (`never_together`)."""
    while True:
        truth = _drawn(policy, rng)
        if not fulfilled(policy.vocabulary.never_together, truth):
            return truth


def _drawn(policy: Policy, rng: random.Random) -> Truth:
    """A random family: danger in one of ten for each line of the screen, one concern (four of five), two or three.

    Of a multiple-choice list that is relevant one member is true, in one of five two, now and then none; whatever else is
    relevant has a random value.
    """
    vocabulary = policy.vocabulary
    screen, concerns = (vocabulary.groups[group] for group in vocabulary.opening)
    chosen = set(rng.sample(concerns, rng.choices((1, 2, 3), (80, 17, 3))[0]))
    chosen |= {name for name in screen if rng.random() < 0.1}  # noqa: PLR2004 – one of ten
    for group, members in vocabulary.groups.items():
        if group not in vocabulary.opening:
            chosen |= set(rng.sample(members, rng.choices((0, 1, 2), (5, 75, 20))[0]))
    truth: dict[str, str] = {}
    for name, fact in vocabulary.facts.items():
        if fact.relevant_when and not fulfilled(fact.relevant_when, truth):
            truth[name] = str(fact.otherwise)
        elif fact.ask_with:
            truth[name] = rng.choice(fact.values[1:-2]) if name in chosen else "no"
        else:
            truth[name] = rng.choice(fact.values)
    return truth


def table(played: Sequence[Interview]) -> Table:
    """The interviews, one a line, and their mean and longest."""
    known = [one.known for one in played if one.known]
    shown = Table("situation", "questions", "emergency known", "risk", "rows", "asked", show_lines=False)
    for one in played:
        shown.add_row(
            one.name,
            str(len(one.asked)),
            str(one.known or ""),
            one.decision.risk.word,
            " ".join(one.decision.rows),
            " ".join(one.asked),
        )
    shown.title = (
        f"{len(played)} interviews: {statistics.mean(len(one.asked) for one in played):.2f} questions at the mean, "
        f"{max(len(one.asked) for one in played)} at most; emergencies known after {statistics.mean(known):.2f} "
        f"at the mean, {max(known)} at most"
    )
    return shown
