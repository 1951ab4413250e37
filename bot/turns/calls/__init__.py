"""Calls: somebody on the telephone tells, an operator's keys say what was told. A call is a channel like any other.

The same reading, decision, questions and referral as everywhere; only who types is another. `switchboard`: calls begin and change
hands; `calling` takes one key, and `keys` knows what each does; `asking` words the question to be read aloud, `tapping` asks
whoever cannot speak; `memory` is what a call remembers.
"""

from bot.turns.calls.calling import Calling, Table
from bot.turns.calls.memory import Memory
from bot.turns.calls.switchboard import Switchboard

__all__ = ["Calling", "Memory", "Switchboard", "Table"]
