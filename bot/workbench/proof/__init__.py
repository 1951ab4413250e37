"""Proofs over the whole space of facts: every sheet there can be, as one formula, asked by a SAT solver.

`formula.py` is logic alone, `side.py` one sheet and what the rules make of it, `space.py` the questions one can ask of one sheet or
of two, `family.py` turns an answer back into a family somebody can picture.
"""

from bot.workbench.proof.family import Family
from bot.workbench.proof.space import Space

__all__ = ["Family", "Space"]
