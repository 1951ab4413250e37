"""Relevance: it hides no danger that the family mentioned.

For every truthful family: a row whose facts all show by what is always asked or by a signal declared on them (`mentioned_by`) is
known of by the end of the interview, or a row at least as grave. An illness that nothing points to is not found by magic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from bot.decisions.proof.answers import Key
from bot.decisions.proof.formula import Literal
from bot.decisions.row import Row
from bot.facts.conditions import Conditions
from bot.workbench.check.claim import Property
from bot.workbench.proof import Family, Space


def no_hidden_dangers(space: Space) -> Iterator[Property]:
    """No row that a truthful family mentions has a risk that the completed interview does not reach."""
    truth, asked = space.then, space.now
    honest, shows = _honest(space), _shows(space)
    for row in space.rows:
        for number, conditions in enumerate(row.when):
            told = [truth.holds(conditions, 0), *(shows[truth.key(fact, 0)] for fact in conditions)]
            broken = (truth.rows[row], truth.possible, honest, *told, -asked.risk_at_least(row.risk))
            yield Property("hidden", (row.id, str(number)), row.where, broken, partial(_said, row, conditions))


def _honest(space: Space) -> Literal:
    """`then` is the whole truth, `now` the completed interview with truthful answers to whatever is relevant."""
    formula, truth, asked = space.formula, space.then, space.now
    parts = [asked.complete()]
    for key in asked.keys:
        parts.append(truth.told[key])
        parts.append(formula.any_of((-asked.told[key], asked.relevant(key))))
        parts.append(formula.same(truth.mentioned[key], asked.mentioned[key]))
        parts += [formula.any_of((-said, truth.answered[key][v])) for v, said in asked.answered[key].items()]
    return formula.all_of(parts)


def _shows(space: Space) -> Mapping[Key, Literal]:
    """For each fact: it is always asked, or one of its declared signals, which show themselves, is true or was heard."""
    truth, formula = space.then, space.formula
    shows: dict[Key, Literal] = {}
    for key in truth.keys:
        fact = truth.fact(key)
        signals = [
            formula.all_of([truth.holds(one, key[1] or 0), *(shows[truth.key(name, key[1] or 0)] for name in one)])
            for one in fact.mentioned_by
        ]
        heard = truth.mentioned[key] if fact.cues else formula.false
        shows[key] = formula.any_of([heard, *signals]) if fact.relevant_when else formula.true
    return shows


def _said(row: Row, conditions: Conditions, family: Family) -> str:
    missing = [name for name in conditions if not any(fact == name for fact, _ in family.answers)]
    return f"{row.id} holds and was mentioned, but {' and '.join(missing) or row.id} is never asked"
