"""Stage 3 of a turn: what policy says about the facts. Rows written by a policy officer decide; nothing else does."""

from bot.decisions.decision import Ask, Citation, Decision, PartDecision
from bot.decisions.policy import Policy
from bot.decisions.risk import Risk

__all__ = ["Ask", "Citation", "Decision", "PartDecision", "Policy", "Risk"]
