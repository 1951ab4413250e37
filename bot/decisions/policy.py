"""The policy: a rule base compiled, evaluated and explained."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from pathlib import Path

from bot.decisions.cache import kept
from bot.decisions.changes import Change, Changes, changes, graver
from bot.decisions.circuit import Circuit, compile_circuit
from bot.decisions.decision import Decision
from bot.decisions.explanation import RowExplanation, explain
from bot.decisions.interview import Interview
from bot.decisions.oracle import Oracle
from bot.decisions.outcome import Combiner, Outcome, ranking
from bot.decisions.reason import Reason, reason
from bot.decisions.row import Row
from bot.decisions.rulebase import Limits, RuleBase, content_hash
from bot.decisions.search import Search
from bot.decisions.standing import Standing, stand
from bot.facts import Sheet, Vocabulary

CHINA = timezone(timedelta(hours=8), "CST")  # laws come into force by the calendar of the country
MEMORY = 1 << 14


class Policy:
    """Decides sheets. Immutable to its users; what was worked out is remembered, up to a bound."""

    def __init__(self, base: RuleBase) -> None:
        self.base = base
        self.combiner = Combiner(base.words, ranking(base.rows))
        self._compiled = lru_cache(64)(self._compile)
        self._concluded = lru_cache(MEMORY)(self._conclude)

    @classmethod
    def load(cls, folder: Path, cache: Path | None = None) -> Policy:
        """Reads and compiles `rules/`; what was read is kept in `cache`, a folder of the service's own.

        Raises `RuleFileError` with file and line for the first thing that is not right.
        """
        if cache is None:
            return cls(RuleBase.load(folder))
        return cls(kept(cache, f"{folder.name}-{content_hash(folder)}", lambda: RuleBase.load(folder)))

    @property
    def hash(self) -> str:
        """The content hash that every decision records."""
        return self.base.hash

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts."""
        return self.base.vocabulary

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row, in force or not."""
        return self.base.rows

    @property
    def deadlines(self) -> Limits:
        """Acknowledgement by risk, record of a call, silence."""
        return self.base.limits

    def label(self, kind: str, word: str, language: str) -> str:
        """A word of `rules/vocabulary.yml` as people say it, e.g. `label("services", "police", "zh")`."""
        return self.base.words.labels[kind][word][language]

    def decide(self, sheet: Sheet, on: date) -> Decision:
        """The decision about a sheet at a moment, or on a day (`on` may be a datetime; a day means its first minute, UTC)."""
        search = self.searching(on, sheet.children)
        standing = stand(search.circuit, self.vocabulary, sheet, _moment(on))
        outcome = search.outcome(search.circuit.fired(standing.now) & search.circuit.rows)
        return self._concluded(search, standing, outcome)

    def explain(self, sheet: Sheet, on: date) -> tuple[RowExplanation, ...]:
        """For each row and child: holds, fails or open, and the conditions that made it so."""
        circuit = self.searching(on, sheet.children).circuit
        standing = stand(circuit, self.vocabulary, sheet, _moment(on))
        return explain(circuit, self.in_force(on), sheet, standing)

    def changes(self, sheet: Sheet, on: date) -> Changes:
        """The fewest answers that would raise the risk, and those that would lower it."""
        return changes(*self._told(sheet, on))

    def graver(self, sheet: Sheet, on: date) -> tuple[Change, ...]:
        """The fewest answers that would raise the risk."""
        return graver(*self._told(sheet, on))

    def _told(self, sheet: Sheet, on: date) -> tuple[Circuit, dict[int, str], int]:
        circuit = self.searching(on, sheet.children).circuit
        told = {circuit.index[(answer.fact, answer.child)]: answer.value for answer in sheet.answers}
        return circuit, told, stand(circuit, self.vocabulary, sheet, _moment(on)).mentioned

    def reason(self, sheet: Sheet, on: date) -> Reason | None:
        """Why the next question is asked; None when nothing is left to ask."""
        search = self.searching(on, sheet.children)
        standing = stand(search.circuit, self.vocabulary, sheet, _moment(on))
        return reason(self.vocabulary, search, standing, self.decide(sheet, on))

    def searching(self, on: date, children: int) -> Search:
        """The search over the rows in force on a day, for so many children (one, while none is known of)."""
        return self._compiled(self.in_force(on), max(1, children))

    def in_force(self, on: date) -> tuple[Row, ...]:
        """The rows of a day, by the calendar of China."""
        day = on.astimezone(CHINA).date() if isinstance(on, datetime) else on
        return tuple(row for row in self.rows if row.valid(day))

    def _compile(self, rows: tuple[Row, ...], children: int) -> Search:
        circuit = compile_circuit(self.vocabulary, rows, children)
        return Search(circuit, self.combiner, Oracle(self.vocabulary, self.combiner, rows, circuit, children))

    def _conclude(self, search: Search, standing: Standing, outcome: Outcome) -> Decision:
        """Everything that follows from a standing: settledness, the next question, and the reasons."""
        kept = search.kept(standing.now, standing.sure, standing.expired)
        settled = not kept and search.settled(standing)
        interview = Interview(self.vocabulary, search)
        question, needed = interview.question(standing, settled=settled), interview.needed(standing, outcome.parts)
        return Decision(
            risk=outcome.risk,
            lead=outcome.parts[0].lead,
            parts=outcome.parts,
            follow_up=self.combiner.follow_up(outcome),
            basis=tuple(dict.fromkeys(cited for row in outcome.rows for cited in row.basis)),
            rows=tuple(row.id for row in outcome.rows),
            nevers=outcome.nevers,
            because=tuple(row.because for row in outcome.rows),
            settled=settled,
            risk_settled=settled or (not kept and search.risk_settled(standing)),
            ask=question or (None if settled else interview.optional(standing)) or needed,
            enough=question is None,
            needed=needed,
            assumed=standing.assumed,
            rules=self.hash,
        )


def _moment(on: date) -> datetime:
    return on if isinstance(on, datetime) else datetime.combine(on, time(), UTC)
