"""Durations as authors write them: `0`, `30m`, `24h`, `3d`."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.facts.document import Item

_UNITS = {"m": 1, "h": 60, "d": 24 * 60}


def duration(item: Item) -> timedelta:
    """The duration an item says, to the minute. Raises `RuleFileError` for anything else."""
    found = re.fullmatch(r"(\d{1,4})([mhd])|0", item.word)
    if not found:
        item.fail(f"{item.word!r} is not a duration; write 0, 30m, 24h or 3d")
    return timedelta(minutes=int(found[1]) * _UNITS[found[2]]) if found[1] else timedelta()
