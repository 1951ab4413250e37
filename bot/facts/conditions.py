"""Conditions: facts with the values that fulfil them. Words only, the same form in rows, relevance and exclusions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.facts.document import Item

# Each fact has one of its values: {"divorce": {"considering", "pending"}, "refuses_child": {"both"}}.
Conditions = Mapping[str, frozenset[str]]
# Sets of conditions of which one suffices.
Alternatives = tuple[Conditions, ...]


def alternatives(item: Item, values: Mapping[str, Sequence[str]]) -> Alternatives:
    """A set of conditions, or a list of such sets. `values` names every fact that may be used here and its values."""
    sets = item.items if isinstance(item.value, tuple) else (item,)
    return tuple(conditions(one, values) for one in sets)


def fulfilled(wanted: Alternatives, known: Mapping[str, str]) -> bool:
    """Whether these values fulfil one of the sets; a fact that is not known fulfils nothing."""
    return any(all(known.get(fact) in values for fact, values in one.items()) for one in wanted)


def conditions(item: Item, values: Mapping[str, Sequence[str]]) -> Conditions:
    """One set of conditions. Raises `UnknownWordError` for a fact or value nobody declared, `RuleFileError` when empty."""
    if not item.table:
        item.fail("at least one condition is expected here")
    return {_fact(name, wanted, values): _values(name, wanted, values) for name, wanted in item.table.items()}


def _fact(name: str, item: Item, values: Mapping[str, Sequence[str]]) -> str:
    return Item(name, item.where).known("fact", values)


def _values(name: str, wanted: Item, values: Mapping[str, Sequence[str]]) -> frozenset[str]:
    return frozenset(word.known(f"value of {name}", values[name]) for word in wanted.words)
