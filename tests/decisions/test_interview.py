"""The interview over every state it can reach: no question in vain, settled means settled, danger never fades, and it ends.

The screen, the concerns and what a receiving service needs are no policy questions; they are asked for their own sake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.decisions import Ask, Decision, Policy
from bot.facts import Answer, Sheet, Source
from bot.facts.fact import REFUSED, UNKNOWN
from tests.decisions.reference import RULES, Key, Known, Reference
from tests.decisions.walk import State, Walk

AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
LATER = AT + timedelta(hours=25)

POLICY = Policy.load(RULES)
FACTS = POLICY.vocabulary.facts
REFERENCE = Reference()
OPENING = POLICY.vocabulary.opening

Step = tuple[Sheet, list[tuple[Key, str]], State]
Visit = tuple[Sheet, State, Decision]


def answers(sheet: Sheet, ask: Ask, values: tuple[str, ...]) -> Iterator[list[tuple[Key, str]]]:
    """What can be answered to a question: each value, or each button of a group (one member yes, none, unknown, refused)."""
    fact = FACTS[ask.fact]
    if not fact.ask_with:
        yield from ([((ask.fact, ask.child), value)] for value in values)
        return
    whose = {name: (name, POLICY.vocabulary.whose(name, ask.child)) for name in POLICY.vocabulary.groups[fact.ask_with]}
    for key in whose.values():
        if sheet.value(*key) is None:
            yield [(key, "yes")]
    for word in ("none", UNKNOWN, REFUSED):
        given = POLICY.vocabulary.answers({fact.ask_with: word}, ask.child, sheet)
        yield [(whose[name], value) for name, value in given]


def told(sheet: Sheet, given: list[tuple[Key, str]], at: datetime = AT) -> Sheet:
    for (fact, child), value in given:
        sheet = sheet.with_answer(Answer(fact, child, value, Source.ASKED, at))
    return sheet


def is_policy_question(decision: Decision) -> bool:
    """Neither screen nor concern, and asked before everything is settled."""
    return bool(decision.ask) and not decision.settled and FACTS[decision.ask.fact].ask_with not in OPENING


def reachable(walk: Walk, remembered: Callable[[State], Any], *beginnings: Known) -> Iterator[Visit]:
    """Every state of an interview that begins so, up to where it is settled, each once, with what the product decides there."""
    seen: set[Any] = set()
    states: set[State] = set()
    empty = Sheet(children=walk.children)
    stack: list[Step] = [(empty, [*known.items()], walk.start(known)) for known in beginnings]
    while stack:
        before, given, state = stack.pop()
        if state in states:
            continue
        states.add(state)
        if (memory := remembered(state)) in seen:
            continue
        seen.add(memory)
        sheet = told(before, given)
        decision = POLICY.decide(sheet, AT)
        yield sheet, state, decision
        if decision.ask and (not decision.settled or FACTS[decision.ask.fact].ask_with in OPENING):
            choices = walk.choices[decision.ask.fact, decision.ask.child]
            stack += [(sheet, given, after(walk, state, given)) for given in answers(sheet, decision.ask, choices)]


def after(walk: Walk, state: State, given: list[tuple[Key, str]]) -> State:
    for key, value in given:
        if not state.answered & walk.bit[key]:
            state = walk.answered(state, key, value)
    return state


def check(walk: Walk, visits: Iterable[Visit], *, thorough: bool) -> None:
    """What must hold wherever an interview can get to, and a day later.

    A day later families of one risk that know the same lasting facts are looked at once; if `thorough`, only those of which the
    same rows hold as well.
    """
    aged = set()
    for sheet, state, decision in visits:
        prospects = walk.prospects(state, walk.broken(state))
        assert decision.settled == (len(prospects) < 2), f"settled is {decision.settled} for {sheet.plain()}"
        assert decision.settled or decision.ask, f"nothing is asked although it is not settled: {sheet.plain()}"
        if decision.ask:
            asked = decision.ask.fact, decision.ask.child
            assert sheet.value(*asked) is None, f"{asked} is asked again in {sheet.plain()}"
            if is_policy_question(decision):
                assert walk.relevant(state, asked), f"{asked} is not relevant in {sheet.plain()}"
                assert walk.witness(state, asked), f"{asked} cannot change anything for {sheet.plain()}"
        lasting = [answer for answer in sheet.answers if "stays_true" not in REFERENCE.facts[answer.fact]]
        known = {(answer.fact, answer.child): answer.value for answer in lasting}
        now = walk.standing(state) if thorough else decision.risk
        if (memory := (now, walk.key(walk.start(known)))) not in aged:
            aged.add(memory)
            check_a_day_later(walk, sheet, decision, known)


def check_a_day_later(walk: Walk, sheet: Sheet, decision: Decision, lasting: Known) -> None:
    """Every danger has expired: it still counts, the screen comes first, and then nothing is asked in vain either."""
    later = POLICY.decide(sheet, LATER)
    assert later.risk >= decision.risk, sheet.plain()
    assert later.ask, "the danger screen is asked anew"
    assert FACTS[later.ask.fact].ask_with == OPENING[0]
    for screened in answers(told(Sheet(children=walk.children), [*lasting.items()]), later.ask, ()):
        again = told(sheet, screened, LATER)
        decided = POLICY.decide(again, LATER)
        assert decided.settled or decided.ask, f"nothing is asked although it is not settled: {again.plain()}"
        if is_policy_question(decided):
            asked = decided.ask.fact, decided.ask.child
            state = walk.start({**lasting, **dict(screened)}, mentioned=asked)
            assert walk.witness(state, asked), f"{asked} cannot change anything for {again.plain()}"
            irrelevant = walk.relevant(state, asked) is False
            assert not irrelevant or holds_a_row(again, asked), f"{asked} is asked in vain for {again.plain()}"


def holds_a_row(sheet: Sheet, key: Key) -> bool:
    """Whether an answer, expired or not, makes rows hold that would not hold without it."""
    known = {(answer.fact, answer.child): answer.value for answer in sheet.answers}
    without = known | {key: REFERENCE.otherwise[key[0]]}
    return len(REFERENCE.firing(known, sheet.children)) > len(REFERENCE.firing(without, sheet.children))


def screened(known: Known) -> list[Known]:
    """What is known after the next answer to the danger screen; nothing once it is over."""
    sheet = told(Sheet(children=1), [*known.items()])
    ask = POLICY.decide(sheet, AT).ask
    return [{**known, **dict(given)} for given in answers(sheet, ask, ())] if FACTS[ask.fact].ask_with == SCREEN else []


SCREEN = OPENING[0]
FIRST = screened({})
SECOND = [known for first in FIRST for known in screened(first) or [first]]


def test_no_question_is_in_vain_settled_is_settled_and_danger_stays_when_an_interview_about_one_child_begins() -> None:
    walk = Walk(REFERENCE, 1)
    for known in ({}, *FIRST):
        check(walk, islice(reachable(walk, walk.key, known), 1), thorough=True)


@pytest.mark.parametrize("dying", [False, True], ids=["nobody says they want to die", "somebody wants to die"])
@pytest.mark.parametrize("danger", [False, True], ids=["no danger", "danger"])
def test_the_same_holds_in_every_state_it_can_get_to(*, danger: bool, dying: bool) -> None:
    walk = Walk(REFERENCE, 1)
    wanted = {("screen_danger", None): danger, ("screen_death", None): dying}
    begun = [one for one in SECOND if all((one.get(key) == "yes") == yes for key, yes in wanted.items())]
    check(walk, reachable(walk, walk.key, *begun), thorough=False)


@pytest.mark.nightly
def test_the_same_holds_when_no_two_states_are_taken_for_one_another() -> None:
    walk = Walk(REFERENCE, 1)
    check(walk, reachable(walk, lambda state: state, {}), thorough=True)


@pytest.mark.nightly
@pytest.mark.parametrize("concern", POLICY.vocabulary.groups[OPENING[1]])
def test_the_same_holds_for_two_children_and_one_concern_at_a_time(concern: str) -> None:
    walk = Walk(REFERENCE, 2)
    others: Known = {(name, None): "no" for name in POLICY.vocabulary.groups[OPENING[1]] if name != concern}
    check(walk, reachable(walk, walk.key, others), thorough=False)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_every_interview_asks_only_what_is_open_and_so_it_ends(data: st.DataObject) -> None:
    sheet = Sheet(children=data.draw(st.integers(1, 3)))
    while (ask := POLICY.decide(sheet, AT).ask) is not None:
        assert sheet.value(ask.fact, ask.child) is None
        given_answer = data.draw(st.sampled_from(list(answers(sheet, ask, FACTS[ask.fact].values))))
        assert given_answer
        sheet = told(sheet, given_answer)
    assert POLICY.decide(sheet, AT).settled


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_the_walk_and_the_plain_reference_are_of_one_mind(data: st.DataObject) -> None:
    children = data.draw(st.integers(1, 2))
    walk = Walk(REFERENCE, children)
    keys = data.draw(st.sets(st.sampled_from(walk.keys)))
    known = {key: data.draw(st.sampled_from(REFERENCE.values[key[0]])) for key in sorted(keys, key=str)}
    firing = REFERENCE.firing(REFERENCE.assumed(known, children), children)
    assert walk.standing(walk.start(known)).outcome == REFERENCE.outcome(firing)
