"""Rule bases of any size, made up but shaped like the real one: a danger screen, concerns, topics behind them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from bot.decisions import Policy, Risk
from bot.decisions.row import PartRule, Row
from bot.facts import Fact, Vocabulary
from bot.facts.conditions import Conditions

DAY = date(2026, 11, 1)
YES = ("no", "yes", "unknown", "refused")
TOPIC = ("none", "some", "much", "worst", "unknown", "refused")
SERVICES = (
    "village_worker",
    "township_station",
    "county_centre",
    "police",
    "ambulance",
    "court",
    "school",
    "hospital",
    "operator",
)
# The real rule base lends words and whatever else a policy needs; facts and rows are made up.
REAL = Policy.load(Path(__file__).parents[3] / "rules").base
WORDS = REAL.words
FACT = next(fact for fact in REAL.vocabulary.facts.values() if not fact.relevant_when and not fact.mentioned_by)
ROW = REAL.rows[0]
AUDIENCES = tuple(WORDS.labels["audiences"])
ACTIONS = tuple(WORDS.labels["first_actions"])[:4]
PLANS = tuple(WORDS.labels["follow_ups"])[:4]
TIMES = (0, 60, 1440, 4320, 10080, None)
# What rows say of the facts that cross every topic: people write in bands, not in any subset.
BANDS = {
    "with_now": (
        frozenset({"nobody"}),
        frozenset({"nobody", "unknown", "refused"}),
        frozenset({"parent", "relative", "other"}),
        frozenset({"parent"}),
    ),
    "age": (
        frozenset({"u2"}),
        frozenset({"u2", "2to4", "5to7", "unknown", "refused"}),
        frozenset({"14to15", "16to17"}),
    ),
    "hurt": (frozenset({"guardian", "unknown"}), frozenset({"accident", "other"})),
    "screen1": (frozenset({"yes"}), frozenset({"yes", "unknown", "refused"})),
}


def fact(name: str, values: tuple[str, ...] = YES, *, about: str = "family", gate: Conditions | None = None) -> Fact:
    return replace(
        FACT, name=name, about=about, values=values, question=f"utter_ask_{name}", ask_with=None,
        mentioned_by=(), cues=(), worse=(), at_least={},
        relevant_when=(gate,) if gate else (), otherwise=values[0] if gate else None, needed_by=(),
    )  # fmt: skip


def row(name: str, when: tuple[Conditions, ...], random: Random, risk: Risk) -> Row:
    whom = random.sample(AUDIENCES, random.choice((1, 1, 2)))
    parts = tuple(
        PartRule(
            one,
            random.choice(SERVICES[:-1]),
            frozenset(random.sample(SERVICES, random.randint(0, 4))),
            random.choice(ACTIONS),
            random.choice(TIMES),
        )
        for one in whom
    )
    never = (
        frozenset(random.sample(("village_worker", "court", "tell_guardian"), 1))
        if random.random() < 0.15
        else frozenset()
    )
    return replace(
        ROW, id=name, title={"zh": name, "en": name}, when=when, risk=risk, parts=parts,
        follow_up=random.choice((*PLANS, None)), never=never,
        before=(), valid_from=DAY, valid_to=None,
    )  # fmt: skip


def policy(vocabulary: Vocabulary, rows: tuple[Row, ...]) -> Policy:
    return Policy(replace(REAL, vocabulary=vocabulary, rows=rows, hash="made-up"))


def vocabulary(facts: list[Fact], never_together: tuple[Conditions, ...] = ()) -> Vocabulary:
    return replace(
        REAL.vocabulary, facts={one.name: one for one in facts}, groups={}, opening=(), never_together=never_together
    )


def large(rows: int, seed: int = 1) -> Policy:
    """So many rows: 3 facts of danger, 4 that cross every topic, and for five rows a concern with 3 or 4 topics behind it.

    60 rows have 63 facts, like the real rules; 250 rows have 244.
    """
    random, concerned = Random(seed), max(12, rows // 5)  # noqa: S311 – made-up rules, no secrets
    screen = [fact(f"screen{n}") for n in range(3)]
    concerns = [fact(f"concern{n}") for n in range(concerned)]
    crossing = [
        fact("with_now", ("parent", "relative", "other", "nobody", "unknown", "refused"), about="child"),
        fact("age", ("u2", "2to4", "5to7", "8to13", "14to15", "16to17", "unknown", "refused"), about="child"),
        fact(
            "hurt",
            ("no", "accident", "other", "guardian", "unknown", "refused"),
            about="child",
            gate={"screen0": frozenset(YES[1:])},
        ),
        fact("dies", YES, about="child", gate={"screen2": frozenset(YES[1:])}),
    ]
    topics = [
        fact(f"topic{n}_{k}", TOPIC if k % 2 else YES, gate={f"concern{n}": frozenset({"yes"})})
        for n in range(concerned)
        for k in range(4 if n % 3 else 3)
    ]
    facts = vocabulary(
        [*screen, *concerns, *crossing, *topics], ({"with_now": frozenset({"nobody"}), "screen1": frozenset({"no"})},)
    )
    made = [row("S0", ({"screen0": frozenset({"yes"})},), random, Risk.EMERGENCY)]
    while len(made) < rows:
        made.append(
            row(
                f"R{len(made)}",
                tuple(_conditions(random, facts) for _ in range(random.choice((1, 1, 2)))),
                random,
                Risk(random.randint(1, 4)),
            )
        )
    return policy(facts, tuple(made))


def _conditions(random: Random, facts: Vocabulary) -> Conditions:
    """Two facts of one topic, and often one that crosses them all."""
    topic = random.randrange(sum(name.startswith("concern") for name in facts.facts))
    near = [name for name in facts.facts if name.startswith(f"topic{topic}_")]
    named = random.sample(near, 2) + (
        random.sample(["with_now", "age", "hurt", "screen1"], 1) if random.random() < 0.4 else []
    )
    return {
        name: random.choice(BANDS[name]) if name in BANDS else _some(random, facts.facts[name].values) for name in named
    }


def _some(random: Random, values: tuple[str, ...]) -> frozenset[str]:
    """A value, or it and all that is worse, or whatever is not surely harmless: as people write."""
    _, *others = values
    worst = others[: len(others) - 2]
    return frozenset(random.choice((worst[-1:], worst[-1:], worst[len(worst) // 2 :], others)))


def with_rows(base: Policy, rows: tuple[Row, ...]) -> Policy:
    return Policy(replace(base.base, rows=rows))


def copies(base: Policy, number: int) -> Policy:
    """The rows of a rule base so many times over, each time about other facts; danger, age and who has the child are shared.

    This is how a real rule base grows: more topics of the same kind behind the same danger screen.
    """
    known = base.vocabulary
    screen = known.groups.get(known.opening[0], ()) if known.opening else ()
    shared = {*screen, "child_with_now", "child_age"}

    def name(fact: str, copy: int) -> str:
        return fact if fact in shared or not copy else f"{fact}_{copy}"

    def renamed(when: tuple[Conditions, ...], copy: int) -> tuple[Conditions, ...]:
        return tuple({name(fact, copy): wanted for fact, wanted in one.items()} for one in when)

    facts, rows = {}, []
    for copy in range(number):
        for one in known.facts.values():
            gates = {key: renamed(getattr(one, key), copy) for key in ("relevant_when", "mentioned_by")}
            made = replace(one, name=name(one.name, copy), **gates)
            facts.setdefault(made.name, made)
        for one in base.rows:
            before = tuple(f"{row}_{copy}" for row in one.before)
            rows.append(replace(one, id=f"{one.id}_{copy}", when=renamed(one.when, copy), before=before))
    never = tuple(when for copy in range(number) for when in renamed(known.never_together, copy))
    many = replace(known, facts=facts, never_together=tuple({str(one): one for one in never}.values()))
    return Policy(replace(base.base, vocabulary=many, rows=tuple(rows)))
