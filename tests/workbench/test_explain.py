"""Why, why not, and what would change it: the same as a plain reading of rows and relevance, tried one family after another."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import combinations, product
from pathlib import Path
from random import Random

import pytest

from bot.decisions import Policy, Risk
from bot.decisions.explanation import Status
from bot.facts import Sheet
from bot.facts.conditions import Conditions
from bot.facts.fact import CHILD
from bot.workbench.decide import decide_lines

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
POLICY = Policy.load(ROOT / "rules")
FACTS = POLICY.vocabulary.facts

Key = tuple[str, int | None]
Told = dict[Key, str]
SEED_STORY = {
    "family": {"divorce": "considering"},
    "children": [{"refuses_child": "both", "child_with_now": "relative"}],
}


def keys(children: int) -> list[Key]:
    return [(name, c) for name, f in FACTS.items() for c in (range(children) if f.about == CHILD else (None,))]


def value(told: Mapping[Key, str], fact: str, child: int | None) -> str | None:
    return told.get((fact, child if FACTS[fact].about == CHILD else None))


def met(told: Mapping[Key, str], wanted: Conditions, child: int | None) -> bool:
    return all(value(told, fact, child) in values for fact, values in wanted.items())


def counted(told: Told) -> Told:
    """The answers, and what certainly irrelevant open facts count as."""
    known = dict(told)
    for name, child in keys(1):
        fact = FACTS[name]
        if (name, child) in known or not fact.relevant_when:
            continue
        gates = (*fact.relevant_when, *fact.mentioned_by)
        if all(any(value(known, f, child) not in (None, *v) for f, v in gate.items()) for gate in gates):
            known[(name, child)] = str(fact.otherwise)
    return known


def risk(told: Told) -> Risk:
    known = counted(told)
    return max((row.risk for row in POLICY.rows if any(met(known, one, 0) for one in row.when)), default=Risk.NONE)


def contradictions(told: Told) -> set[int]:
    known = counted(told)
    return {n for n, one in enumerate(POLICY.vocabulary.never_together) if met(known, one, 0)}


def tried(told: Told, how_many: int) -> Iterator[tuple[frozenset[tuple[Key, str]], Risk]]:
    """Every family that differs in so many answers and can be."""
    for changed in combinations(keys(1), how_many):
        for values in product(*(FACTS[name].values for name, _ in changed)):
            other = told | dict(zip(changed, values, strict=True))
            if all(told.get(k) != v for k, v in zip(changed, values, strict=True)) and not (
                contradictions(other) - contradictions(told)
            ):
                yield frozenset(zip(changed, values, strict=True)), risk(other)


def sheet_of(told: Told) -> Sheet:
    family = {name: v for (name, child), v in told.items() if child is None}
    return Sheet.from_plain(
        {"family": family, "children": [{n: v for (n, c), v in told.items() if c == 0}]}, POLICY.vocabulary, NOW
    )


def some_family(random: Random) -> Told:
    """Somebody who was asked about a third of everything, and half the time a row's own family."""
    told = {key: random.choice(FACTS[key[0]].values) for key in keys(1) if random.random() < 0.3}
    if random.random() < 0.5:
        row = random.choice(POLICY.rows)
        for fact, wanted in random.choice(row.when).items():
            told[(fact, 0 if FACTS[fact].about == CHILD else None)] = random.choice(sorted(wanted))
    return told


def said(told: Told, *, higher: bool) -> set[tuple[frozenset[tuple[Key, str]], Risk]]:
    found = POLICY.changes(sheet_of(told), NOW)
    return {
        (frozenset(answers), change.risk)
        for change in (found.higher if higher else found.lower)
        for answers in product(*([((s.fact, s.child), to) for to in s.to] for s in change.steps))
    }


@pytest.mark.parametrize("seed", range(40))
def test_every_single_answer_that_changes_the_risk_is_named_and_no_other(seed: int) -> None:
    told = some_family(Random(seed))  # noqa: S311 – the same families in every run
    now = risk(told)
    assert POLICY.decide(sheet_of(told), NOW).risk is now
    for higher in (True, False):
        singles = {(a, r) for a, r in tried(told, 1) if (r > now if higher else r < now)}
        if singles:
            assert said(told, higher=higher) == singles


@pytest.mark.parametrize("row", ["R16", "R15", "R01", "R09"])
def test_where_no_single_answer_lowers_the_risk_every_pair_that_does_is_named(row: str) -> None:
    rows = {one.id: one for one in POLICY.rows}
    told: Told = {("screen_danger", None): "yes"} if row in ("R15", "R16") else {}
    for fact, wanted in rows[row].when[0].items():
        told[(fact, 0 if FACTS[fact].about == CHILD else None)] = min(wanted)
    now = risk(told)
    if not any(r < now for _, r in tried(told, 1)):
        assert said(told, higher=False) == {(a, r) for a, r in tried(told, 2) if r < now}


def test_a_rule_base_where_only_two_answers_together_raise_the_risk(tmp_path: Path) -> None:
    for name in ("vocabulary", "legal_basis", "deadlines"):
        (tmp_path / f"{name}.yml").write_text((ROOT / "rules" / f"{name}.yml").read_text("utf-8"), "utf-8")
    (tmp_path / "facts.yml").write_text(
        """
a: {about: family, values: [no, yes, unknown, refused], question: utter_ask_a}
b:
  about: child
  values: [no, yes, unknown, refused]
  question: utter_ask_b
  relevant_when: [{a: yes}]
  otherwise: no
never_together: [{a: unknown, b: yes}]
""",
        "utf-8",
    )
    (tmp_path / "situations").mkdir()
    (tmp_path / "situations" / "both.yml").write_text(
        """
valid_from: 2026-01-01
situations:
  - id: X1
    title: {zh: 两样都有, en: Both}
    when: {a: yes, b: yes}
    then: {risk: high, parts: [{for: child, lead: village_worker, first_action: visit_home}]}
    basis: [民法典#26]
    because: {zh: 试, en: A trial.}
""",
        "utf-8",
    )
    policy = Policy.load(tmp_path)
    found = policy.changes(Sheet.from_plain({"family": {"a": "no"}}, policy.vocabulary, NOW), NOW)
    assert found.lower == ()
    [change] = found.higher
    assert [(s.fact, s.child, s.has, s.to) for s in change.steps] == [
        ("a", None, "no", ("yes",)),
        ("b", 0, None, ("yes",)),
    ]
    assert change.risk is Risk.HIGH


def test_a_row_says_what_stands_in_its_way() -> None:
    sheet = Sheet.from_plain(SEED_STORY | {"family": {"divorce": "done"}}, POLICY.vocabulary, NOW)
    [r01] = [row for row in POLICY.explain(sheet, NOW) if row.row.id == "R01"]
    assert r01.status is Status.FAILS
    assert [(c.fact, c.has, c.wanted) for c in r01.in_the_way] == [("divorce", "done", ("considering", "pending"))]


def lines(*sheets: object, explained: bool) -> list[str]:
    return list(decide_lines(io.StringIO("\n".join(map(json.dumps, sheets))), POLICY, NOW, explained=explained))


def test_decide_without_explain_is_what_it_was_and_with_it_only_gains_one_key() -> None:
    [plain], [explained] = lines(SEED_STORY, explained=False), lines(SEED_STORY, explained=True)
    whole = json.loads(explained)
    explain = whole.pop("explain")
    assert json.dumps(whole, ensure_ascii=False) == plain
    assert set(explain) == {"rows", "raise", "lower"}
    holding = [row for row in explain["rows"] if row["status"] == "holds"]
    assert {row["row"] for row in holding} == set(json.loads(plain)["rows"])
    assert all(c["status"] == "holds" for row in holding for c in row["conditions"])
    assert all(row["because"]["zh"] and row["because"]["en"] for row in holding)


def test_each_child_is_explained() -> None:
    [line] = lines({"family": {}, "children": [{"child_hurt": "no"}, {"child_hurt": "by_other"}]}, explained=True)
    rows = {(row["row"], row["child"]): row["status"] for row in json.loads(line)["explain"]["rows"]}
    assert (rows["S05", 0], rows["S05", 1]) == ("fails", "holds")


def test_every_word_of_the_explain_object_is_documented() -> None:
    documented = (ROOT / "docs" / "json.md").read_text("utf-8")
    [line] = lines(SEED_STORY, explained=True)
    explain = json.loads(line)["explain"]
    words = {*explain, *explain["rows"][0], *explain["rows"][0]["conditions"][0], *explain["raise"][0]}
    words |= set(explain["raise"][0]["answers"][0])
    assert {word for word in words if f"`{word}`" not in documented} == set()
