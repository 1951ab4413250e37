"""`rightdoor bench`: what a decision costs, beside zen-engine (GoRules, Rust) on the same rows and the same sparse answers.

One decision table with the collect policy, a column a fact and a line for each set of conditions; both warm, in one run, on the
founders' situations one after the other. zen-engine is a development dependency; without it only our own figures are told.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.decisions import Policy
from bot.decisions.quick import Quick
from bot.workbench.cases import cases

Answers = dict[str, str]
# Families decided in one round, and rounds of which the quickest counts.
DECISIONS, ROUNDS = 2000, 9


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of one decision."""

    what: str
    microseconds: float


def bench_rules(policy: Policy, rules: Path, out: Console, *, as_json: bool) -> None:
    """Times and prints; the ratio is zen's time over ours."""
    at = datetime.now(UTC)
    sheets = [case.sheet for case in cases(rules, policy, at) if case.situation]
    told: list[Answers] = [{answer.fact: answer.value for answer in sheet.answers} for sheet in sheets]
    search = policy.searching(at, 1)
    quick = Quick(search.circuit, search.outcome)
    found = [
        Cost("a decision with the rows that fired", timed(quick.decide, told)),
        Cost(
            "the same with settledness and the next question, met before", timed(lambda s: policy.decide(s, at), sheets)
        ),
    ]
    zen = _zen(policy, told, quick)
    if zen is not None:
        found.append(Cost("zen-engine, a decision with the rows that fired", zen))
    _print(found, zen and zen / found[0].microseconds, out, as_json=as_json)


def timed(decide: Callable[[Any], object], asked: Sequence[Any]) -> float:
    """Microseconds a decision in the quickest of several rounds over these families: whatever else runs can only add to it."""
    rounds = []
    for _ in range(ROUNDS + 1):
        order = list(islice(cycle(asked), DECISIONS))
        start = time.perf_counter()
        for one in order:
            decide(one)
        rounds.append((time.perf_counter() - start) / DECISIONS * 1e6)
    return min(rounds[1:])


def _zen(policy: Policy, told: Sequence[Answers], quick: Quick) -> float | None:
    """zen-engine's time on the same rows, None without it. Raises `AssertionError` should it fire other rows than we do."""
    try:
        import zen  # noqa: PLC0415 – a development dependency
    except ImportError:
        return None
    decision = zen.ZenEngine().create_decision(json.dumps(jdm(policy)))
    asked = _as_counted(policy, told)
    for answers, given in zip(told, asked, strict=True):
        fired = {line["row"] for line in decision.evaluate(given)["result"]}
        ours = {row.id for row in quick.decide(answers).rows}
        if fired != ours:
            raise AssertionError(f"zen-engine fires {sorted(fired)}, we fire {sorted(ours)}")
    return timed(decision.evaluate, asked)


def _as_counted(policy: Policy, told: Sequence[Answers]) -> list[Answers]:
    """The answers with what counts as its `otherwise`: a decision table knows no relevance."""
    circuit = policy.searching(datetime.now(UTC), 1).circuit
    counted: list[Answers] = []
    for answers in told:
        state = circuit.start
        for number, variable in enumerate(circuit.variables):
            if (value := answers.get(variable.fact.name)) is not None:
                state = circuit.answered(state, number, value)
        after = circuit.assumed(state, 0)
        assumed = {
            variable.fact.name: str(variable.fact.otherwise)
            for number, variable in enumerate(circuit.variables)
            if state.open >> number & 1 and not after.open >> number & 1
        }
        counted.append({**assumed, **answers})
    return counted


def jdm(policy: Policy) -> dict[str, Any]:
    """Every row in force as one GoRules decision table with the collect policy."""
    rows = policy.in_force(datetime.now(UTC))
    used = list(dict.fromkeys(fact for row in rows for one in row.when for fact in one))
    inputs = [{"id": fact, "name": fact, "field": fact} for fact in used]
    lines = [
        {"_id": f"{row.id}-{number}", "row": json.dumps(row.id)}
        | {fact: ", ".join(json.dumps(value) for value in sorted(one[fact])) if fact in one else "" for fact in used}
        for row in rows
        for number, one in enumerate(row.when)
    ]
    table = {
        "hitPolicy": "collect",
        "inputs": inputs,
        "outputs": [{"id": "row", "name": "row", "field": "row"}],
        "rules": lines,
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {"id": "table", "name": "table", "type": "decisionTableNode", "position": {"x": 1, "y": 0}, "content": table},
        {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "2", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _print(found: Sequence[Cost], ratio: float | None, out: Console, *, as_json: bool) -> None:
    if as_json:
        for cost in found:
            out.file.write(json.dumps({"what": cost.what, "us": round(cost.microseconds, 2)}) + "\n")
        if ratio:
            out.file.write(json.dumps({"zen_over_ours": round(ratio)}) + "\n")
        return
    table = Table("what", "µs", title="one decision")
    for cost in found:
        table.add_row(cost.what, f"{cost.microseconds:.2f}")
    out.print(table)
    if ratio:
        out.print(f"zen-engine takes {ratio:.0f} times as long", highlight=False)
