"""Proofs over the whole space of facts: every sheet there can be, as one formula, asked by a SAT solver.

`formula.py` is logic alone, `answers.py` what a family said, `side.py` what rules make of it, `space.py` the questions one can ask
of one sheet, of two, or of one under two rule bases; `family.py` turns an answer back into a family somebody can picture.
"""

from bot.workbench.proof.family import Family
from bot.workbench.proof.space import Space

__all__ = ["Family", "Space"]
