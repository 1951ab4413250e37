"""How fast a channel may be written to; who keeps it, and for all processes together, is `bot/store/pacing.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `a_second` messages in any second; a chat, or a group of people, is left alone for so many seconds after each.

    As it stands it is Telegram's: about 30 messages a second in all, one a second to one chat, twenty a minute to a group
    (Bots FAQ, "My bot is hitting limits"). A group's address there begins with a minus. A sixth of the 30 is left for what
    does not come from the outbox (answers to buttons, deletions) and for messages that are faster than those before them.
    """

    a_second: int = 25
    chat_rests: float = 1.0
    group_rests: float = 3.0

    def rest(self, address: str) -> timedelta:
        """How long the chat at this address is left alone."""
        return timedelta(seconds=self.group_rests if address.startswith("-") else self.chat_rests)
