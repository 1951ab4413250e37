"""One turn: the five stages in order, in one transaction. Nothing else calls the stages in another order."""

from bot.turns.turn import TurnResult, Turns

__all__ = ["TurnResult", "Turns"]
