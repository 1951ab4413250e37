"""The diagrams count what trying every family, one by one, with the production engine counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.decisions import Policy, Risk
from bot.decisions.search import Search
from bot.facts import Fact
from bot.facts.conditions import Conditions
from bot.workbench.diff.comparison import Comparison, Direction, heading
from bot.workbench.diff.example import example
from bot.workbench.diff.output import ABSENT, Output, Value, What, outputs, said
from tests.workbench.diff.synthetic import DAY, fact, policy, row, vocabulary

VALUES = (("no", "yes"), ("no", "yes", "unknown"), ("none", "some", "much", "unknown"))


def some_conditions(random: Random, facts: list[Fact], most: int) -> Conditions:
    named = random.sample(facts, random.randint(1, min(most, len(facts))))
    return {one.name: frozenset(random.sample(one.values, random.randint(1, len(one.values) - 1))) for one in named}


def small_facts(random: Random) -> list[Fact]:
    facts: list[Fact] = []
    for number in range(random.randint(2, 5)):
        gate = some_conditions(random, facts, 2) if facts and random.random() < 0.5 else None
        made = fact(f"f{number}", random.choice(VALUES), about=random.choice(("family", "child")), gate=gate)
        mentioned = (some_conditions(random, facts, 1),) if gate and random.random() < 0.3 else ()
        facts.append(replace(made, mentioned_by=mentioned))
    return facts


def edited_facts(random: Random, facts: list[Fact]) -> list[Fact]:
    """The facts as they are, or one of them gone, new, without a value, or relevant otherwise."""
    how = random.choice(("same", "same", "gone", "new", "fewer values", "always relevant"))
    last = facts[-1]
    if how == "gone" and len(facts) > 1:
        return facts[:-1]
    if how == "new":
        return [*facts, fact("g", ("no", "yes"))]
    if how == "fewer values" and len(last.values) > 2 and last.otherwise != last.values[1]:
        return [*facts[:-1], replace(last, values=(last.values[0], *last.values[2:]))]
    if how == "always relevant":
        return [*facts[:-1], replace(last, relevant_when=(), otherwise=None, mentioned_by=())]
    return facts


def small(random: Random, facts: list[Fact], rows: int) -> Policy:
    made = tuple(
        row(
            f"R{n}",
            tuple(some_conditions(random, facts, 3) for _ in range(random.choice((1, 1, 2)))),
            random,
            Risk(random.randint(0, 4)),
        )
        for n in range(rows)
    )
    never = (some_conditions(random, facts, 2),) if random.random() < 0.4 else ()
    return policy(vocabulary(facts, never), made)


def edited(random: Random, old: Policy) -> Policy:
    """Some rows as they were, some redrawn, some gone, some new, in another order."""
    facts = edited_facts(random, list(old.vocabulary.facts.values()))
    fresh = small(random, facts, len(old.rows) + 1)
    values = {one.name: one.values for one in facts}
    fitting = [
        one
        for one in old.rows
        if all(name in values and wanted <= set(values[name]) for when in one.when for name, wanted in when.items())
    ]
    kept = {one.id: one for one in fitting if random.random() < 0.6}
    rows = [kept.get(one.id, one) for one in fresh.rows]
    random.shuffle(rows)
    return policy(fresh.vocabulary, tuple(rows[: random.randint(1, len(rows))]))


def families(comparison: Comparison) -> Iterator[Mapping[str, str]]:
    values = comparison.values.of
    for chosen in product(*values.values()):
        yield dict(zip(values, chosen, strict=True))


def decided(
    side: Policy, truth: Mapping[str, str], kinds: tuple[Output, ...], *, told: bool
) -> tuple[Value, ...] | None:
    """What the engine says at the end of an interview, or None when such a family cannot be."""
    search: Search = side.searching(DAY, 1)
    circuit, state = search.circuit, search.circuit.start
    for number, variable in enumerate(circuit.variables):
        state = state if told else circuit.assumed(state, 0)
        if state.open >> number & 1:
            state = circuit.answered(state, number, truth[variable.fact.name])
    fired = circuit.fired(state)
    if fired & circuit.forbids:
        return None
    outcome = search.outcome(fired & circuit.rows)
    closeness = side.base.words.closeness
    plan = max((one.follow_up for one in outcome.rows if one.follow_up), key=closeness, default=None)
    return tuple(said(kind, outcome, plan) for kind in kinds)


@pytest.mark.parametrize("told", [False, True], ids=["asked", "told unasked"])
@given(seed=st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_every_count_is_that_of_trying_all_families(seed: int, *, told: bool) -> None:
    random = Random(seed)  # noqa: S311 – made-up rules, no secrets
    old = small(random, small_facts(random), random.randint(1, 6))
    new = edited(random, old)
    comparison = Comparison(old, new, DAY, volunteered=told)
    kinds = outputs((*old.rows, *new.rows), (old.base.words.default_for,))
    expected: Counter[tuple[Output, Value, Value, Direction]] = Counter()
    total = different = 0
    for truth in families(comparison):
        before, after = (decided(side, truth, kinds, told=told) for side in (old, new))
        if before is None or after is None:
            continue
        total += 1
        way = heading(*(Risk[str(said[0]).upper()] for said in (before, after)))
        changed = [
            (kind, was, now, way)
            for kind, was, now in zip(kinds, before, after, strict=True)
            if was != now and (kind.what is What.LEAD or ABSENT not in (was, now))
        ]
        expected.update(changed)
        different += bool(changed)
    found: Counter[tuple[Output, Value, Value, Direction]] = Counter()
    for group in comparison.groups:
        for change in group.changes:
            found[change.output, change.old, change.new, group.direction] += group.count
    assert (comparison.families, comparison.different) == (total, different)
    assert found == expected
    for group in comparison.groups:
        example(group, comparison)  # raises unless the engine confirms it
