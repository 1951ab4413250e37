"""What a turn hands back to its channel, and its stable JSON (`rightdoor chat --json`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.decisions import Ask, Decision
from bot.facts import Sheet
from bot.referrals import Case
from bot.replies import Reply


@dataclass(frozen=True, slots=True)
class TurnResult:
    """The replies, the number of the newest outgoing message, and the state behind them."""

    replies: tuple[Reply, ...] = ()
    last: int = 0
    state: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """`{"replies", "facts", "asked", "decision", "referrals"}`; the words are fixed and documented."""
        nothing: dict[str, Any] = {
            "facts": {"family": {}, "children": []},
            "asked": None,
            "decision": None,
            "referrals": [],
        }
        return {"replies": [reply.to_json() for reply in self.replies]} | nothing | dict(self.state)


def state_of(sheet: Sheet, ask: Ask | None, decision: Decision, case: Case | None) -> dict[str, Any]:
    """The state a turn leaves behind, in stable words."""
    return {
        "facts": sheet.plain(),
        "asked": {"fact": ask.fact, "child": ask.child} if ask else None,
        "decision": decision.to_json(),
        "referrals": [
            {
                "id": part.id,
                "part": part.for_whom,
                "status": part.status.value,
                "lead": part.lead,
                "owner": str(part.owner),
                "deadline": part.deadline.isoformat(),
            }
            for part in (case.parts if case else ())
        ],
    }
