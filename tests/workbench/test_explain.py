"""Why, why not, and what would change it: the same as a plain reading of rows and relevance, tried one family after another."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations, product
from pathlib import Path
from random import Random

import pytest

from bot.decisions import Policy, Risk
from bot.decisions.explanation import Status
from bot.facts import Sheet, Vocabulary
from bot.facts.conditions import Conditions
from bot.facts.fact import CHILD
from bot.workbench.decide import decide_lines

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
POLICY = Policy.load(ROOT / "rules")
SEED_STORY = {
    "family": {"divorce": "considering"},
    "children": [{"refuses_child": "both", "child_with_now": "relative"}],
}

Key = tuple[str, int | None]
Told = dict[Key, str]
Found = set[tuple[frozenset[tuple[Key, str]], Risk]]


@dataclass(frozen=True)
class Plainly:
    """Rows, relevance and exclusions read as they are written, for a family with one child."""

    policy: Policy

    @property
    def keys(self) -> list[Key]:
        return [(name, 0 if fact.about == CHILD else None) for name, fact in self.policy.vocabulary.facts.items()]

    def values(self, key: Key) -> tuple[str, ...]:
        return self.policy.vocabulary.facts[key[0]].values

    def value(self, told: Told, fact: str) -> str | None:
        return told.get((fact, 0 if self.policy.vocabulary.facts[fact].about == CHILD else None))

    def met(self, told: Told, wanted: Conditions) -> bool:
        return all(self.value(told, fact) in values for fact, values in wanted.items())

    def counted(self, told: Told) -> Told:
        """The answers, and what certainly irrelevant open facts count as."""
        known = dict(told)
        for key in self.keys:
            fact = self.policy.vocabulary.facts[key[0]]
            gates = (*fact.relevant_when, *fact.mentioned_by)
            closed = (any(self.value(known, f) not in (None, *v) for f, v in gate.items()) for gate in gates)
            if key not in known and fact.relevant_when and all(closed):
                known[key] = str(fact.otherwise)
        return known

    def risk(self, told: Told) -> Risk:
        known = self.counted(told)
        holding = (row.risk for row in self.policy.rows if any(self.met(known, one) for one in row.when))
        return max(holding, default=Risk.NONE)

    def contradictions(self, told: Told) -> set[int]:
        known = self.counted(told)
        return {n for n, one in enumerate(self.policy.vocabulary.never_together) if self.met(known, one)}

    def tried(self, told: Told, how_many: int) -> Found:
        """Every family that differs in so many answers and can be, with its risk."""
        return {
            (frozenset(zip(changed, values, strict=True)), self.risk(other))
            for changed in combinations(self.keys, how_many)
            for values in product(*map(self.values, changed))
            if all(told.get(key) != value for key, value in zip(changed, values, strict=True))
            and not self.contradictions(other := told | dict(zip(changed, values, strict=True)))
            - self.contradictions(told)
        }

    def least(self, told: Told, *, higher: bool) -> Found:
        """What would raise or lower the risk: every single answer, every pair where there is none."""
        now = self.risk(told)
        for how_many in (1, 2):
            found = {(a, r) for a, r in self.tried(told, how_many) if (r > now if higher else r < now)}
            if found:
                return found
        return set()

    def sheet(self, told: Told) -> Sheet:
        family = {name: value for (name, child), value in told.items() if child is None}
        child = {name: value for (name, child), value in told.items() if child == 0}
        return Sheet.from_plain({"family": family, "children": [child]}, self.policy.vocabulary, NOW)

    def said(self, told: Told, *, higher: bool) -> Found:
        """What the policy itself answers."""
        found = self.policy.changes(self.sheet(told), NOW)
        return {
            (frozenset(answers), change.risk)
            for change in (found.higher if higher else found.lower)
            for answers in product(*([((s.fact, s.child), to) for to in s.to] for s in change.steps))
        }

    def family(self, random: Random) -> Told:
        """Somebody who was asked some of everything, and half the time a row's own family."""
        told = {key: random.choice(self.values(key)) for key in self.keys if random.random() < 0.4}
        if random.random() < 0.5:
            for fact, wanted in random.choice(random.choice(self.policy.rows).when).items():
                told[(fact, 0 if self.policy.vocabulary.facts[fact].about == CHILD else None)] = random.choice(
                    sorted(wanted)
                )
        return told


@pytest.mark.parametrize("seed", range(8))
def test_every_single_answer_that_changes_the_risk_is_named_and_no_other(seed: int) -> None:
    plainly = Plainly(POLICY)
    told = plainly.family(Random(seed))  # noqa: S311 – the same families in every run
    now = plainly.risk(told)
    assert POLICY.decide(plainly.sheet(told), NOW).risk is now
    singles = plainly.tried(told, 1)
    for higher in (True, False):
        if found := {(a, r) for a, r in singles if (r > now if higher else r < now)}:
            assert plainly.said(told, higher=higher) == found


def small_rule_base(random: Random, folder: Path) -> Policy:
    """Seven facts, some asked only after others, two exclusions, and eight rows of one to three conditions."""
    lines, names = [], [f"f{number}" for number in range(7)]
    for number, name in enumerate(names):
        lines += [
            f"{name}:",
            f"  about: {'child' if number > 3 else 'family'}",
            "  values: [no, yes, unknown, refused]",
        ]
        lines += [f"  question: utter_ask_{name}"]
        if number and random.random() < 0.5:
            gate = names[random.randrange(min(number, 4))]
            lines += [f"  relevant_when: [{{{gate}: [yes, unknown]}}]", f"  otherwise: {random.choice(['no', 'yes'])}"]
    pairs = [random.sample(names, 2) for _ in range(2)]
    lines += ["never_together:", *(f"  - {{{a}: yes, {b}: [no, unknown]}}" for a, b in pairs)]
    (folder / "facts.yml").write_text("\n".join(lines), "utf-8")
    vocabulary = Vocabulary.load(folder / "facts.yml")
    rows = tuple(
        replace(
            POLICY.rows[0],
            id=f"X{number}",
            when=tuple(
                {name: frozenset(random.sample(["no", "yes", "unknown"], random.randint(1, 2))) for name in chosen}
                for chosen in (random.sample(names, random.randint(1, 3)) for _ in range(random.randint(1, 2)))
            ),
            risk=random.choice(list(Risk)[1:]),
            before=(),
        )
        for number in range(8)
    )
    return Policy(replace(POLICY.base, vocabulary=vocabulary, rows=rows))


@pytest.mark.parametrize("seed", range(40))
def test_on_any_small_rule_base_the_fewest_answers_are_named_and_no_other(seed: int, tmp_path: Path) -> None:
    random = Random(seed)  # noqa: S311 – the same rule bases in every run
    plainly = Plainly(small_rule_base(random, tmp_path))
    for _ in range(6):
        told = plainly.family(random)
        for higher in (True, False):
            found = plainly.least(told, higher=higher)
            assert plainly.said(told, higher=higher) == found


def test_two_answers_are_named_where_no_single_one_lowers_the_risk() -> None:
    sheet = Sheet.from_plain({"family": {"screen_danger": "yes", "kill_threat": "yes"}}, POLICY.vocabulary, NOW)
    found = POLICY.changes(sheet, NOW)
    assert found.higher == ()
    assert {tuple(step.fact for step in change.steps) for change in found.lower} == {("screen_danger", "kill_threat")}


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
