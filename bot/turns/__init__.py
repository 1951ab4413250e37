"""One turn: the five stages in order, in one transaction. Nothing else calls the stages in another order."""

from bot.turns.results import TurnResult
from bot.turns.turn import Turns

__all__ = ["TurnResult", "Turns"]
