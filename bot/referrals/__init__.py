"""Stage 4 of a turn: the promise. A case is one family's referral; each part has one owner and one deadline at every moment."""

from bot.referrals.case import Actor, Case, Event, Owner, Part, Status

__all__ = ["Actor", "Case", "Event", "Owner", "Part", "Status"]
