"""`rightdoor try`: an interview walked in a terminal, with the policy's reasons in sight, that ends as a case to paste."""

from bot.workbench.trial.session import Session, beginning
from bot.workbench.trial.walk import walk
from bot.workbench.trial.words import TryWords

__all__ = ["Session", "TryWords", "beginning", "walk"]
