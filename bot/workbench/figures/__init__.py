"""`rightdoor referrals report`: how long families wait, where, and why things move; small numbers are not shown."""

from bot.workbench.figures.counting import FEWEST, Report, count
from bot.workbench.figures.showing import as_csv, as_svg, as_tables

__all__ = ["FEWEST", "Report", "as_csv", "as_svg", "as_tables", "count"]
