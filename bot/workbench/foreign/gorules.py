"""GoRules' JSON decision model: request → one decision table, hit policy *collect* → response.

Columns are called what facts are called; a cell is `"yes", "unknown"`, an empty one accepts anything. `_description` is the note
for people, `_rightdoor` what must come back exactly, JSON in a string because a rule holds strings only. Allowed values stand
in a column's `values`, which the engine passes over: a decision table of GoRules has no place of its own for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from bot.workbench.foreign import cells
from bot.workbench.foreign.rules import OUTPUTS, Gathering, Rule, note, rules
from bot.workbench.foreign.table import ForeignTableError, Table

CONTENT = "application/vnd.gorules.decision"
_BESIDE = "_rightdoor"


def write(table: Table) -> str:
    """The table as JSON."""
    content = {
        "hitPolicy": "collect",
        "passThrough": False,
        "inputField": None,
        "outputPath": None,
        "executionMode": "single",
        "inputs": [
            {"id": fact, "name": fact, "field": fact, "type": "expression", "values": list(values)}
            for fact, values in table.facts.items()
        ],
        "outputs": [{"id": name, "name": name, "field": name, "type": "expression"} for name in OUTPUTS],
        "rules": [
            {
                "_id": f"rule_{number}",
                "_description": note(row),
                _BESIDE: json.dumps(row.beside, ensure_ascii=False),
                **{fact: cells.listed(when[fact]) if fact in when else "" for fact in table.facts},
                **outputs,
            }
            for number, (row, when, outputs) in enumerate(rules(table), 1)
        ],
    }
    return json.dumps(_around(table, content), ensure_ascii=False, indent=2) + "\n"


def _around(table: Table, content: dict[str, Any]) -> dict[str, Any]:
    """The graph that holds the table."""
    kinds: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("request", "inputNode", {}),
        (table.name, "decisionTableNode", content),
        ("response", "outputNode", {}),
    )
    nodes = [
        {"id": f"node_{name}", "name": name, "type": kind, "position": {"x": 100 + 300 * n, "y": 100}, "content": held}
        for n, (name, kind, held) in enumerate(kinds)
    ]
    ids = [node["id"] for node in nodes]
    edges = [
        {"id": f"edge_{n}", "type": "edge", "sourceId": one, "targetId": other}
        for n, (one, other) in enumerate(pairwise(ids), 1)
    ]
    return {"contentType": CONTENT, "nodes": nodes, "edges": edges, _BESIDE: dict(table.beside)}


def read(text: str, file: str) -> Table:
    """The table of a JSON decision model. Raises `ForeignTableError` with file, place and what was expected."""
    try:
        model = json.loads(text)
    except ValueError as error:
        raise ForeignTableError(f"this is neither XML nor JSON: {error}", file) from error
    except RecursionError as error:
        raise ForeignTableError("this is nested too deeply to be a table", file) from error
    nodes = [node for node in _list(model, "nodes", file) if isinstance(node, dict)]
    tables = [node for node in nodes if node.get("type") == "decisionTableNode"]
    if len(tables) != 1:
        raise ForeignTableError(f"{len(tables)} decision tables found; expected one", file, "nodes")
    name, content = str(tables[0].get("name") or "table"), tables[0].get("content")
    place = f"table {name!r}"
    if not isinstance(content, dict) or content.get("hitPolicy") != "collect":
        found = content.get("hitPolicy") if isinstance(content, dict) else None
        raise ForeignTableError(f"hit policy {found} found; expected collect", file, place)
    inputs, outputs = (_columns(content, kind, file) for kind in ("inputs", "outputs"))
    known = {str(column["field"]): _values(column) for column in inputs}
    beside = model.get(_BESIDE)
    gathering = Gathering(file, known)
    return gathering.table(name, beside if isinstance(beside, dict) else {}, _rules(content, inputs, outputs, file))


def _rules(
    content: dict[str, Any], inputs: list[dict[str, Any]], outputs: list[dict[str, Any]], file: str
) -> Iterator[Rule]:
    for number, rule in enumerate(_list(content, "rules", file), 1):
        if not isinstance(rule, dict) or not all(isinstance(cell, str) for cell in rule.values()):
            raise ForeignTableError("expected an object of strings", file, f"rule {number}")
        cells_of = [
            {str(column["field"]): rule.get(column["id"]) for column in columns} for columns in (inputs, outputs)
        ]
        yield Rule(number, cells_of[0], cells_of[1], rule.get(_BESIDE))


def _list(holder: object, key: str, file: str) -> list[Any]:
    found = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(found, list):
        raise ForeignTableError("a list is expected here", file, f"{key!r}")
    return found


def _columns(content: dict[str, Any], kind: str, file: str) -> list[dict[str, Any]]:
    columns = _list(content, kind, file)
    for number, column in enumerate(columns, 1):
        if not isinstance(column, dict) or not column.get("id") or not str(column.get("field", "")).isidentifier():
            raise ForeignTableError(
                "expected an id, and the name of a fact or output as field", file, f"{kind} {number}"
            )
    return columns


def _values(column: dict[str, Any]) -> tuple[str, ...]:
    values = column.get("values")
    return tuple(str(value) for value in values) if isinstance(values, list) else ()
