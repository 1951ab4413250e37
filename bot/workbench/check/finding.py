"""One thing that is wrong with a rule base."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import Where
from bot.workbench.proof import Family

# What a finding is about, in words that stay: ("careful", "child_age", "8to13", "5to7", "risk").
Subject = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What, where, and one concrete family for which it shows, if it takes one.

    `kind` is refused, unreachable, idle, tie, at_least, careful, hidden, safeguard, vacuous, door, case, wording or disclosure.
    `family` is as `rightdoor decide` takes it; `conversation` the shortest that leads there, `[{"fact", "value", "how"}]` with
    `how` asked or said. `subject` tells one finding from another whatever its family; `shown_by` is the family as it was found.
    """

    kind: str
    where: Where
    message: str
    family: Mapping[str, Any] | None = None
    conversation: Sequence[Mapping[str, str]] = ()
    subject: Subject = ()
    shown_by: Family | None = None

    @property
    def line(self) -> str:
        """`rules/situations/divorce.yml:8: tie: … {"family": …}`."""
        example = f" {json.dumps(self.family, ensure_ascii=False)}" if self.family else ""
        return f"{self.where}: {self.kind}: {self.message}{example}"

    def to_json(self) -> dict[str, Any]:
        """`{"kind","file","line","message","family","conversation"}`; its words are fixed."""
        return {
            "kind": self.kind,
            "file": str(self.where.file),
            "line": self.where.line,
            "message": self.message,
            "family": self.family,
            "conversation": list(self.conversation),
        }
