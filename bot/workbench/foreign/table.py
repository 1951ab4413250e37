"""A table between formats: the author's own words, nothing resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import InputError, Where
from bot.facts import Vocabulary
from bot.facts.document import Item, read

# What the cells of a rule carry; everything else of a row travels beside it.
CELLS = ("risk", "parts", "follow_up", "never")
# One set of conditions: each fact has one of these values.
When = Mapping[str, tuple[str, ...]]


class ForeignTableError(InputError):
    """A file that is not a table as we read them: which file, which place, what was expected."""

    def __init__(self, message: str, file: str, place: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message, Where(file))


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row. `then` has the cells, `beside` the other keys of the row as they are written, `then` with further keys included."""

    id: str
    when: tuple[When, ...]
    then: Mapping[str, Any]
    beside: Mapping[str, Any]

    def plain(self) -> dict[str, Any]:
        """The row as a situations file has it."""
        sets = [{fact: _short(values) for fact, values in one.items()} for one in self.when]
        beside = dict(self.beside)
        then = {**self.then, **beside.pop("then", {})}
        title = {"title": beside.pop("title")} if "title" in beside else {}
        return {"id": self.id, **title, "when": sets[0] if len(sets) == 1 else sets, "then": then, **beside}


@dataclass(frozen=True, slots=True)
class Table:
    """A situations file: its name, its keys beside the rows (`valid_from`), the values of each fact used, the rows."""

    name: str
    beside: Mapping[str, Any]
    facts: Mapping[str, tuple[str, ...]]
    rows: tuple[TableRow, ...]

    def plain(self) -> dict[str, Any]:
        """The content of a situations file."""
        return {**self.beside, "situations": [row.plain() for row in self.rows]}


def read_table(path: Path, vocabulary: Vocabulary) -> Table:
    """The table of a situations file whose rules have been loaded, so that everything in it is known to be right."""
    top = dict(read(path).table)
    rows = tuple(_row(item) for item in top.pop("situations").items)
    used = {fact for row in rows for one in row.when for fact in one}
    facts = {name: fact.values for name, fact in vocabulary.facts.items() if name in used}
    return Table(path.stem, {key: _plain(item) for key, item in top.items()}, facts, rows)


def _row(item: Item) -> TableRow:
    fields = dict(item.table)
    when, then = fields.pop("when"), dict(fields.pop("then").table)
    sets = when.items if isinstance(when.value, tuple) else (when,)
    cells = {key: _plain(then.pop(key)) for key in CELLS if key in then}
    beside = {key: _plain(value) for key, value in fields.items() if key != "id"}
    further = {"then": {key: _plain(value) for key, value in then.items()}} if then else {}
    return TableRow(fields["id"].word, tuple(_conditions(one) for one in sets), cells, {**beside, **further})


def _conditions(item: Item) -> When:
    return {fact: tuple(word.word for word in wanted.words) for fact, wanted in item.table.items()}


def _plain(item: Item) -> Any:  # noqa: ANN401 – whatever YAML holds
    if isinstance(item.value, str):
        return item.value
    if isinstance(item.value, tuple):
        return [_plain(one) for one in item.value]
    return {key: _plain(value) for key, value in item.value.items()}


def _short(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
