"""`rightdoor soak`: referrals made through whole turns while the processes that make and carry them are killed with -9."""

from bot.workbench.soak.replica import Replica
from bot.workbench.soak.soak import Plan, soak

__all__ = ["Plan", "Replica", "soak"]
