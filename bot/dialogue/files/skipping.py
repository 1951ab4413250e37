"""What a project asks for that this engine does not do: refused by name, or listed and skipped.

skipping = Skipping(ignore=True)
for item in file.child("rules").items():
    with skipping:                      # a rule with one unsupported step is skipped whole
        rules += reader.rules(item)
skipping.found                          # (data/rules.yml:7: checkpoints are not supported …,)
"""

from __future__ import annotations

from types import TracebackType

from bot.dialogue.findings import Finding
from bot.errors import UnsupportedError, Where


class Skipping:
    """Around whatever is skipped as a whole: an `UnsupportedError` in it is kept in `found`, or raised."""

    def __init__(self, *, ignore: bool = False) -> None:
        self._ignore = ignore
        self.found: list[Finding] = []

    def __enter__(self) -> None:
        """Nothing is prepared."""

    def __exit__(self, _: object, error: BaseException | None, __: TracebackType | None) -> bool:
        if not (self._ignore and isinstance(error, UnsupportedError)):
            return False
        self.found.append(Finding(error.where or Where("?"), error.message))
        return True
