"""Rows and the rules of a foreign table: one rule a set of conditions, put together again by the id of the row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from bot.decisions.risk import BY_WORD
from bot.workbench.foreign import cells
from bot.workbench.foreign.table import CELLS, ForeignTableError, Table, TableRow, When

OUTPUTS = ("row", *CELLS)
EMPTY = {"follow_up": "", "never": []}
_EXPECTED = {
    "row": 'the id of a row, such as "R01"',
    "risk": f"one of {cells.listed(tuple(BY_WORD))}",
    "parts": 'a list such as [{"for": "child", "lead": "village_worker", "first_action": "visit_home"}]',
    "follow_up": 'the name of a follow-up plan, or ""',
    "never": 'a list of words, such as ["mediation"]',
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as its file has it: cells by input and by output, and what travels beside it (JSON), if it is there."""

    number: int
    inputs: Mapping[str, str | None]
    outputs: Mapping[str, str | None]
    beside: str | None = None


def rules(table: Table) -> Iterator[tuple[TableRow, When, Mapping[str, str]]]:
    """For each row and set of conditions: the row, the conditions, and the output cells."""
    for row in table.rows:
        outputs = {"row": row.id, **EMPTY, **row.then}
        written = {name: cells.written(outputs[name]) for name in OUTPUTS}
        for when in row.when:
            yield row, when, written


def note(row: TableRow) -> str:
    """A row for a person who looks at the table elsewhere: `R01 Divorcing couple …: Divorce releases … (民法典#1084)`."""
    title, because = (row.beside.get(key, {}) for key in ("title", "because"))
    basis = row.beside.get("basis", [])
    cited = ", ".join([basis] if isinstance(basis, str) else basis)
    lines = [f"{title.get(language, '')}: {because.get(language, '')}" for language in ("zh", "en")]
    return f"{row.id} {' / '.join(lines)} ({cited})"


@dataclass(slots=True)
class Gathering:
    """Rules of a file on their way to rows. `file` is how messages name it, `known` the values of each input."""

    file: str
    known: Mapping[str, Sequence[str]]
    rows: dict[str, TableRow] = field(default_factory=dict)

    def table(self, name: str, beside: Mapping[str, Any], rules: Iterable[Rule]) -> Table:
        """The table. Raises `ForeignTableError` for the first rule that is not one of ours."""
        for rule in rules:
            self._add(rule)
        if not self.rows:
            raise ForeignTableError("there is no rule; expected at least one", self.file)
        used = {fact for row in self.rows.values() for one in row.when for fact in one}
        facts = {fact: tuple(values) for fact, values in self.known.items() if fact in used}
        return Table(name, beside, facts, tuple(self.rows.values()))

    def _add(self, rule: Rule) -> None:
        said = {name: self._output(rule, name) for name in OUTPUTS}
        when = self._when(rule)
        name = said.pop("row")
        if not isinstance(name, str):
            self._fail(rule, "output 'row'", f"expected {_EXPECTED['row']}")
        then = {key: content for key, content in said.items() if content is not None}
        row = TableRow(name, (when,), then, self._beside(rule))
        if (earlier := self.rows.get(name)) is not None:
            if earlier.then != then:
                self._fail(rule, f"row {name}", "says something else than the earlier rule of that row")
            row = TableRow(name, (*earlier.when, when), then, earlier.beside or row.beside)
        self.rows[name] = row

    def _output(self, rule: Rule, name: str) -> Any:  # noqa: ANN401 – a word, a list, a table
        if name not in rule.outputs and name not in EMPTY:
            self._fail(rule, f"output {name!r}", f"is missing; expected {_EXPECTED[name]}")

        def fail(message: str) -> NoReturn:
            self._fail(rule, f"output {name!r}", message)

        content = cells.value(rule.outputs.get(name), _EXPECTED[name], fail)
        if not _fits(name, content):
            fail(f"{content!r:.80} found; expected {_EXPECTED[name]}")
        return content

    def _when(self, rule: Rule) -> When:
        when: dict[str, tuple[str, ...]] = {}
        for name, cell in rule.inputs.items():

            def fail(message: str, name: str = name) -> NoReturn:
                self._fail(rule, f"input {name!r}", message)

            if (values := cells.wanted(cell, self.known.get(name, ()), fail)) is not None:
                when[name] = values
        if not when:
            self._fail(rule, "inputs", "at least one condition is expected; this rule holds for everybody")
        return when

    def _beside(self, rule: Rule) -> Mapping[str, Any]:
        if not rule.beside:
            return {}
        try:
            found = json.loads(rule.beside)
        except (ValueError, RecursionError):
            self._fail(rule, "what travels beside it", "is no longer JSON; remove it, or export again")
        return found if isinstance(found, dict) else {}

    def _fail(self, rule: Rule, place: str, message: str) -> NoReturn:
        raise ForeignTableError(message, self.file, f"rule {rule.number}, {place}")


def _fits(name: str, content: object) -> bool:
    if content is None:
        return name in EMPTY
    if name == "risk":
        return content in BY_WORD if isinstance(content, str) else False
    if name in ("row", "follow_up"):
        return isinstance(content, str)
    if name == "never":
        return isinstance(content, str) or (
            isinstance(content, list) and all(isinstance(word, str) for word in content)
        )
    return isinstance(content, list) and all(isinstance(part, dict) for part in content)
