"""DMN 1.3: one decision with one decision table, hit policy COLLECT.

Input entries are FEEL: `"yes"`, or `? in ("yes", "unknown")`, which engines that evaluate FEEL as Python read as well.
Output entries are JSON, which is FEEL too. The note for people is the rule's description (the annotation column of most editors:
the `annotation` element of DMN 1.3 is refused by SpiffWorkflow 3.2); what must come back exactly is in `extensionElements`.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from typing import Any

from bot.workbench.foreign import cells
from bot.workbench.foreign.rules import OUTPUTS, Gathering, Rule, note, rules
from bot.workbench.foreign.table import ForeignTableError, Table

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
OURS = "https://rightdoor.invalid/dmn"  # a name, not an address
# DMN 1.1 to 1.5 have the same tables under these names.
_FAMILY = ("http://www.omg.org/spec/DMN/", "https://www.omg.org/spec/DMN/")
_TYPES = {"parts": "Any", "never": "Any"}


def write(table: Table) -> str:
    """The table as DMN XML."""
    ET.register_namespace("", DMN)
    ET.register_namespace("rightdoor", OURS)
    root = _element(None, "definitions", id=f"rightdoor_{table.name}", name=table.name, namespace=OURS)
    decision = _element(root, "decision", id=f"decision_{table.name}", name=table.name)
    _beside(decision, table.beside)
    _element(decision, "variable", id=f"variable_{table.name}", name=table.name, typeRef="Any")
    grid = _element(decision, "decisionTable", id=f"table_{table.name}", hitPolicy="COLLECT")
    for fact, values in table.facts.items():
        column = _element(grid, "input", id=f"input_{fact}", label=fact)
        _text(_element(column, "inputExpression", id=f"expression_{fact}", typeRef="string"), fact)
        _text(_element(column, "inputValues", id=f"values_{fact}"), cells.listed(values))
    for name in OUTPUTS:
        _element(grid, "output", id=f"output_{name}", name=name, label=name, typeRef=_TYPES.get(name, "string"))
    for number, (row, when, outputs) in enumerate(rules(table), 1):
        rule = _element(grid, "rule", id=f"rule_{number}")
        _element(rule, "description").text = note(row)
        _beside(rule, row.beside)
        for fact in table.facts:
            _text(_element(rule, "inputEntry", id=f"rule_{number}_input_{fact}"), _unary(when.get(fact)))
        for name in OUTPUTS:
            _text(_element(rule, "outputEntry", id=f"rule_{number}_output_{name}"), outputs[name])
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def read(text: str, file: str) -> Table:
    """The table of a DMN file. Raises `ForeignTableError` with file, place and what was expected."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ForeignTableError("a document type is not accepted; expected plain DMN", file)
    try:
        root = ET.fromstring(text)  # noqa: S314 – entities need a document type, and there is none
    except ET.ParseError as error:
        raise ForeignTableError(f"this is not XML: {error}", file) from error
    space = root.tag.partition("}")[0].lstrip("{")
    if not space.startswith(_FAMILY) or _local(root) != "definitions":
        raise ForeignTableError("expected DMN, a 'definitions' element of 1.1 or later", file)
    tables = [decision for decision in _all(root, "decision") if _all(decision, "decisionTable")]
    if len(tables) != 1:
        raise ForeignTableError(f"{len(tables)} decision tables found; expected one", file)
    decision, grid = tables[0], _all(tables[0], "decisionTable")[0]
    if (policy := grid.get("hitPolicy", "UNIQUE")) != "COLLECT" or grid.get("aggregation"):
        raise ForeignTableError(
            f"hit policy {policy} found; expected COLLECT without aggregation", file, "decision table"
        )
    inputs = [(_name(column, file), _values(column, file)) for column in _all(grid, "input")]
    outputs = [column.get("name") or column.get("label") or "" for column in _all(grid, "output")]
    name = decision.get("name") or decision.get("id") or "table"
    gathering = Gathering(file, dict(inputs))
    return gathering.table(name, _kept(decision), _rules(grid, [fact for fact, _ in inputs], outputs, file))


def _rules(grid: ET.Element, facts: list[str], outputs: list[str], file: str) -> Iterator[Rule]:
    for number, rule in enumerate(_all(grid, "rule"), 1):
        entries = [[_said(one) for one in _all(rule, kind)] for kind in ("inputEntry", "outputEntry")]
        for found, columns, kind in zip(entries, (facts, outputs), ("input", "output"), strict=True):
            if len(found) != len(columns):
                message = f"{len(found)} {kind} entries found; expected {len(columns)}, one a column"
                raise ForeignTableError(message, file, f"rule {number}")
        pairs = [
            dict(zip(columns, found, strict=True)) for columns, found in zip((facts, outputs), entries, strict=True)
        ]
        yield Rule(number, pairs[0], pairs[1], _extension(rule))


def _unary(values: tuple[str, ...] | None) -> str:
    if values is None:
        return "-"
    return cells.listed(values) if len(values) == 1 else f"? in ({cells.listed(values)})"


def _element(parent: ET.Element | None, kind: str, /, **attributes: str) -> ET.Element:
    tag = f"{{{DMN}}}{kind}"
    return ET.Element(tag, attributes) if parent is None else ET.SubElement(parent, tag, attributes)


def _text(parent: ET.Element, text: str) -> None:
    _element(parent, "text").text = text


def _beside(parent: ET.Element, content: Mapping[str, Any]) -> None:
    kept = ET.SubElement(_element(parent, "extensionElements"), f"{{{OURS}}}beside")
    kept.text = json.dumps(content, ensure_ascii=False)


def _extension(parent: ET.Element) -> str | None:
    found = parent.find(f"./*/{{{OURS}}}beside")
    return None if found is None else found.text


def _kept(parent: ET.Element) -> Mapping[str, Any]:
    """What travels beside the table; nothing when an editor dropped it."""
    try:
        found = json.loads(_extension(parent) or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _all(parent: ET.Element, name: str) -> list[ET.Element]:
    return [child for child in parent if _local(child) == name]


def _said(parent: ET.Element) -> str | None:
    texts = _all(parent, "text")
    return texts[0].text if texts else None


def _name(column: ET.Element, file: str) -> str:
    expressions = _all(column, "inputExpression")
    said = (_said(expressions[0]) if expressions else None) or column.get("label") or ""
    if not said.strip().isidentifier():
        raise ForeignTableError(f"{said!r:.80} found; expected the name of a fact", file, "input expression")
    return said.strip()


def _values(column: ET.Element, file: str) -> tuple[str, ...]:
    found = _all(column, "inputValues")

    def fail(message: str) -> Any:  # noqa: ANN401 – never returns
        raise ForeignTableError(message, file, f"allowed values of {column.get('label', 'an input')}")

    return (cells.wanted(_said(found[0]), (), fail) if found else None) or ()
