"""`rightdoor audit`: whether the log still says what it said, and who looked at something."""

from __future__ import annotations

import json

from rich.console import Console
from rich.table import Table

from bot.turns import Turns


def verify(turns: Turns, out: Console, *, as_json: bool) -> bool:
    """Whether every sealed batch is what was sealed; prints what was looked at and what is broken."""
    with turns.services.store.read() as work:
        verdict = work.seals.verify()
    broken = [{"county": b.county, "batch": b.number, "rows": b.rows, "sealed": b.sealed} for b in verdict.broken]
    if as_json:
        record = {"batches": verdict.batches, "rows": verdict.rows, "unsealed": verdict.unsealed}
        out.file.write(json.dumps(record | {"heads": verdict.heads, "broken": broken}) + "\n")
        return not broken
    out.print(f"{verdict.rows} rows in {verdict.batches} batches, {verdict.unsealed} not sealed yet")
    for county, head in verdict.heads.items():
        out.print(f"  {county or 'no county'}  {head}", highlight=False)
    for each in broken:
        where = each["county"] or "no county"
        said = (
            f"batch {each['batch']} of {where} is not what was sealed: {each['rows']} rows now, {each['sealed']} then"
        )
        out.print(said, style="bold red")
    if not broken:
        out.print("as it was sealed", style="green")
    return not broken


def about(turns: Turns, subject: str, out: Console, *, as_json: bool) -> None:
    """Everything that was written down about one id."""
    with turns.services.store.read() as work:
        looks = work.audit.about(subject)
    if as_json:
        for look in looks:
            record = {"at": look.at.isoformat(), "actor": look.actor, "action": look.action, "county": look.county}
            out.file.write(json.dumps(record) + "\n")
        return
    table = Table("at", "actor", "action", "county")
    for look in looks:
        table.add_row(f"{look.at:%Y-%m-%d %H:%M}", look.actor, look.action, look.county or "—")
    out.print(table)
