"""Other engines, given our tables, say the same rows: for every combination of a table's facts where that can be tried."""

from __future__ import annotations

import json
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import islice, product
from math import prod
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
import SpiffWorkflow.dmn.parser
import zen
from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

from bot.decisions import Policy
from bot.decisions.rulebase import situation_files
from bot.workbench.foreign import Table, export_table
from bot.workbench.foreign.table import read_table

RULES = Path(__file__).parents[3] / "rules"
TABLES = [path.stem for path in situation_files(RULES)]
MOST = 200_000  # combinations; of a larger table so many are drawn
QUICK = 4_000  # in the ordinary tests; the nightly ones try them all
VOCABULARY = Policy.load(RULES).vocabulary

Sheet = Mapping[str, str]
Engine = Callable[[Sheet], frozenset[str]]


def table(name: str) -> Table:
    return read_table(RULES / "situations" / f"{name}.yml", VOCABULARY)


def combinations(table: Table, most: int) -> Iterator[Sheet]:
    """All of them, or so many drawn at random."""
    names, values = tuple(table.facts), tuple(table.facts.values())
    if prod(map(len, values)) <= most:
        yield from (dict(zip(names, chosen, strict=True)) for chosen in product(*values))
        return
    random = Random(1)  # noqa: S311 – a sample, no secret
    yield from islice(({n: random.choice(v) for n, v in table.facts.items()} for _ in iter(int, 1)), most)


def ours(table: Table) -> Engine:
    rows = [(row.id, [tuple(one.items()) for one in row.when]) for row in table.rows]
    return lambda sheet: frozenset(
        name for name, sets in rows if any(all(sheet[fact] in values for fact, values in one) for one in sets)
    )


def spiff(name: str) -> Engine:
    """SpiffWorkflow on our DMN; each of its cells is evaluated once a value, its table for every sheet."""
    root = etree.fromstring(export_table(name, RULES, "dmn").encode())
    parser = DMNParser(None, root, {"dmn": root.nsmap[None]}, filename=f"{name}.dmn")
    parser.parse()
    engine = DMNEngine(parser.decision.decisionTables[0])
    scripts = PythonScriptEngine()
    evaluated = lru_cache(None)(
        lambda fact, value, cell: DMNEngine.evaluate(
            engine, fact, cell, SimpleNamespace(data={fact: value}, workflow=SimpleNamespace(script_engine=scripts))
        )
    )
    engine.evaluate = lambda fact, cell, task: cell is None or evaluated(fact, task.data[fact], cell)

    def run(sheet: Sheet) -> frozenset[str]:
        rules = engine.decide(SimpleNamespace(data=sheet))
        return frozenset(json.loads(rule.outputEntries[0].text) for rule in rules)

    return run


def gorules(name: str) -> Engine:
    decision = zen.ZenEngine().create_decision(export_table(name, RULES, "gorules"))
    decision.validate()

    def run(sheet: Sheet) -> frozenset[str]:
        result = decision.evaluate(dict(sheet))["result"]
        return frozenset(fired["row"] for fired in result) if isinstance(result, list) else frozenset()

    return run


ENGINES = {"spiffworkflow": spiff, "zen-engine": gorules}


def differing(name: str, engine: str, most: int) -> list[Sheet]:
    this = table(name)
    expected, found = ours(this), ENGINES[engine](name)
    return [sheet for sheet in combinations(this, most) if found(sheet) != expected(sheet)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", TABLES)
def test_another_engine_fires_the_same_rows(name: str, engine: str) -> None:
    assert differing(name, engine, QUICK) == []


@pytest.mark.nightly
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", TABLES)
def test_another_engine_fires_the_same_rows_for_every_combination(name: str, engine: str) -> None:
    if (possible := prod(map(len, table(name).facts.values()))) > MOST:
        warnings.warn(f"{name}: {MOST} of {possible} combinations were drawn", stacklevel=1)
    assert differing(name, engine, MOST) == []


@pytest.mark.parametrize("name", TABLES)
def test_what_a_row_says_arrives_in_the_other_engine(name: str) -> None:
    row = table(name).rows[0]
    decision = zen.ZenEngine().create_decision(export_table(name, RULES, "gorules"))
    first = {fact: values[0] for fact, values in row.when[0].items()}
    fired = next(one for one in decision.evaluate(first)["result"] if one["row"] == row.id)
    assert (fired["risk"], fired["parts"]) == (row.then["risk"], row.then["parts"])


@pytest.mark.parametrize("name", TABLES)
def test_our_dmn_names_the_values_each_input_may_have(name: str) -> None:
    root = ET.fromstring(export_table(name, RULES, "dmn"))  # noqa: S314 – our own
    space = {"dmn": "https://www.omg.org/spec/DMN/20191111/MODEL/"}
    allowed = [one.text for one in root.findall(".//dmn:inputValues/dmn:text", space)]
    assert allowed == [", ".join(f'"{value}"' for value in values) for values in table(name).facts.values()]
    assert [one.get("hitPolicy") for one in root.iter(f"{{{space['dmn']}}}decisionTable")] == ["COLLECT"]


@pytest.mark.parametrize("name", TABLES)
def test_our_dmn_is_valid_by_the_schema_of_dmn_1_3(name: str) -> None:
    schema = etree.XMLSchema(file=str(Path(SpiffWorkflow.dmn.parser.__file__).parent / "schema" / "DMN13.xsd"))
    schema.assertValid(etree.fromstring(export_table(name, RULES, "dmn").encode()))
