"""Services and agencies: who serves this place now, who is on duty, and who stands above."""

from bot.directory.agency import Agency, Door, Kept, Passed
from bot.directory.directory import Directory, Reach

__all__ = ["Agency", "Directory", "Door", "Kept", "Passed", "Reach"]
