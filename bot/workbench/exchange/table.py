"""A case as CSV: a line for each part, times in UTC, words as they are fixed in docs/json.md."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from bot.referrals import Part
from bot.workbench.exchange.record import Record

FIRST = {"accepted": "accept", "contacted": "contact", "closed": "close"}  # column → the move whose last time it holds
COLUMNS = (
    "case", "part", "for", "child", "county", "risk", "lead", "level", "agency", "status", "created", "deadline", "act_by",
    *FIRST, "reason", "escalations", "ruled_lead", "ruled_risk",
)  # fmt: skip


def table(record: Record) -> str:
    """Nothing personal is in it, whatever was asked for: what the family said is no column."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_line(record, part) for part in record.case.parts)
    return out.getvalue()


def _line(record: Record, part: Part) -> dict[str, object]:
    events = record.events[part.id]
    last = {event.move: event for event in events}
    return {
        "case": record.case.id,
        "part": part.id,
        "for": part.for_whom,
        "child": part.child,
        "county": record.case.county,
        "risk": part.risk.name.lower(),
        "lead": part.lead,
        "level": part.level,
        "agency": part.owner.agency,
        "status": part.status.value,
        "created": _time(part.created),
        "deadline": _time(part.deadline) if part.status.open else "",
        "act_by": _time(part.act_by),
        **{column: _time(last[move].at) if move in last else "" for column, move in FIRST.items()},
        "reason": last["close"].reason if "close" in last else "",
        "escalations": sum(event.move == "escalate" for event in events),
        "ruled_lead": part.ruled.lead if part.ruled else "",
        "ruled_risk": part.ruled.risk.name.lower() if part.ruled else "",
    }


def _time(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""
