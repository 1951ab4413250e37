"""Safeguards and the placement ladder, taken from a rule base that has them.

This is the one place that knows their shape: a safeguard has `id`, `says` (both languages) and `where`; what it says exactly is
shown as its author wrote it. Whatever else a rule base keeps under `placement` is shown by its own fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from bot.decisions.rulebase import RuleBase
from bot.errors import Where
from bot.workbench.texts import LANGUAGES


@dataclass(frozen=True, slots=True)
class Entry:
    """Something written in a file of its own: what it says in words, and exactly as its author wrote it."""

    id: str
    says: tuple[Mapping[str, str], ...]
    written: str
    where: Where | None


def safeguards(base: RuleBase, rules: Path) -> tuple[Entry, ...]:
    """What must hold of all of the policy; empty while the rule base has none."""
    return tuple(_entries(getattr(base, "safeguards", ()), rules))


def placement(base: RuleBase, rules: Path) -> tuple[Entry, ...]:
    """The ladder of places for a child, from the first choice to the last; empty while the rule base has none."""
    return tuple(_entries(getattr(base, "placement", ()), rules))


def _entries(found: object, rules: Path) -> Iterator[Entry]:
    values: Iterable[Any] = found.values() if isinstance(found, Mapping) else found if isinstance(found, tuple) else ()
    for number, one in enumerate(values, 1):
        where = getattr(one, "where", None)
        said = tuple(_said(one))
        yield Entry(str(getattr(one, "id", number)), said, _written(where, rules) if where else "", where)


def _said(one: object) -> Iterator[Mapping[str, str]]:
    """Every text in both languages."""
    values = [getattr(one, f.name) for f in fields(one)] if is_dataclass(one) else list(vars(one).values())
    yield from (value for value in values if isinstance(value, Mapping) and set(value) == set(LANGUAGES))


def _written(where: Where, rules: Path) -> str:
    """The lines of the file from where the entry begins to where the next one does."""
    file = rules.parent / where.file if not Path(where.file).is_absolute() else Path(where.file)
    if not file.is_file() or not where.line:
        return ""
    first, *rest = file.read_text(encoding="utf-8").splitlines()[where.line - 1 :]
    indent = len(first) - len(first.lstrip())
    lines = [first]
    for line in rest:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        lines.append(line)
    return "\n".join(line[indent:] for line in lines).rstrip()
