"""Services and agencies: who serves this place now, and who stands above."""

from bot.directory.agency import Agency, Door
from bot.directory.directory import Directory

__all__ = ["Agency", "Directory", "Door"]
