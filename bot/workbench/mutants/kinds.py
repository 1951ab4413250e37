"""The mistakes that are tried: each thing a row says is left out, softened or swapped, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.decisions import Policy
from bot.decisions.risk import Risk
from bot.decisions.row import PartRule, Row
from bot.decisions.words import OPERATOR
from bot.facts import Fact
from bot.facts.conditions import Alternatives, Conditions
from bot.workbench.mutants.mutant import Mutant

EMPTY = "at least one condition is expected here"
NO_RELEVANCE = "'relevant_when' and 'otherwise' belong together"


def all_mutants(policy: Policy, day: date) -> list[Mutant]:
    """Every mutant of every row in force on a day, then those of the facts' relevance."""
    rows, vocabulary = policy.in_force(day), policy.vocabulary
    times = sorted({p.act_within for row in rows for p in row.parts if p.act_within is not None})
    values = {fact.name: fact.values for fact in vocabulary.facts.values()}
    of_row: Sequence[Callable[[Row], Iterator[Mutant]]] = (
        _removed,
        _risk_lowered,
        lambda row: _conditions(row, values),
        _lead_swapped,
        lambda row: _time_lengthened(row, times),
        _never_removed,
        _also_dropped,
    )
    found = [mutant for row in rows for kind in of_row for mutant in kind(row)]
    return [*found, *(mutant for fact in vocabulary.facts.values() for mutant in _relevance_narrowed(fact))]


KINDS = (
    "row removed", "risk lowered", "condition dropped", "condition widened", "condition narrowed", "alternative dropped",
    "lead swapped", "time lengthened", "never removed", "also dropped", "relevance narrowed",
)  # fmt: skip


def _changed(kind: str, row: Row, said: str, new: Row | None, refused: str | None = None) -> Mutant:
    return Mutant(kind, f"{row.id}: {said}", row.where, row=row, new=new, refused=refused)


def _removed(row: Row) -> Iterator[Mutant]:
    yield _changed("row removed", row, "the row removed, with every mention of it", None)


def _risk_lowered(row: Row) -> Iterator[Mutant]:
    if row.risk > Risk.NONE:
        lower = Risk(row.risk - 1)
        yield _changed("risk lowered", row, f"{row.risk.word} → {lower.word}", replace(row, risk=lower))


def _conditions(row: Row, values: Mapping[str, Sequence[str]]) -> Iterator[Mutant]:
    for number, conditions in enumerate(row.when):
        which = f" no. {number + 1}" if len(row.when) > 1 else ""
        for kind, said, one in _changed_conditions(conditions, values):
            refused = None if one else EMPTY
            yield _changed(
                kind, row, f"when{which} {said}", replace(row, when=_instead(row.when, number, one)), refused
            )
        if len(row.when) > 1:
            fewer = (*row.when[:number], *row.when[number + 1 :])
            yield _changed("alternative dropped", row, f"without when{which}", replace(row, when=fewer))


def _changed_conditions(
    conditions: Conditions, values: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str, Conditions]]:
    """Each condition left out, and with one value more or less; what was done, and the set of conditions then."""
    for name, wanted in conditions.items():
        yield "condition dropped", f"without {name}", {n: w for n, w in conditions.items() if n != name}
        for value in values[name]:
            if value not in wanted:
                yield "condition widened", f"{name} also {value}", {**conditions, name: wanted | {value}}
            elif len(wanted) > 1:
                yield "condition narrowed", f"{name} not {value}", {**conditions, name: wanted - {value}}


def _instead(when: Alternatives, number: int, one: Conditions) -> Alternatives:
    return (*when[:number], one, *when[number + 1 :])


def _lead_swapped(row: Row) -> Iterator[Mutant]:
    """The lead is only told, and the first of those told leads."""
    for number, part in enumerate(row.parts):
        lead = min(part.also - {part.lead}, default=OPERATOR)
        also = (part.also | {part.lead}) - {lead}
        if lead != part.lead:
            said = f"{part.for_whom}: {lead} leads, not {part.lead}"
            yield _changed("lead swapped", row, said, _with_part(row, number, replace(part, lead=lead, also=also)))


def _time_lengthened(row: Row, times: Sequence[int]) -> Iterator[Mutant]:
    """To the next longer time that some row gives, else to twice as long."""
    for number, part in enumerate(row.parts):
        if part.act_within is not None:
            longer = next((t for t in times if t > part.act_within), 2 * part.act_within or 60)
            said = f"{part.for_whom}: {longer} minutes, not {part.act_within}"
            yield _changed("time lengthened", row, said, _with_part(row, number, replace(part, act_within=longer)))


def _never_removed(row: Row) -> Iterator[Mutant]:
    for word in sorted(row.never):
        yield _changed("never removed", row, f"without never {word}", replace(row, never=row.never - {word}))


def _also_dropped(row: Row) -> Iterator[Mutant]:
    for number, part in enumerate(row.parts):
        for service in sorted(part.also):
            said = f"{part.for_whom}: {service} is not told"
            fewer = replace(part, also=part.also - {service})
            yield _changed("also dropped", row, said, _with_part(row, number, fewer))


def _with_part(row: Row, number: int, part: PartRule) -> Row:
    return replace(row, parts=(*row.parts[:number], part, *row.parts[number + 1 :]))


def _relevance_narrowed(fact: Fact) -> Iterator[Mutant]:
    """A value that opens the fact opens it no longer."""
    for number, conditions in enumerate(fact.relevant_when):
        for name, wanted in conditions.items():
            for value in sorted(wanted):
                fewer = {**conditions, name: wanted - {value}} if len(wanted) > 1 else {}
                sets = _instead(fact.relevant_when, number, fewer)
                sets = tuple(one for one in sets if one)
                said = f"{fact.name} is not asked for {name}: {value}"
                refused = None if sets else NO_RELEVANCE
                yield Mutant("relevance narrowed", said, fact.where, fact=fact.name, relevance=sets, refused=refused)
