"""What changes the meaning of a cue: it is denied, supposed, of another time, somebody else's, asked about or quoted.

After ConText (Harkema et al. 2009): words open a scope that reaches so far, other words end it, and words that only look like a
denial are taken out first. A denial reaches some characters ahead in its clause; what is supposed, past or somebody else's reaches
the whole clause and the next one, a question its clause, quotation marks what is between them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.facts.phrases import CLAUSE

_QUOTED = re.compile("[“「『][^”」』]*[”」』]")
_ASKS = ("?", "？")
_ENDS = ("。", "！", "？", ".", "!", "?", "\n")

Run = tuple[int, int]  # from one character to before another


class Scope(StrEnum):
    """Why a cue decides nothing."""

    DENIED = "denied"
    SUPPOSED = "supposed"
    PAST = "past"
    OTHERS = "others"
    ASKED = "asked"
    QUOTED = "quoted"


# What scope.yml has phrases for: the scopes but for quotation marks, and what ends or bars them.
ASSERTS, NOW, SEEKING, TURNS = "asserts", "now", "seeking", "turns"
KINDS = (ASSERTS, Scope.DENIED, Scope.SUPPOSED, Scope.PAST, NOW, Scope.ASKED, SEEKING, Scope.OTHERS, TURNS)
_REACHING = (Scope.SUPPOSED, Scope.PAST, Scope.OTHERS)


@dataclass(frozen=True, slots=True)
class Modifier:
    """A scope that a cue stands in, and where the words are that opened it (characters)."""

    scope: Scope
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """Where a cue stands, and the parts of it that were gaps."""

    start: int
    end: int
    gaps: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Scoped:
    """One text and where words of scope stand in it; a denial reaches `reach` characters ahead."""

    text: str
    reach: int
    clauses: Sequence[Run]
    quotes: Sequence[Run]
    marks: Mapping[str, Sequence[Run]]

    @classmethod
    def of(cls, text: str, reach: int, marks: Mapping[str, Iterable[Run]]) -> Scoped:
        """A text made ready once, however many cues it has; `marks` are the words found, by kind."""
        kept = {kind: _apart(marks.get(kind, ())) for kind in KINDS}
        # In 不要离婚 the denial of 要离婚 is 不, though 不要 is one too: all of them are kept.
        kept[Scope.DENIED] = [run for run in sorted(marks.get(Scope.DENIED, ())) if not _overlaps(run, kept[ASSERTS])]
        clauses = tuple(clause.span() for clause in CLAUSE.finditer(text)) or ((0, len(text)),)
        return cls(text, reach, clauses, tuple(quoted.span() for quoted in _QUOTED.finditer(text)), kept)

    def around(self, cue: Span) -> tuple[Modifier, ...]:
        """Every scope that a cue stands in; none where it is asserted and of now. Cost: its clause and the one before."""
        here = max(0, bisect_right(self.clauses, (cue.start, len(self.text))) - 1)
        clause = self.clauses[here]
        return (
            *self._denials(cue, clause),
            *self._reaching(cue, clause, self.clauses[here - 1] if here else None),
            *self._questions(cue, clause),
            *(Modifier(Scope.QUOTED, start, end) for start, end in self.quotes if start < cue.start < end),
        )

    def _within(self, kind: str, start: int, end: int) -> Iterator[Run]:
        """The words of a kind that stand wholly between two characters."""
        runs = self.marks[kind]
        for at in range(bisect_left(runs, (start, 0)), len(runs)):
            if runs[at][0] >= end:
                return
            if runs[at][1] <= end:
                yield runs[at]

    def _denials(self, cue: Span, clause: Run) -> Iterator[Modifier]:
        # Something else may begin without a comma: 以前没打过现在天天打我.
        anew = (end for kind in (TURNS, NOW) for _, end in self._within(kind, clause[0], cue.start))
        begins = max(anew, default=clause[0])
        for start, end in ((max(begins, cue.start - self.reach), cue.start), *cue.gaps):
            for denial in _apart(self._within(Scope.DENIED, start, end)):
                yield Modifier(Scope.DENIED, *denial)

    def _reaching(self, cue: Span, clause: Run, before: Run | None) -> Iterator[Modifier]:
        """What is supposed, past or others' in the cue's clause or in the one before; what is of now is not past."""
        of_now = any(self._within(NOW, *clause))
        reaches_on = before is not None and self._goes_on(before, clause[0], cue.start)
        for scope in _REACHING:
            if scope is Scope.PAST and of_now:
                continue
            if before and reaches_on:
                yield from (Modifier(scope, *run) for run in self._within(scope, *before))
            yield from (Modifier(scope, *run) for run in self._within(scope, *clause) if not _inside(run, cue))

    def _goes_on(self, before: Run, start: int, end: int) -> bool:
        """Whether no sentence ends after a clause, and nothing begins anew from `start` to `end`."""
        ended = self.text[slice(*before)].rstrip().endswith(_ENDS)
        return not ended and not any(self._within(TURNS, start, end))

    def _questions(self, cue: Span, clause: Run) -> Iterator[Modifier]:
        for run in self._within(Scope.ASKED, *clause):
            if not _inside(run, cue):
                yield Modifier(Scope.ASKED, *run)
        said = self.text[slice(*clause)].rstrip()
        if said.endswith(_ASKS) and not any(self._within(SEEKING, *clause)):
            yield Modifier(Scope.ASKED, clause[0] + len(said) - 1, clause[0] + len(said))


def _apart(runs: Iterable[Run]) -> list[Run]:
    """The runs that do not overlap a longer one that begins no later, in order."""
    kept: list[Run] = []
    for run in sorted(runs, key=lambda run: (run[0], -run[1])):
        if not kept or run[0] >= kept[-1][1]:
            kept.append(run)
    return kept


def _overlaps(run: Run, others: Sequence[Run]) -> bool:
    """Whether a run shares a character with one of others, which are in order and apart."""
    at = bisect_left(others, (run[1], 0)) - 1
    return at >= 0 and others[at][1] > run[0]


def _inside(run: Run, cue: Span) -> bool:
    """Whether words of scope are the cue's own; what stands in one of its gaps is not."""
    own = cue.start <= run[0] and run[1] <= cue.end
    return own and not any(start <= run[0] and run[1] <= end for start, end in cue.gaps)
