"""When a turn fails: the family gets an honest reply and a human, in a transaction of its own."""

from __future__ import annotations

from bot.messages import Incoming
from bot.replies import Reply
from bot.turns.results import TurnResult
from bot.turns.services import Services
from bot.turns.tasks import Tasks
from bot.turns.writing import Outgoing


def apologise(services: Services, incoming: Incoming) -> TurnResult:
    """Keeps the message, tells the truth, and raises a task. Raises `StoreUnavailableError` when even that cannot be kept."""
    with services.store.work() as work:
        contact = work.contacts.by_address(incoming.channel, incoming.chat)
        contact = contact or work.contacts.new(incoming.channel, incoming.chat, incoming.at, incoming.language)
        turn = work.inbox.record(incoming, contact)
        Tasks(services, work, turn, incoming.at).raise_for(contact, "failed_turn")
        reply: Reply = services.say("utter_failed", contact.language)
        return TurnResult((reply,), Outgoing(services, work, turn, incoming.at).replies(contact, (reply,)))
