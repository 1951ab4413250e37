"""A light engine for Rasa rule projects: same files, same meaning (rasa 3.6.21), no model, no server.

It knows nothing of families: a folder of Rasa files and a function that runs actions is all it needs.
"""

from bot.dialogue.actions import ActionRejected, InProcessActions
from bot.dialogue.assistant import Assistant, Outcome
from bot.dialogue.engine import Engine
from bot.dialogue.project import Project
from bot.dialogue.understanding.parsed import Parsed

__all__ = ["ActionRejected", "Assistant", "Engine", "InProcessActions", "Outcome", "Parsed", "Project"]
