"""The decision alone says what the whole policy says, on any answers about one child."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.decisions import Policy
from bot.decisions.quick import Quick
from bot.facts import Sheet
from bot.facts.fact import CHILD
from bot.settings import project_folder
from tests.decisions.reference import RULES

AT = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.mark.parametrize("rules", [RULES, project_folder() / "rules"], ids=["fifteen", "today"])
def test_risk_rows_parts_and_nevers_are_those_of_the_policy(rules: Path) -> None:
    policy, chance = Policy.load(rules), random.Random(1)  # noqa: S311 – families, no secrets
    search, facts = policy.searching(AT, 1), list(policy.vocabulary.facts.values())
    quick = Quick(search.circuit, search.outcome)
    for _ in range(300):
        told = {fact.name: chance.choice(fact.values) for fact in chance.sample(facts, chance.randint(0, len(facts)))}
        family = {name: value for name, value in told.items() if policy.vocabulary.facts[name].about != CHILD}
        child = {name: value for name, value in told.items() if name not in family}
        decision = policy.decide(Sheet.from_plain({"family": family, "children": [child]}, policy.vocabulary, AT), AT)
        outcome = quick.decide(told)
        found = (outcome.risk, tuple(row.id for row in outcome.rows), outcome.parts, outcome.nevers)
        assert found == (decision.risk, decision.rows, decision.parts, decision.nevers), told
