"""Every family that `check` shows is decided again, by the product itself, and must show what is said of it.

Nothing here knows the proofs: sheets go through `Policy.decide`, rules are read from the policy's rows, conditions are
looked at one by one. `assert_shown` is used wherever a test finds something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.decisions import Decision, PartDecision, Policy
from bot.decisions.risk import BY_WORD, Risk
from bot.decisions.row import Row
from bot.decisions.safeguards import Claim, Safeguard
from bot.facts import Sheet
from bot.workbench.check import Finding
from bot.workbench.proof import Family

Key = tuple[str, int | None]
FOREVER = float("inf")


def assert_shown(finding: Finding, policy: Policy, day: date | None = None) -> None:
    """The family of a finding shows it, and no smaller one does."""
    on = day or max(row.valid_from for row in policy.rows)
    family = finding.shown_by
    if family is None:
        assert finding.kind in {"unreachable", "vacuous"}
        return
    assert family.sheet().plain() == finding.family
    assert shows(finding, family, policy, on), f"does not show: {finding.line}"
    for smaller in _smaller(family):
        assert not shows(finding, smaller, policy, on), f"smaller: {smaller.plain()} shows {finding.line}"


def _smaller(family: Family) -> Iterator[Family]:
    """The family without one of its answers (its second sheet without it as well)."""
    for key in family.answers:
        beside = family.beside
        if beside is not None and key in beside.answers:
            beside = replace(beside, answers={k: v for k, v in beside.answers.items() if k != key})
        yield replace(family, answers={k: v for k, v in family.answers.items() if k != key}, beside=beside)


def shows(finding: Finding, family: Family, policy: Policy, on: date) -> bool:
    """Whether a family shows what a finding says."""
    sheet = family.sheet()
    if excluded(policy, sheet, on):
        return False
    decision = policy.decide(sheet, on)
    match finding.kind:
        case "idle":
            (name,) = finding.subject
            without = without_row(policy, name).decide(sheet, on)
            return name in decision.rows and said(decision) == said(without)
        case "tie":
            return ties(policy, sheet, on, *finding.subject)
        case "at_least":
            fact, value = finding.subject
            promised = BY_WORD[policy.vocabulary.facts[fact].at_least[value]]
            return _value(sheet, policy, fact) == value and decision.risk < promised
        case "careful":
            return raised(policy, family, on, *finding.subject)
        case "hidden":
            return hidden(policy, family, on, *finding.subject)
        case "safeguard":
            one = next(guard for guard in policy.base.safeguards if guard.id == finding.subject[0])
            if one.moving:
                _, low, high, what = finding.subject
                return raised(policy, family, on, one.moving, low, high, what)
            return breaks(policy, sheet, on, one, finding.subject)
    raise AssertionError(finding.kind)


def said(decision: Decision) -> tuple[Any, ...]:
    """What a family or a service would notice."""
    parts = {(p.for_whom, p.child, p.risk, p.lead, p.also, p.first_action, p.act_within) for p in decision.parts}
    return decision.risk, parts, set(decision.nevers), decision.follow_up


# --- what a sheet counts as --------------------------------------------------------------------------------------


def _value(sheet: Sheet, policy: Policy, fact: str, child: int = 0) -> str | None:
    return sheet.value(fact, policy.vocabulary.whose(fact, child))


def counting(policy: Policy, sheet: Sheet, on: date) -> list[Mapping[str, str]]:
    """What the facts count as, for each child; open ones are left out. What is assumed is asked of the product."""
    assumed = set(policy.decide(sheet, on).assumed)
    found: list[Mapping[str, str]] = []
    for child in range(max(1, sheet.children)):
        values: dict[str, str] = {}
        for fact in policy.vocabulary.facts.values():
            whose = policy.vocabulary.whose(fact.name, child)
            value = sheet.value(fact.name, whose) or (fact.otherwise if (fact.name, whose) in assumed else None)
            if value is not None:
                values[fact.name] = value
        found.append(values)
    return found


def meets(values: Mapping[str, str], sets: Any) -> bool:
    """One of the sets of conditions is met."""
    return any(all(values.get(name) in wanted for name, wanted in one.items()) for one in sets)


def excluded(policy: Policy, sheet: Sheet, on: date) -> bool:
    """A family that cannot be."""
    return any(meets(values, policy.vocabulary.never_together) for values in counting(policy, sheet, on))


# --- rows --------------------------------------------------------------------------------------------------------


def without_row(policy: Policy, name: str) -> Policy:
    """The policy without a row, and without a word of it."""
    rows = (replace(row, before=tuple(o for o in row.before if o != name)) for row in policy.rows if row.id != name)
    return Policy(replace(policy.base, rows=tuple(rows)))


def with_first(policy: Policy, name: str) -> Policy:
    """The policy with a row, and whatever must come before it, written before all others."""
    first = {name}
    for _ in policy.rows:
        first |= {row.id for row in policy.rows if first & set(row.before)}
    rows = sorted(policy.rows, key=lambda row: row.id not in first)
    return Policy(replace(policy.base, rows=tuple(rows)))


def ties(policy: Policy, sheet: Sheet, on: date, one: str, other: str) -> bool:
    """Which of two rows of equal risk is written first makes a difference to somebody's lead or first action."""
    first, second = (with_first(policy, name).decide(sheet, on) for name in (one, other))
    rows = {row.id: row for row in policy.in_force(on)}
    return (
        {one, other} <= set(first.rows)
        and rows[one].risk == rows[other].risk
        and {_led(part) for part in first.parts} != {_led(part) for part in second.parts}
    )


def _led(part: PartDecision) -> tuple[Any, ...]:
    return part.for_whom, part.child, part.lead, part.first_action


# --- two sheets --------------------------------------------------------------------------------------------------


def raised(policy: Policy, family: Family, on: date, fact: str, low: str, high: str, what: str) -> bool:
    """One answer is worse, the others are kept, whatever it asks in consequence is answered; and it looks better."""
    assert family.beside is not None
    before, after = family.sheet(), family.beside.sheet()
    key = (fact, policy.vocabulary.whose(fact, 0))
    stepped = (before.value(*key) or "") == low and after.value(*key) == high
    kept = all(after.value(*k) == before.value(*k) for k in family.answers if k != key)
    more = [k for k in family.beside.answers if k not in family.answers and k != key]
    asked = all(k in policy.decide(before, on).assumed and _open(policy, family.beside, k, on) for k in more)
    still = not [
        k for k in policy.decide(before, on).assumed if k != key and not _settled(policy, family.beside, k, on)
    ]
    return (
        stepped
        and kept
        and asked
        and still
        and not excluded(policy, after, on)
        and worse_off(policy, before, after, on, what)
    )


def _open(policy: Policy, family: Family, key: Key, on: date) -> bool:
    """Without its answer this fact could be asked."""
    less = replace(family, answers={k: v for k, v in family.answers.items() if k != key})
    return key not in policy.decide(less.sheet(), on).assumed


def _settled(policy: Policy, family: Family, key: Key, on: date) -> bool:
    return key in family.answers or key in policy.decide(family.sheet(), on).assumed


def worse_off(policy: Policy, before: Sheet, after: Sheet, on: date, what: str) -> bool:
    """Risk is lower, or somebody still served has longer, or the soonest of all is later."""
    one, two = policy.decide(before, on), policy.decide(after, on)
    if what == "risk":
        return two.risk < one.risk
    times, later = _times(one), _times(two)
    longer = any(later[whom] > time for whom, time in times.items() if whom in later)
    return longer or min(later.values()) > min(times.values())


def _times(decision: Decision) -> dict[Key, float]:
    return {(p.for_whom, p.child): FOREVER if p.act_within is None else p.act_within for p in decision.parts}


def hidden(policy: Policy, family: Family, on: date, name: str, number: str) -> bool:
    """The truth has the row, all of it shows, and the honest interview ends below its risk."""
    assert family.beside is not None
    asked, truth = family.sheet(), family.beside.sheet()
    row = next(row for row in policy.in_force(on) if row.id == name)
    (values,) = counting(policy, truth, on)
    conditions = row.when[int(number)]
    whole = all((fact, policy.vocabulary.whose(fact, 0)) in family.beside.answers for fact in policy.vocabulary.facts)
    honest = all(truth.value(*key) == value and _open(policy, family, key, on) for key, value in family.answers.items())
    assumed = policy.decide(asked, on).assumed
    ended = all(k in family.answers or k in assumed for k in family.beside.answers)
    told = meets(values, [conditions]) and all(_showing(policy, values, truth, fact) for fact in conditions)
    below = policy.decide(asked, on).risk < row.risk
    return whole and honest and ended and told and below and not excluded(policy, truth, on)


def _showing(policy: Policy, values: Mapping[str, str], truth: Sheet, name: str) -> bool:
    """The fact is always asked, a cue was heard, or a declared signal is true and shows itself."""
    fact = policy.vocabulary.facts[name]
    if not fact.relevant_when:
        return True
    if fact.cues and (name, policy.vocabulary.whose(name, 0)) in truth.mentions:
        return True
    return any(
        meets(values, [signal]) and all(_showing(policy, values, truth, other) for other in signal)
        for signal in fact.mentioned_by
    )


# --- safeguards --------------------------------------------------------------------------------------------------


def breaks(policy: Policy, sheet: Sheet, on: date, one: Safeguard, subject: tuple[str, ...]) -> bool:
    """The decision breaks the claim of a safeguard that a finding is about."""
    decision, values = policy.decide(sheet, on), counting(policy, sheet, on)
    like = [child for child, v in enumerate(values) if meets(v, one.whenever)]
    if not like or (one.at_the_end and not _ended(policy, sheet, on)):
        return False
    _, word, kind, *words = subject
    claims = one.always if word == "always" else one.never
    claim = next(c for c in claims if (c.kind, *c.words, c.for_whom or "") == (kind, *words))
    if word == "never":
        return met(policy, claim, decision, None)
    children = like if claim.for_whom == "child" else [None]
    return not all(met(policy, claim, decision, child) for child in children)


def _ended(policy: Policy, sheet: Sheet, on: date) -> bool:
    assumed = policy.decide(sheet, on).assumed
    keys = [
        (fact.name, policy.vocabulary.whose(fact.name, child))
        for fact in policy.vocabulary.facts.values()
        for child in range(max(1, sheet.children))
    ]
    return all(key in assumed or sheet.value(*key) is not None for key in keys)


def met(policy: Policy, claim: Claim, decision: Decision, child: int | None) -> bool:
    """A claim is true of a decision, or of one of the parts it is about."""
    del policy
    match claim.kind:
        case "risk":
            return decision.risk >= BY_WORD[claim.words[0]]
        case "row":
            return bool(set(claim.words) & set(decision.rows))
        case "forbidden":
            return set(claim.words) <= set(decision.nevers)
        case "card":
            return decision.risk is Risk.EMERGENCY
    parts = [p for p in decision.parts if claim.for_whom in (None, p.for_whom) and child in (None, p.child)]
    return any(_of_part(claim, part) for part in parts)


def _of_part(claim: Claim, part: PartDecision) -> bool:
    heard = {part.lead, *part.also}
    match claim.kind:
        case "within":
            return part.act_within is not None and part.act_within <= (claim.minutes or 0)
        case "lead":
            return part.lead in claim.words
        case "told":
            return set(claim.words) <= heard
        case "service":
            return bool(set(claim.words) & heard)
    assert claim.kind == "first_action"
    return part.first_action in claim.words


def row_of(policy: Policy, name: str) -> Row:
    """A row by its id."""
    return next(row for row in policy.rows if row.id == name)
