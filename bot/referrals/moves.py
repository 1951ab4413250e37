"""Moves: each takes a part and returns the part moved and the event that tells of it. Nothing else changes a part.

What may follow what, and by whom, is the table of `lifecycle.py`. A move that is refused raises and has changed nothing.
Reasons are words of `data/referrals.yml`; whatever else is said goes into the event's detail, which is kept sealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.decisions import Risk
from bot.errors import MoveNotAllowedError
from bot.referrals.case import Actor, Event, Heir, Owner, Part, Role, Ruled, Term
from bot.referrals.lifecycle import step

Moved = tuple[Part, Event]
CLOCK, RULES, FAMILY = Actor(Role.CLOCK), Actor(Role.RULES), Actor(Role.FAMILY)


def send(part: Part, at: datetime) -> Moved:
    """The referral's message lies in the outbox."""
    return _move(part, "send", RULES, at)


def deliver(part: Part, at: datetime) -> Moved:
    """The owner's channel took the message."""
    return _move(part, "deliver", CLOCK, at)


def accept(part: Part, by: Actor, at: datetime, holder: Owner, term: Term) -> Moved:
    """`holder` takes it on, and has until the end of `term` to speak with the family."""
    moved, event = _move(part, "accept", by, at)
    return replace(moved, owner=holder).within(term), event


def decline(part: Part, by: Actor, at: datetime, reason: str, heir: Heir, avoid: str | None = None) -> Moved:
    """The owner cannot; the next in line has it. Who knows the people involved (`avoid`) has no more to do with it."""
    moved, event = _handed(part, "decline", by, at, heir, reason)
    return replace(moved, avoid=_more(part.avoid, avoid)), event


def hand_on(part: Part, by: Actor, at: datetime, reason: str, heir: Heir, words: str = "") -> Moved:
    """Somebody else is better placed."""
    return _handed(part, "hand_on", by, at, heir, reason, words)


def contact(part: Part, by: Actor, at: datetime, term: Term) -> Moved:
    """The owner has spoken with the family."""
    moved, event = _move(part, "contact", by, at)
    return moved.within(term), event


def follow_up(part: Part, by: Actor, at: datetime, plan: str, term: Term) -> Moved:
    """What was asked first is done; visits and calls are dated, the next by the end of `term`."""
    moved, event = _move(part, "follow_up", by, at, detail={"plan": plan})
    return moved.within(term), event


def visit(part: Part, by: Actor, at: datetime, finding: str, term: Term, detail: Mapping[str, Any]) -> Moved:
    """A dated visit or call was made, with what was found; the next is due by the end of `term`."""
    moved, event = _move(part, "visit", by, at, finding, detail)
    return moved.within(term), event


def note(part: Part, by: Actor, at: datetime, words: str, term: Term | None = None) -> Moved:
    """Something worth writing down; in contact it is news, and the time without news begins anew."""
    moved, event = _move(part, "note", by, at, detail={"words": words})
    return moved.within(term) if term else moved, event


def close(part: Part, by: Actor, at: datetime, outcome: str, words: str = "") -> Moved:
    """The owner's work is done, with what came of it."""
    moved, event = _move(part, "close", by, at, outcome, _said(words))
    return replace(moved, remind_at=None, awaiting=None), event


def merge(part: Part, by: Actor, at: datetime, into: Part, words: str = "") -> Moved:
    """It is the same family: it ends here and goes on in `into` (`shared`)."""
    moved, event = _move(part, "merge", by, at, detail={"into": into.id} | _said(words))
    return replace(moved, merged=into.id, remind_at=None, awaiting=None), event


def shared(into: Part, part: Part) -> Part:
    """`into` with what goes on in it: nobody of the family stops it alone, and nobody hears of it who must not hear of `part`."""
    return replace(into, shared=True, avoid=_more(into.avoid, *part.avoid))


def reopen(part: Part, by: Actor, at: datetime, reason: str, heir: Heir) -> Moved:
    """It was not over after all: `heir` has it, as a fresh referral."""
    moved, event = _handed(part, "reopen", by, at, heir, reason)
    return replace(moved, merged=None), event


def withdraw(part: Part, at: datetime, by: Actor = FAMILY) -> Moved:
    """The family takes it back. A part at medium or above that concerns a child is not theirs to stop: a supervisor decides."""
    if by.kind == Role.FAMILY and part.stays:
        raise MoveNotAllowedError(
            f"part {part.id} concerns a child at {part.risk.name.lower()} and cannot be withdrawn"
        )
    moved, event = _move(part, "withdraw", by, at)
    return replace(moved, remind_at=None, awaiting=None), event


def escalate(part: Part, at: datetime, heir: Heir, by: Actor = CLOCK) -> Moved:
    """The deadline has passed, or the family heard from nobody; the next in line has it."""
    return _handed(part, "escalate", by, at, heir)


def confirm(part: Part, at: datetime, what: str) -> Moved:
    """The family says that a promise was kept (`what` was asked). The part stays where it is: its owner's record counts."""
    return _move(part, "confirm", FAMILY, at, detail={"asked": str(what)})


def redirect(part: Part, at: datetime, decided: Part) -> Moved:
    """New facts name another lead or a higher risk: the part goes to `decided`'s owner, as a fresh referral to them."""
    return _anew(part, "redirect", RULES, at, decided)


def reopen_as(part: Part, at: datetime, decided: Part) -> Moved:
    """New facts, graver than those it ended with, open it again, as a fresh referral to `decided`'s owner."""
    return _anew(part, "reopen", RULES, at, decided)


def overrule(part: Part, by: Actor, at: datetime, reason: str, risk: Risk, lead: str, heir: Heir) -> Moved:
    """A human knows better than the rules, upward or sideways; their answer is kept beside.

    Raises `MoveNotAllowedError` for a lower risk, and when nothing would be different.
    """
    if risk < part.risk:
        raise MoveNotAllowedError(f"part {part.id} is at {part.risk.name.lower()}: nobody overrules it downward")
    if (risk, lead) == (part.risk, part.lead):
        raise MoveNotAllowedError(f"part {part.id} is at {part.risk.name.lower()} with {lead} already")
    ruled = part.ruled or Ruled(part.lead, part.risk)
    said = {"rows": list(part.rows), "lead": [ruled.lead, lead], "risk": [int(ruled.risk), int(risk)]}
    moved, event = _handed(part, "overrule", by, at, heir, reason, detail=said)
    return replace(moved, risk=risk, lead=lead, ruled=ruled), event


def await_family(part: Part, by: Actor, at: datetime, until: datetime) -> Moved:
    """The family has to do something first: the deadline stands still until `until` at the latest.

    Raises `MoveNotAllowedError` the second time for one deadline, or when this risk does not wait (`until` is not ahead).
    """
    if part.awaiting or until <= at:
        raise MoveNotAllowedError(f"part {part.id} has waited for the family as long as it may")
    moved, event = _move(part, "await_family", by, at, detail={"until": until.isoformat()})
    pause = until - at
    return replace(moved, awaiting=until, deadline=part.deadline + pause, remind_at=_later(part, pause)), event


def resume(part: Part, by: Actor, at: datetime) -> Moved:
    """The family has answered: what was left of the time runs on. Raises `MoveNotAllowedError` when nobody waits."""
    if part.awaiting is None or part.awaiting <= at:
        raise MoveNotAllowedError(f"part {part.id} does not wait for the family")
    moved, event = _move(part, "resume", by, at)
    unused = at - part.awaiting
    return replace(moved, awaiting=at, deadline=part.deadline + unused, remind_at=_later(part, unused)), event


def remind(part: Part, at: datetime) -> Moved:
    """The owner is reminded of the deadline, once."""
    moved, event = _move(part, "remind", CLOCK, at)
    return replace(moved, remind_at=None), event


def reset(part: Part, at: datetime) -> Moved:
    """The clock had run ahead and was set back: what was timed in a future that did not come is as far ahead of now."""
    moved, event = _move(part, "reset", CLOCK, at)
    since = part.since or part.created
    back = at - since
    act_by = part.act_by + (at - part.created) if part.act_by and part.created > at else part.act_by
    awaiting = part.awaiting + back if part.awaiting else None
    moved = replace(moved, since=at, created=min(part.created, at), act_by=act_by, awaiting=awaiting)
    return replace(moved, deadline=part.deadline + back, remind_at=_later(part, back)), event


def _later(part: Part, by: Any) -> datetime | None:  # noqa: ANN401 – a timedelta
    return part.remind_at + by if part.remind_at else None


def _anew(part: Part, move: str, by: Actor, at: datetime, decided: Part) -> Moved:
    """`decided` under the part's own id and with its history."""
    detail = {"from": str(part.owner), "to": str(decided.owner), "rows": list(decided.rows)}
    moved, event = _move(part, move, by, at, detail=detail)
    kept = replace(decided, id=part.id, created=part.created, status=moved.status, revision=part.revision)
    kept = replace(kept, shared=part.shared)
    return replace(kept, avoid=_more(part.avoid, *decided.avoid)), event


def _handed(
    part: Part,
    move: str,
    by: Actor,
    at: datetime,
    heir: Heir,
    reason: str | None = None,
    words: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Moved:
    hands = {"from": str(part.owner), "to": str(heir.owner)} | _said(words) | dict(detail or {})
    moved, event = _move(part, move, by, at, reason, hands)
    return moved.with_heir(heir), event


def _said(words: str) -> dict[str, str]:
    return {"words": words} if words else {}


def _more(avoid: tuple[str, ...], *names: str | None) -> tuple[str, ...]:
    return tuple(sorted({*avoid, *(name for name in names if name)}))


def _move(
    part: Part,
    move: str,
    by: Actor,
    at: datetime,
    reason: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Moved:
    """The one place where a status changes."""
    after = step(part, move, by)
    return replace(part, status=after), Event(part.id, move, part.status, after, by, at, detail or {}, reason)
