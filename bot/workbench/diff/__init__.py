"""`rightdoor diff OLD NEW`: exactly which families two rule bases decide differently.

**A family** is a truth: every fact, of the family and of one child, has exactly one of its values. There are as many families
as combinations, about 1e36 for sixty rows; all of them are compared, none is sampled, and a share is one of combinations, not of
people. What each rule base decides about is what its own interview records of the truth: walking through the facts in their
order, a fact that is relevant by what was recorded so far has its true value; one that is not counts as its `otherwise`. A
family that either rule base excludes (`never_together` holds of what it records) is left out; when only one of them does, a note
says how many. So an edited relevance shows wherever it changes a decision.

**What is compared**: risk; the nevers; for each part its lead (or that there is none), risk, time, first action and who is told;
the follow-up plan. Not compared: reasons, basis, titles, which question comes next. Rows and facts that were edited are listed
all the same.

**Facts that differ.** A fact of one side has every value there, and the other side does not look at it. Of a fact that both have
the values that both have are compared: what a rule base without the word would have recorded nobody can say. Both are noted.

**Limits.** A family has one child here: decisions about several children add up, so they differ only where a child's does, but
for rows of equal risk that share a part and can hold only of different children. And nobody mentions anything beside the
answers: a cue in words makes a fact relevant that the interview skips. For that, and whatever else is told unasked,
`volunteered` compares once more with every fact answered, relevant or not; it is looked at whenever nothing else differs.

How: diagrams (BDDs, OxiDD), one per output, never one for all; see `ladder`, `difference`, `order`. Each example is found in the
diagrams and then confirmed by the engine that serves families.
"""

from __future__ import annotations

from datetime import date

from bot.decisions import Policy
from bot.workbench.diff.comparison import Comparison
from bot.workbench.diff.report import show, to_json
from bot.workbench.diff.source import Source, source

__all__ = ["Comparison", "Source", "compare", "newest", "show", "source", "to_json"]


def compare(old: Policy, new: Policy, on: date | None = None) -> Comparison:
    """What two rule bases decide differently on a day, the day on which all their rows have come into force by default.

    When no interview leads to a difference, what is told unasked is compared as well (`Comparison.volunteered`).
    """
    day = on or newest(old, new)
    asked = Comparison(old, new, day)
    return asked if asked.groups else _either(asked, Comparison(old, new, day, volunteered=True))


def newest(old: Policy, new: Policy) -> date:
    """The day on which the last row of either comes into force."""
    return max((row.valid_from for row in (*old.rows, *new.rows)), default=date.min)


def _either(asked: Comparison, told: Comparison) -> Comparison:
    return told if told.groups else asked
