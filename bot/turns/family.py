"""A turn of somebody on the family's side: read, decide, plan, talk, keep."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import Parsed
from bot.messages import Incoming
from bot.store import Contact, Work
from bot.turns.keeping import Keeper
from bot.turns.learning import learn
from bot.turns.projecting import project
from bot.turns.reading import FALLBACK, Understood
from bot.turns.results import TurnResult
from bot.turns.services import Services
from bot.turns.talk import Talk
from bot.turns.viewing import look


def family_turn(services: Services, work: Work, contact: Contact, incoming: Incoming) -> TurnResult:
    """The five stages for one message of a family."""
    turn = work.inbox.record(incoming, contact)
    talk = Talk.from_json(contact.state)
    understood = opened(services.reader.read(incoming.content, talk, incoming.at), talk)
    standing = learn(services, work, contact, talk, understood, incoming.at)
    view = look(services, work, standing, incoming.at)
    slots = project(services, work, standing, view, understood, incoming.at)
    outcome = services.assistant.handle(
        standing.talk.engine, Parsed.of(understood.intent), slots, sender=contact.id, channel=incoming.channel.value
    )
    return Keeper(services, work, turn, incoming, standing, view, understood).keep(outcome, card=slots["card_due"])


def opened(understood: Understood, talk: Talk) -> Understood:
    """Whatever opens a conversation is greeted: the emergency line and the danger question come first."""
    unclear = understood.intent in (FALLBACK, "thanks", "help", "old_button")
    return replace(understood, intent="greet") if talk.engine is None and unclear else understood
