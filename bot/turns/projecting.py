"""The projection: sheet, decision and plan as the slots the dialogue reads. Made anew each turn; nothing is kept in it.

{"next_question": "divorce", "divorce": None, "refuses_child": "both", "card_due": False, "referral": {…}, …}
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.decisions import Ask, Decision, Risk
from bot.facts import Sheet
from bot.places import Level, Place
from bot.referrals import Case, Part, Status
from bot.referrals.receipt import spaced
from bot.replies.disclosure import guarded
from bot.store import Work
from bot.turns.corresponding import Corresponding
from bot.turns.inquiring import ANSWERS, Inquiring
from bot.turns.learning import Standing
from bot.turns.moving import Moving, Stand
from bot.turns.reading import Understood
from bot.turns.services import Services
from bot.turns.talk import Talk
from bot.turns.telling import Teller
from bot.turns.viewing import View

# A reason names one door; several would not be read on a phone.
REASONS = 1


def project(
    services: Services, work: Work, standing: Standing, view: View, understood: Understood, at: datetime
) -> dict[str, Any]:
    """Every slot the dialogue may read in this turn."""
    talk = standing.talk
    teller = services.teller(talk.language, at)
    human_by = teller.by(at + timedelta(minutes=services.settings.human_within))
    slots = {
        "language": talk.language,
        "interviewing": view.ask is not None,
        "next_question": view.ask.fact if view.ask else None,
        "first_contact": talk.engine is None,
        "heard": teller.heard(standing.heard),
        "renamed": _renamed(standing, understood),
        "read_so_far": teller.heard(view.situation.read),
        "understood": None,
        "card_due": card_due(view.decision, talk.carded),
        "minor_writes": standing.sheet.value("caller") == "child",
        "place": standing.place.full_name if standing.place else None,
        "consent": None if standing.contact.consent == "none" else standing.contact.consent,
        "contact": "given" if standing.contact.details else None,
        "status": _status(services, work, understood.receipt, standing.talk, at),
        "news": list(talk.news) or None,
        "human_by": human_by,
        "inquiry": _inquiry(services, work, standing, understood, at),
        "withdrawal": _withdrawal(work, standing, understood),
        "letter": _letter(services, work, standing, understood, at),
        "erasable": understood.intent.startswith("erase") and erasable(work.cases.of_contact(standing.contact.id)),
        "misunderstood": talk.misunderstood,
        "with_human": standing.held is not None,
        "about_sibling": bool(view.ask and view.ask.child and view.ask.child != talk.asked_child),
        "referral": _referral(standing, view, teller, human_by),
        "moves": None,
    }
    slots |= place_slots(services, talk)
    return slots | fact_slots(standing.sheet, tuple(services.policy.vocabulary.facts), view.ask)


def _renamed(standing: Standing, understood: Understood) -> dict[str, str] | None:
    """What the place that was named is called today, where its former name was used."""
    was = understood.place.was if understood.place else None
    place = (understood.place.place if understood.place else None) or standing.place
    return {"was": was.name, "since": str(was.until), "now": place.full_name} if was and place else None


def fact_slots(sheet: Sheet, names: Sequence[str], asked: Ask | None) -> dict[str, Any]:
    """Every fact's value, the family's or the first child's; what is asked is shown empty even when an expired answer counts."""
    slots: dict[str, Any] = {name: sheet.value(name) or sheet.value(name, 0) for name in names}
    return slots | ({asked.fact: None} if asked else {})


def place_slots(services: Services, talk: Talk) -> dict[str, Any]:
    """What the place question says and offers."""
    options = [place for code in talk.options if (place := services.gazetteer.get(code))]
    guess = services.gazetteer.get(talk.guess) if talk.guess else None
    county = guess if guess and guess.level is Level.COUNTY else None
    labels = {name: services.say(f"utter_place_{name}", talk.language).text for name in ("choices", "unsure")}
    return {
        "place_problem": talk.place_problem,
        "found": guess.full_name if guess else None,
        "place_options": option_buttons(options, county, labels),
    }


def option_buttons(options: Sequence[Place], county: Place | None, labels: dict[str, str]) -> list[dict[str, str]]:
    """One button a place, then the way out: the county alone, or a list to choose from."""
    buttons = [{"title": _title(p, county), "payload": f'/place{{"code":"{p.code}"}}'} for p in options]
    if county:
        return [*buttons, {"title": labels["unsure"], "payload": f'/place{{"enough":"{county.code}"}}'}]
    listed = bool(options) and options[0].level <= Level.PREFECTURE
    return buttons if listed else [*buttons, {"title": labels["choices"], "payload": '/place{"list":""}'}]


def _title(place: Place, county: Place | None) -> str:
    """A place's name; in full where it may be mistaken for another."""
    return place.name if county or place.level <= Level.PREFECTURE else place.full_name


def card_due(decision: Decision, carded: Sequence[str]) -> bool:
    """Whether the emergency card must be the very next thing said: an emergency with a row that was not carded yet."""
    return decision.risk is Risk.EMERGENCY and not set(decision.rows) <= set(carded)


def erasable(cases: Sequence[Case]) -> bool:
    """Whether erasing is the person's own to decide: no open part at medium or above concerns a child."""
    parts = (part for case in cases for part in case.parts)
    return not any(p.status.open and p.stays for p in parts)


def told_key(part: Part) -> str:
    """A part as it was told to the family: when another agency takes over, it is told again."""
    return f"{part.id}@{part.owner.agency}"


def parts_after(standing: Standing, view: View) -> tuple[Part, ...]:
    """The case's parts as they will stand when the plan is kept."""
    planned = {part.id: part for part in view.plan.parts}
    existing = standing.case.parts if standing.case else ()
    return (*(planned.pop(p.id, p) for p in existing), *planned.values())


def _referral(standing: Standing, view: View, teller: Teller, human_by: str) -> dict[str, Any] | None:
    """What `action_refer` says: a message a door that was not told yet, one reason, the code."""
    if view.taken_over:
        return {"state": "takeover", "by": human_by}
    if standing.case is None or view.ask is not None:
        return None
    untold = [p for p in parts_after(standing, view) if told_key(p) not in standing.talk.told]
    if not untold:
        return {"state": "sent"}
    because = [reason[teller.language] for reason in view.decision.because[:REASONS]]
    return {
        "state": "ready",
        "doors": [teller.door(part, standing.place) for part in untold],
        "because": because[0] if because else None,
        "receipt": spaced(standing.case.receipt),
    }


def _inquiry(services: Services, work: Work, standing: Standing, understood: Understood, at: datetime) -> str | None:
    """Whether what is said answers a question about a promise (`asked`), comes before its time (`early`), or neither."""
    if understood.intent not in ANSWERS:
        return None
    return Inquiring(services, work, "", at).open(standing.contact, understood.intent)


def _letter(
    services: Services, work: Work, standing: Standing, understood: Understood, at: datetime
) -> dict[str, Any] | None:
    """Whether a letter can be left (`write`), for whom is to be chosen first (`choose`), or it was just written (`passed`).

    `none`: nobody has anything of theirs; `full`: so many are unread that a human is asked for. Where violence is suspected
    nobody is offered a choice, which would tell who has what.
    """
    if understood.intent not in ("message", "letter"):
        return None
    corresponding = Corresponding(services, work, "", at)
    meant = corresponding.meant(standing.contact, standing.talk, understood.part)
    if not meant:
        return {"state": "none"}
    if len(meant) > 1:
        teller = services.teller(standing.talk.language, at)
        return {"state": "choose", "buttons": [teller.addressee(part) for part in meant]}
    if corresponding.full(meant[0]):
        return {"state": "full"}
    return {"state": "write" if understood.intent == "message" else "passed"}


def _withdrawal(work: Work, standing: Standing, understood: Understood) -> str | None:
    """What withdrawing would do: `all`, `some` or `none` of what is open stops; `nothing` is open.

    None where it is not asked for, and where violence is suspected: whoever holds the phone stops nothing.
    """
    if not understood.intent.startswith("withdraw") or guarded(standing.sheet):
        return None
    stays = [p.stays for case in work.cases.of_contact(standing.contact.id) for p in case.parts if p.status.open]
    if not stays:
        return "nothing"
    return "all" if not any(stays) else "none" if all(stays) else "some"


def _status(services: Services, work: Work, receipt: str | None, talk: Talk, at: datetime) -> dict[str, Any] | None:
    """How a case stands, for whoever holds its code: nothing that betrays anybody where violence is suspected."""
    if receipt is None:
        return None
    if talk.locked_at(at):
        return {"known": False, "locked": True}
    case = work.cases.by_receipt(receipt)
    if case is None:
        return {"known": False}
    moving = Moving(services, work, "", at)
    standing = [moving.goes_on(Stand(case, part)) for part in case.parts]
    if any(guarded(work.sheets.sheet(where)) for where in {case.id, *(home.id for home, _ in standing)}):
        return {"known": True, "guarded": True, "lines": []}
    came_by = {
        event.part: event.move
        for where in {home.id for home, _ in standing}
        for event in work.cases.timeline(where)
        if event.after is Status.SENT
    }
    teller = services.teller(talk.language, at)
    lines = [teller.status_line(part, came_by.get(part.id)) for _, part in standing]
    return {"known": True, "guarded": False, "lines": lines}
