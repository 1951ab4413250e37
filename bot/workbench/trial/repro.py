"""A family and what was decided about it, as an entry of `rules/situations/*.cases.yml`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from bot.decisions import Decision
from bot.facts import Sheet


def case_text(name: str, sheet: Sheet, decision: Decision) -> str:
    """YAML that can be pasted: the family, its children, and the rows, risk, leads and nevers that policy gives them."""
    plain = sheet.plain()
    leads = {part.for_whom + (f" {part.child}" if part.child else ""): part.lead for part in decision.parts}
    lines = [f"- case: {json.dumps(name, ensure_ascii=False)}"]
    lines += [f"  family: {_table(plain['family'])}"] if plain["family"] else []
    lines += ["  children:", *(f"    - {_table(child)}" for child in plain["children"])] if plain["children"] else []
    lines += [f"  rows: {_list(decision.rows)}", f"  risk: {decision.risk.word}", f"  leads: {_table(leads)}"]
    lines += [f"  never: {_list(decision.nevers)}"] if decision.nevers else []
    return "\n".join(lines)


def _table(words: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in words.items()) + "}"


def _list(words: Iterable[str]) -> str:
    return f"[{', '.join(words)}]"
