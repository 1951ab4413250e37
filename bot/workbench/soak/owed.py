"""What somebody was owed against what reached their phone: nothing missing, and how much came again."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from bot.messages import Channel
from bot.store import Store
from bot.workbench.botapi import BotApi, Person

# What Telegram needs beside a question that has buttons: a message to carry the key. Not a message of the outbox.
LOCATION_KEY = "发送我的位置"


@dataclass(frozen=True, slots=True)
class Received:
    """`missing` was owed and has not arrived, `repeats` arrived again, `strange` was never owed."""

    missing: int
    repeats: int
    strange: int


def received(store: Store, api: BotApi, person: Person) -> Received:
    """How it stands with somebody's messages now."""
    wanted, got = owed(store, person), Counter(api.sent_to(person))
    extra = got - wanted
    del extra[LOCATION_KEY]
    strange = sum(count for text, count in extra.items() if text not in wanted)
    return Received((wanted - got).total(), extra.total() - strange, strange)


def once_all_arrived(store: Store, api: BotApi, person: Person, patience: float) -> Received:
    """The same, once nothing is missing or patience is over."""
    deadline = time.monotonic() + patience
    while (found := received(store, api, person)).missing and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def owed(store: Store, person: Person) -> Counter[str]:
    """Every message committed for somebody, by its text."""
    with store.read() as work:
        contact = work.contacts.by_address(Channel.TELEGRAM, person.chat_id)
        return Counter(reply.text for _, reply in work.outbox.after(contact, 0)) if contact else Counter()
