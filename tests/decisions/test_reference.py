"""Product and reference decide alike: any family, up to three children, anything answered or left open."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.decisions import Policy
from bot.facts import Sheet
from tests.decisions.reference import RULES, Reference, outcome_of

AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
POLICY = Policy.load(RULES)
REFERENCE = Reference()


def some_of(about: str) -> st.SearchStrategy[dict[str, str]]:
    """Answers to any facts about the family or one child."""
    facts = {
        name: st.sampled_from(REFERENCE.values[name]) for name, f in REFERENCE.facts.items() if f["about"] == about
    }
    return st.fixed_dictionaries({}, optional=facts)


SHEETS = st.fixed_dictionaries({"family": some_of("family"), "children": st.lists(some_of("child"), max_size=3)})


@given(SHEETS)
@settings(max_examples=600, deadline=None)
def test_risk_parts_nevers_and_rows_are_those_of_the_reference(plain: dict[str, Any]) -> None:
    decision = POLICY.decide(Sheet.from_plain(plain, POLICY.vocabulary, AT), AT)
    expected, rows = REFERENCE.decide(plain)
    assert outcome_of(decision.to_json(), decision.nevers) == expected
    assert set(decision.rows) == rows


@given(SHEETS)
@settings(max_examples=200, deadline=None)
def test_the_lead_on_top_is_that_of_the_gravest_part(plain: dict[str, Any]) -> None:
    decision = POLICY.decide(Sheet.from_plain(plain, POLICY.vocabulary, AT), AT)
    assert decision.parts[0].risk == decision.risk
    assert decision.lead == decision.parts[0].lead
    assert list(decision.parts) == sorted(
        decision.parts, key=lambda p: (-p.risk, p.act_within if p.act_within is not None else 10**9)
    )


@given(SHEETS)
@settings(max_examples=200, deadline=None)
def test_rows_stand_from_the_gravest_down(plain: dict[str, Any]) -> None:
    decision = POLICY.decide(Sheet.from_plain(plain, POLICY.vocabulary, AT), AT)
    risk = {row.id: row.risk for row in POLICY.rows}
    assert [risk[row] for row in decision.rows] == sorted((risk[row] for row in decision.rows), reverse=True)


def test_the_reference_reads_every_row_there_is() -> None:
    assert {row.id for row in REFERENCE.rows} == {row.id for row in POLICY.rows}
    assert list(REFERENCE.facts) == list(POLICY.vocabulary.facts)


@pytest.mark.parametrize("row", REFERENCE.rows, ids=lambda row: row.id)
def test_some_family_of_the_reference_makes_every_row_hold(row: Any) -> None:
    plain: dict[str, Any] = {"family": {}, "children": [{}]}
    for fact, wanted in row.when[-1].items():
        about = plain["children"][0] if REFERENCE.facts[fact]["about"] == "child" else plain["family"]
        about[fact] = next(value for value in REFERENCE.values[fact] if value in wanted)
    assert row.id in POLICY.decide(Sheet.from_plain(plain, POLICY.vocabulary, AT), AT).rows
