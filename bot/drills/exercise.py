"""A case to practise: drawn from one row, and everything asked about it. The same row, seed and day give the same case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import islice
from pathlib import Path
from random import Random

from bot.decisions import PartDecision, Policy, Risk
from bot.decisions.outcome import Outcome
from bot.decisions.row import Row
from bot.decisions.standing import stand
from bot.drills.telling import Teller, Told
from bot.facts import Answer, Sheet, Source
from bot.facts.conditions import Conditions
from bot.facts.fact import REFUSED, UNKNOWN

RISK, LEAD, ACTION = STEPS = ("risk", "lead", "action")
OPTIONS = 4  # fit a small screen
NO = "no"
TRIES = 30  # ways of telling one row that are looked at


@dataclass(frozen=True, slots=True)
class Exercise:
    """A fictional family, what policy says about it, and the choices of each question (the words of policy, right ones too)."""

    row: Row
    told: tuple[Told, ...]
    scene: int
    outcome: Outcome
    options: tuple[tuple[str, ...], ...]

    @property
    def part(self) -> PartDecision:
        """The part that is asked about: the gravest."""
        return self.outcome.parts[0]

    @property
    def right(self) -> tuple[str, ...]:
        """The right answer to each question."""
        return (self.outcome.risk.word, self.part.lead, self.part.first_action)


def topic_of(row: Row) -> str:
    """The theme of a row: its file."""
    return Path(row.where.file).stem


def draw(policy: Policy, teller: Teller, row: Row, seed: str, day: datetime) -> Exercise | None:
    """A case in which `row` holds; None when it cannot be told in both languages.

    Among the ways of telling it one is preferred in which no other row is graver, so that the row is what is practised.
    """
    random = Random(f"{row.id}/{seed}")  # noqa: S311 – a case is to be the same each time it is drawn
    scene = random.randrange(len(teller.words.scenes))
    found = _found(policy, teller, row, random, day, whole=True) or _found(
        policy, teller, row, random, day, whole=False
    )
    if not found:
        return None
    told, outcome = min(found, key=lambda one: one[1].rows.index(row))
    told = _coloured(policy, teller, told, outcome, random, day)
    return Exercise(row, teller.ordered(told), scene, outcome, _options(policy, row, outcome, random))


def _found(
    policy: Policy, teller: Teller, row: Row, random: Random, day: datetime, *, whole: bool
) -> list[tuple[tuple[Told, ...], Outcome]]:
    """Families in which the row holds; `whole` tells too what makes each answer relevant, as the interview would have heard."""
    ways = (_whole(way, teller, random) if whole else way for way in islice(_ways(row, teller, random), TRIES))
    return [
        (told, outcome)
        for told in ways
        if teller.plausible(told) and (outcome := _decided(policy, told, day)) and row in outcome.rows
    ]


def _ways(row: Row, teller: Teller, random: Random) -> Iterator[tuple[Told, ...]]:
    """Ways of fulfilling the row with answers that can be told, in a random order, some of them more than once."""
    whens = [when for when in row.when if all(_tellable(teller, fact, values) for fact, values in when.items())]
    while whens:
        yield _way(random.choice(whens), teller, random)


def _way(when: Conditions, teller: Teller, random: Random) -> tuple[Told, ...]:
    return tuple((fact, random.choice(_tellable(teller, fact, values))) for fact, values in when.items())


def _whole(told: tuple[Told, ...], teller: Teller, random: Random) -> tuple[Told, ...]:
    """With the answers to earlier questions that made these relevant, as far as they can be told and contradict nothing.

    What was denied is not repeated: what a drill does not mention is not the case.
    """
    known = dict(told)
    for fact in reversed(tuple(teller.vocabulary.facts.values())):  # relevance refers to earlier facts
        gates = fact.relevant_when
        if fact.name in known and gates and not any(_fits(gate, known, whole=True) for gate in gates):
            able = [
                gate for gate in gates if _fits(gate, known) and all(_tellable(teller, f, v) for f, v in gate.items())
            ]
            earlier = _way(random.choice(able), teller, random) if able else ()
            known = {name: value for name, value in earlier if value != NO} | known
    return tuple(known.items())


def _fits(gate: Conditions, known: Mapping[str, str], *, whole: bool = False) -> bool:
    """Whether what is known fulfils the gate, or at least does not contradict it."""
    return all(known[fact] in values if fact in known else not whole for fact, values in gate.items())


def _tellable(teller: Teller, fact: str, values: Iterable[str]) -> list[str]:
    """The values that can be told; what somebody knows rather than what they do not."""
    able = sorted(value for value in values if teller.can_tell(fact, value))
    return [value for value in able if value not in (UNKNOWN, REFUSED)] or able


def _decided(policy: Policy, told: Iterable[Told], day: datetime) -> Outcome | None:
    """What policy says of exactly this much; None for a family that cannot be."""
    sheet = Sheet(children=1)
    for fact, value in told:
        sheet = sheet.with_answer(Answer(fact, policy.vocabulary.whose(fact, None), value, Source.TOLD, day))
    search = policy.searching(day, 1)
    fired = search.circuit.fired(stand(search.circuit, policy.vocabulary, sheet, day).now)
    return None if fired & search.circuit.forbids else search.outcome(fired & search.circuit.rows)


def _coloured(
    policy: Policy, teller: Teller, told: tuple[Told, ...], outcome: Outcome, random: Random, day: datetime
) -> tuple[Told, ...]:
    """With facts that change nothing, as a real caller tells them."""
    for fact, colour in teller.words.colour.items():
        if fact not in policy.vocabulary.facts or fact in dict(told) or not dict(told).keys() <= colour.beside:
            continue
        for value in _shuffled(set(colour.values) & set(policy.vocabulary.facts[fact].values), random):
            more = (*told, (fact, value))
            other = _decided(policy, more, day) if teller.can_tell(fact, value) and teller.plausible(more) else None
            if other and (other.rows, other.parts) == (outcome.rows, outcome.parts):
                told = more
                break
    return told


def _options(policy: Policy, row: Row, outcome: Outcome, random: Random) -> tuple[tuple[str, ...], ...]:
    """The choices: every risk in its order; leads and first actions that somebody might well think of."""
    part, near = outcome.parts[0], [other for other in policy.rows if topic_of(other) == topic_of(row)]
    services = policy.base.words.labels["services"]
    leads = [
        [word for word in outcome.nevers if word in services][:1],
        _shuffled(part.also, random)[:1],
        _shuffled({p.lead for other in near for p in other.parts}, random),
        _shuffled({p.lead for other in policy.rows for p in other.parts}, random),
    ]
    actions = [
        _shuffled({p.first_action for other in near for p in other.parts}, random),
        _shuffled({p.first_action for other in policy.rows if other.risk is row.risk for p in other.parts}, random),
        _shuffled(policy.base.words.labels["first_actions"], random),
    ]
    taken = {one.first_action for one in outcome.parts}
    return (
        tuple(risk.word for risk in Risk),
        _choice(part.lead, leads, set(), random),
        _choice(part.first_action, actions, taken, random),
    )


def _choice(right: str, wrong: Sequence[Sequence[str]], not_wrong: set[str], random: Random) -> tuple[str, ...]:
    """The right answer among so many wrong ones, the nearest first chosen, in any order."""
    others = dict.fromkeys(word for group in wrong for word in group if word != right and word not in not_wrong)
    return tuple(_shuffled((right, *list(others)[: OPTIONS - 1]), random))


def _shuffled(words: Iterable[str], random: Random) -> list[str]:
    """In an order that depends on nothing but the seed."""
    return random.sample(ordered := sorted(words), len(ordered))


def moment(day: str) -> datetime:
    """Noon of a day, at which a case of that day is decided. Raises `ValueError` for what is no day."""
    return datetime.combine(datetime.fromisoformat(day).date(), time(12), UTC)
