"""Stage 4 of a turn: the promise. A case is one family's referral; each part has one owner and one deadline at every moment."""

from bot.referrals.case import Actor, Case, Event, Heir, Owner, Part, Role, Ruled, Status, Term

__all__ = ["Actor", "Case", "Event", "Heir", "Owner", "Part", "Role", "Ruled", "Status", "Term"]
