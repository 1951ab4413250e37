"""One thing that is wrong with a rule base."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import Where


@dataclass(frozen=True, slots=True)
class Finding:
    """What, where, and one concrete family for which it shows (as `rightdoor decide` takes it), if it takes one.

    `kind` is refused, unreachable, idle, tie, at_least, case or wording.
    """

    kind: str
    where: Where
    message: str
    family: Mapping[str, Any] | None = None

    @property
    def line(self) -> str:
        """`rules/situations/divorce.yml:8: tie: … {"family": …}`."""
        example = f" {json.dumps(self.family, ensure_ascii=False)}" if self.family else ""
        return f"{self.where}: {self.kind}: {self.message}{example}"

    def to_json(self) -> dict[str, Any]:
        """`{"kind","file","line","message","family"}`; its words are fixed."""
        return {
            "kind": self.kind,
            "file": str(self.where.file),
            "line": self.where.line,
            "message": self.message,
            "family": self.family,
        }
