"""What changes the meaning of a cue: it is denied, supposed, of another time, somebody else's, asked about or quoted.

After ConText (Harkema et al. 2009): words open a scope that reaches so far, other words end it, and words that only look like a
denial are taken out first. A denial reaches some characters ahead in its clause; what is supposed, past or somebody else's reaches
the whole clause and the next one, a question its clause, quotation marks what is between them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.facts.document import Item
from bot.facts.phrases import CLAUSE, blanked, phrases, words

KEYS = ("asserts", "denied", "reach", "supposed", "past", "now", "asked", "seeking", "others", "turns")
_QUOTED = re.compile("[“「『][^”」』]*[”」』]")
_ASKS = ("?", "？")
_ENDS = ("。", "！", "？", ".", "!", "?", "\n")


class Scope(StrEnum):
    """Why a cue decides nothing."""

    DENIED = "denied"
    SUPPOSED = "supposed"
    PAST = "past"
    OTHERS = "others"
    ASKED = "asked"
    QUOTED = "quoted"


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
    gaps: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class Scoping:
    """One language's words of scope. `reach` is how many characters ahead a denial reaches."""

    asserts: re.Pattern[str]
    denied: re.Pattern[str]
    reach: int
    reaching: Mapping[Scope, re.Pattern[str]]
    now: re.Pattern[str]
    asked: re.Pattern[str]
    seeking: re.Pattern[str]
    turns: re.Pattern[str]

    @classmethod
    def of(cls, item: Item, gap: int, *, spaced: bool) -> Scoping:
        """One language of data/lexicon/scope.yml. Raises `RuleFileError` for a key that is missing or unknown."""
        fields = item.fields(KEYS, required=KEYS)
        found = {key: phrases(fields[key].items, gap, spaced=spaced) for key in KEYS if key not in ("reach", "denied")}
        return cls(
            asserts=found["asserts"],
            denied=words(fields["denied"].items, spaced=spaced),
            reach=fields["reach"].number,
            reaching={Scope(kind): found[kind] for kind in (Scope.SUPPOSED, Scope.PAST, Scope.OTHERS)},
            now=found["now"],
            asked=found["asked"],
            seeking=found["seeking"],
            turns=found["turns"],
        )

    def over(self, text: str) -> Scoped:
        """A text made ready once, however many cues it has."""
        clauses = tuple(clause.span() for clause in CLAUSE.finditer(text))
        return Scoped(
            self, text, blanked(self.asserts, text), clauses, tuple(quoted.span() for quoted in _QUOTED.finditer(text))
        )


@dataclass(frozen=True, slots=True)
class Scoped:
    """One text: `plain` is without what only looks like a denial, `clauses` and `quotes` are spans."""

    by: Scoping
    text: str
    plain: str
    clauses: Sequence[tuple[int, int]]
    quotes: Sequence[tuple[int, int]]

    def around(self, cue: Span) -> tuple[Modifier, ...]:
        """Every scope that a cue stands in; none where it is asserted and of now. Cost: its clause and the one before."""
        here = bisect_right(self.clauses, (cue.start, len(self.text))) - 1
        clause = self.clauses[here]
        return (
            *self._denials(cue, clause),
            *self._reaching(cue, clause, self.clauses[here - 1] if here else None),
            *self._questions(cue, clause),
            *(Modifier(Scope.QUOTED, start, end) for start, end in self.quotes if start < cue.start < end),
        )

    def _denials(self, cue: Span, clause: tuple[int, int]) -> Iterator[Modifier]:
        anew = max((found.end() for found in self._anew(clause[0], cue.start)), default=clause[0])
        for start, end in ((max(anew, cue.start - self.by.reach), cue.start), *cue.gaps):
            for found in self.by.denied.finditer(self.plain, start, end):
                yield Modifier(Scope.DENIED, *found.span())

    def _anew(self, start: int, end: int) -> Iterator[re.Match[str]]:
        """Where something else begins without a comma: 以前没打过现在天天打我."""
        yield from self.by.turns.finditer(self.text, start, end)
        yield from self.by.now.finditer(self.text, start, end)

    def _reaching(self, cue: Span, clause: tuple[int, int], before: tuple[int, int] | None) -> Iterator[Modifier]:
        """What is supposed, past or others' in the cue's clause or in the one before; what is of now is not past."""
        of_now = self.by.now.search(self.text, *clause)
        reaches_on = before is not None and self._goes_on(before, clause[0], cue.start)
        for scope, opening in self.by.reaching.items():
            if scope is Scope.PAST and of_now:
                continue
            if before and reaches_on:
                yield from (Modifier(scope, *found.span()) for found in opening.finditer(self.text, *before))
            for found in opening.finditer(self.text, *clause):
                if not _inside(found, cue):
                    yield Modifier(scope, *found.span())

    def _goes_on(self, before: tuple[int, int], start: int, end: int) -> bool:
        """Whether no sentence ends after a clause, and nothing begins anew from `start` to `end`."""
        ended = self.text[slice(*before)].rstrip().endswith(_ENDS)
        return not ended and not self.by.turns.search(self.text, start, end)

    def _questions(self, cue: Span, clause: tuple[int, int]) -> Iterator[Modifier]:
        for found in self.by.asked.finditer(self.text, *clause):
            if not _inside(found, cue):
                yield Modifier(Scope.ASKED, *found.span())
        said = self.text[slice(*clause)].rstrip()
        if said.endswith(_ASKS) and not self.by.seeking.search(said):
            yield Modifier(Scope.ASKED, clause[0] + len(said) - 1, clause[0] + len(said))


def _inside(found: re.Match[str], cue: Span) -> bool:
    """Whether words of scope are the cue's own; what stands in one of its gaps is not."""
    own = cue.start <= found.start() and found.end() <= cue.end
    return own and not any(start <= found.start() and found.end() <= end for start, end in cue.gaps)
