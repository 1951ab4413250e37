"""A family and what was decided about it, as an entry of `rules/situations/*.cases.yml`."""

from __future__ import annotations

import json

from bot.decisions import Decision
from bot.facts import Sheet
from bot.workbench.oneline import list_text, table_text


def case_text(name: str, sheet: Sheet, decision: Decision) -> str:
    """YAML that can be pasted: the family, its children, and the rows, risk, leads and nevers that policy gives them."""
    plain = sheet.plain()
    leads = {part.for_whom + (f" {part.child}" if part.child else ""): part.lead for part in decision.parts}
    lines = [f"- case: {json.dumps(name, ensure_ascii=False)}"]
    lines += [f"  family: {table_text(plain['family'])}"] if plain["family"] else []
    lines += (
        ["  children:", *(f"    - {table_text(child)}" for child in plain["children"])] if plain["children"] else []
    )
    lines += [f"  rows: {list_text(decision.rows)}", f"  risk: {decision.risk.word}", f"  leads: {table_text(leads)}"]
    lines += [f"  never: {list_text(decision.nevers)}"] if decision.nevers else []
    return "\n".join(lines)
