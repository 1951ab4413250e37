"""What is asked next: the policy's question while it matters, then the place, consent and a contact, then what a receiver needs."""

from __future__ import annotations

from dataclasses import dataclass

from bot.decisions import Ask, Decision, Risk
from bot.facts import Sheet, Vocabulary
from bot.places import Level, Place
from bot.turns.talk import Talk

PLACE = Ask("place", None)
CONSENT = Ask("consent", None)
CONTACT = Ask("contact", None)
REFUSALS = 2


@dataclass(frozen=True, slots=True)
class Situation:
    """What the interview knows when it chooses its next question."""

    decision: Decision
    sheet: Sheet
    place: Place | None
    place_open: bool
    consent: str
    has_details: bool
    talk: Talk


def next_question(now: Situation) -> Ask | None:
    """The one question to ask now, or None when nothing is left.

    In an emergency the place comes first, because somebody has to go there; whatever else matters follows.
    """
    where = None if _placed(now) else PLACE
    decision = now.decision
    if decision.ask and not decision.enough and not (decision.risk is Risk.EMERGENCY and where):
        return decision.ask
    return where or _contact(now) or (decision.needed if decision.enough else decision.ask)


def takes_over(now: Situation, vocabulary: Vocabulary, at_most: int) -> bool:
    """Whether a person takes over: enough was asked, or danger was refused twice."""
    refused = [a for a in now.sheet.answers if a.value == "refused" and vocabulary.facts[a.fact].sensitive]
    return now.talk.questions >= at_most or len(refused) >= REFUSALS


def _placed(now: Situation) -> bool:
    """A township is known, or the county must do; a place that is still being narrowed down is asked for again."""
    return now.place is not None and not now.place_open and now.place.level >= Level.COUNTY


def _contact(now: Situation) -> Ask | None:
    if now.consent == "none":
        return CONSENT
    return CONTACT if now.consent == "given" and not now.has_details else None
