"""What is asked next: the policy's question while it matters, then the place, consent and a contact, then what a receiver needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot.decisions import Ask, Decision, Policy, Risk
from bot.facts import Answer, Sheet, Source, Vocabulary
from bot.facts.fact import UNKNOWN
from bot.places import Level, Place
from bot.turns import reading
from bot.turns.talk import Talk

PLACE = Ask("place", None)
CONSENT = Ask("consent", None)
CONTACT = Ask("contact", None)
UNDERSTOOD = Ask(reading.UNDERSTOOD, None)
REFUSALS = 2


@dataclass(frozen=True, slots=True)
class Situation:
    """What the interview knows when it chooses its next question.

    `placed`: it need not ask where any more; `read`: what was only read in their words and decides.
    """

    decision: Decision
    sheet: Sheet
    placed: bool
    consent: str
    has_details: bool
    talk: Talk
    read: tuple[Answer, ...] = ()


def next_question(now: Situation) -> Ask | None:
    """The one question to ask now, or None when nothing is left.

    In an emergency the place comes first, because somebody has to go there; whatever else matters follows. What was only read does
    not decide above a medium risk alone: whether it is right is asked, but never before somebody goes.
    """
    where = None if now.placed else PLACE
    decision = now.decision
    if decision.ask and not decision.enough and not (decision.risk is Risk.EMERGENCY and where):
        return decision.ask
    return where or _doubt(now) or _contact(now) or (decision.needed if decision.enough else decision.ask)


def takes_over(now: Situation, vocabulary: Vocabulary, at_most: int) -> bool:
    """Whether a person takes over: enough was asked, or danger was refused twice."""
    refused = [a for a in now.sheet.answers if a.value == "refused" and vocabulary.facts[a.fact].sensitive]
    return now.talk.questions >= at_most or len(refused) >= REFUSALS


def next_but(now: Situation, passed: Collection[Ask], policy: Policy, at: datetime) -> Ask | None:
    """The question to ask now when these are left for later; None when no other is left.

    What would be asked is what would be if they had been answered with *I do not know*; nothing is decided by that.
    """
    for _ in range(len(passed) + 1):
        ask = next_question(now)
        if ask is None or ask not in passed:
            return ask
        now = _supposing(now, ask, policy, at)
    return None


def is_placed(place: Place | None, talk: Talk) -> bool:
    """A township is known, or the county must do; a place that is still being narrowed down is asked for again."""
    return place is not None and talk.place_problem is None and place.level >= Level.COUNTY


def _supposing(now: Situation, ask: Ask, policy: Policy, at: datetime) -> Situation:
    match ask:
        case Ask(fact="place"):
            return replace(now, placed=True)
        case Ask(fact="consent"):
            return replace(now, consent="refused")
        case Ask(fact=reading.UNDERSTOOD):
            return replace(now, read=())
        case Ask(fact="contact"):
            return replace(now, has_details=True)
    fact = policy.vocabulary.facts[ask.fact]
    given = {fact.ask_with: UNKNOWN} if fact.ask_with else {ask.fact: UNKNOWN}
    answers = policy.vocabulary.answers(given, ask.child, now.sheet)
    whose = policy.vocabulary.whose
    sheet = now.sheet.with_answers(Answer(f, whose(f, ask.child), value, Source.TOLD, at) for f, value in answers)
    return replace(now, sheet=sheet, decision=policy.decide(sheet, at))


def deciding(policy: Policy, sheet: Sheet, decision: Decision, at: datetime) -> tuple[Answer, ...]:
    """What was only read in somebody's words, where a high risk rests on it; costs a second decision, and only then."""
    if decision.risk is not Risk.HIGH or not sheet.read:
        return ()
    without = policy.decide(sheet.doubted(), at)
    return () if (without.risk, without.lead) == (decision.risk, decision.lead) else sheet.read


def _doubt(now: Situation) -> Ask | None:
    return UNDERSTOOD if now.read else None


def _contact(now: Situation) -> Ask | None:
    if now.consent == "none":
        return CONSENT
    return CONTACT if now.consent == "given" and not now.has_details else None
