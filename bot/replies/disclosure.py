"""What may be told to whom. Where violence is suspected, whoever holds the phone may be the one who is feared."""

from __future__ import annotations

from bot.facts import Sheet

# Answers that say somebody at home may be dangerous to somebody else there.
SUSPICION = frozenset(
    {
        ("concern_violence", "yes"),
        ("child_hurt", "by_guardian"),
        ("child_hurt", "unexplained"),
        ("kill_threat", "yes"),
        ("afraid_of_home", "yes"),
    }
)


def guarded(sheet: Sheet) -> bool:
    """Whether status and notices must show neither agency, place nor acceptance."""
    return any((answer.fact, answer.value) in SUSPICION for answer in sheet.answers)
