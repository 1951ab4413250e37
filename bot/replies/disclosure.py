"""What may be told to whom. Where violence is suspected, whoever holds the phone may be the one who is feared."""

from __future__ import annotations

from bot.facts import Sheet

# Facts that say somebody in the family may be dangerous to somebody else in it.
VIOLENCE = frozenset({"child_hurt", "hurt_by", "kill_threat", "violence"})


def guarded(sheet: Sheet) -> bool:
    """Whether status and notices must show neither agency, place nor acceptance."""
    return any(answer.fact in VIOLENCE and answer.value not in ("no", "nobody") for answer in sheet.answers)
