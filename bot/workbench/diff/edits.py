"""What was edited: rows and facts that are new, gone, or written otherwise, whether or not that decides anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from bot.decisions import Policy
from bot.workbench.diff.space import Values

_NOT_POLICY = frozenset({"id", "name", "where"})


@dataclass(frozen=True, slots=True)
class Edits:
    """Names on one side only, and for the others the keys that differ."""

    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]

    def to_json(self) -> dict[str, Any]:
        """`{"only_old": [name], "only_new": [name], "changed": {name: [key]}}`."""
        changed = {name: list(keys) for name, keys in self.changed.items()}
        return {"only_old": list(self.only_old), "only_new": list(self.only_new), "changed": changed}


def row_edits(old: Policy, new: Policy) -> Edits:
    """The rows, in force or not."""
    return _edits({row.id: row for row in old.rows}, {row.id: row for row in new.rows})


def fact_edits(old: Policy, new: Policy) -> Edits:
    """The facts."""
    return _edits(old.vocabulary.facts, new.vocabulary.facts)


def notes(old: Policy, new: Policy, values: Values, excluded_by_one: int) -> tuple[str, ...]:
    """What the reader must know to read the counts rightly, one sentence each."""
    facts = fact_edits(old, new)
    sided = [
        *((name, "OLD", "NEW") for name in facts.only_old),
        *((name, "NEW", "OLD") for name in facts.only_new),
    ]
    said = [f"only {here} knows the fact {name}: {there} is taken not to ask it" for name, here, there in sided]
    for words, here in ((values.only_old, "OLD"), (values.only_new, "NEW")):
        said += [
            f"only {here} knows {name}: {' or '.join(lost)}; families with that value are not compared"
            for name, lost in words.items()
        ]
    if excluded_by_one:
        said.append(f"families that only one side says cannot be are left out: {excluded_by_one}")
    if (
        old.base.words.default_action != new.base.words.default_action
        or old.base.words.default_for != new.base.words.default_for
    ):
        said.append("the default decision, for families for whom no row holds, was edited")
    return tuple(said)


def _edits(old: Mapping[str, Any], new: Mapping[str, Any]) -> Edits:
    changed = {name: _keys(old[name], new[name]) for name in new if name in old}
    return Edits(
        tuple(name for name in old if name not in new),
        tuple(name for name in new if name not in old),
        {name: keys for name, keys in changed.items() if keys},
    )


def _keys(old: Any, new: Any) -> tuple[str, ...]:  # noqa: ANN401 – two rows or two facts
    return tuple(
        field.name
        for field in fields(new)
        if field.name not in _NOT_POLICY and getattr(old, field.name) != getattr(new, field.name)
    )
