"""How urgent it is."""

from __future__ import annotations

from enum import IntEnum


class Risk(IntEnum):
    """From an answer that is enough to somebody who must be there now."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    EMERGENCY = 4

    @property
    def word(self) -> str:
        """The stable word in files and JSON."""
        return self.name.lower()


BY_WORD = {risk.word: risk for risk in Risk}
