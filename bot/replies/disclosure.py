"""What may be told to whom. Where violence is suspected, whoever holds the phone may be the one who is feared."""

from __future__ import annotations

from bot.facts import Sheet

# Answers that say somebody at home may be dangerous to somebody else there.
SUSPICION = frozenset(
    {
        ("afraid_of_home", "yes"),
        ("caller", "child"),
        ("cannot_speak", "yes"),
        ("child_hurt", "by_guardian"),
        ("child_hurt", "unexplained"),
        ("concern_sexual", "yes"),
        ("concern_violence", "yes"),
        ("hit_child", "often"),
        ("hit_child", "once"),
        ("kill_threat", "yes"),
        ("marriage_forced", "yes"),
        ("not_my_village", "yes"),
        ("partner_hit", "past"),
        ("partner_hit", "yes"),
        ("sexual_harm", "yes"),
        ("suspect_is", "guardian"),
        ("suspect_is", "relative"),
        ("suspects_harm", "weak"),
        ("suspects_harm", "yes"),
    }
)


def guarded(sheet: Sheet) -> bool:
    """Whether status and notices must show neither agency, place nor acceptance."""
    return any((answer.fact, answer.value) in SUSPICION for answer in sheet.answers)
