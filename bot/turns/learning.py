"""What a message adds to what is known: answers on the sheet, the place, consent, a contact. Written within the turn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.facts import Answer, Sheet, Source
from bot.places import Place
from bot.referrals import Case
from bot.referrals.receipt import new_receipt
from bot.store import Contact, Task, Work
from bot.turns.reading import PlaceHeard, Told, Understood
from bot.turns.services import Services
from bot.turns.talk import Talk

# The interview asks about one child and, once, about another.
FAMILY_OF_TWO = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a family stands after their message was read: contact, conversation, case, sheet, place.

    `heard` is what was read in their own words; `moved` says that the place changed in this turn; `held` is the task
    about this conversation that a person is on.
    """

    contact: Contact
    talk: Talk
    case: Case | None
    sheet: Sheet
    place: Place | None
    heard: tuple[Told, ...] = ()
    moved: bool = False
    held: Task | None = None


def learn(
    services: Services, work: Work, contact: Contact, talk: Talk, understood: Understood, at: datetime
) -> Standing:
    """The family's standing with everything `understood` tells."""
    talk = replace(talk, language=understood.language or talk.language or contact.language or "zh")
    contact = replace(contact, language=talk.language, last_heard=at)
    if understood.intent == "start_over":
        contact, talk = _start_over(work, contact, talk, at)
    if understood.receipt and not talk.locked_at(at):
        talk = talk.guessed(at, right=work.cases.by_receipt(understood.receipt) is not None)
    case = work.cases.get(contact.case) if contact.case else None
    if case is None and _tells(understood):
        case = work.cases.new(contact.id, new_receipt(), at)
        contact = replace(contact, case=case.id)
    sheet = services.sheet(work, case.id if case else None)
    if case:
        sheet = _answered(work, case, sheet, understood, at)
        contact = replace(contact, told_something=contact.told_something or _tells(understood))
    contact = _consented(contact, understood, at)
    standing = Standing(contact, talk, case, sheet, services.gazetteer.get(case.place) if case and case.place else None)
    standing = _placed(services, standing, understood.place)
    heard = understood.told if understood.from_words else ()
    return replace(standing, heard=heard, held=work.tasks.about(contact.id))


def _tells(understood: Understood) -> bool:
    """Whether something was told: an answer, a cue or a place. A bare greeting is nothing yet."""
    return bool(understood.told or understood.mentions or (understood.place and understood.place.place))


def _start_over(work: Work, contact: Contact, talk: Talk, at: datetime) -> tuple[Contact, Talk]:
    """What was not passed on yet no longer counts; a case that was sent goes on without this conversation."""
    case = work.cases.get(contact.case) if contact.case else None
    if case and case.sent is None:
        work.sheets.restart(case.id, at)
        work.cases.save(replace(case, place=None, county=None))
        return contact, _afresh(talk)
    return replace(contact, case=None), _afresh(talk)


def _afresh(talk: Talk) -> Talk:
    """A conversation that begins again; who guessed codes has still guessed them."""
    return Talk(engine=talk.engine, language=talk.language, questions=1, guesses=talk.guesses, locked=talk.locked)


def _answered(work: Work, case: Case, sheet: Sheet, understood: Understood, at: datetime) -> Sheet:
    if understood.back:
        undone = sheet.without_last()
        work.sheets.back(case.id, at)
        return undone
    if understood.read_right is False:
        work.sheets.doubt(case.id, at)
        return sheet.doubted()
    if understood.read_right:
        confirmed = [replace(answer, source=Source.ASKED, at=at) for answer in sheet.read]
        work.sheets.append(case.id, confirmed, (), at)
        return sheet.with_answers(confirmed)
    told = [t for t in understood.told if not t.only_if_open or sheet.value(t.fact, t.child) is None]
    answers = [Answer(t.fact, t.child, t.value, t.source, at) for t in told]
    sheet = sheet.with_answers(answers)
    mentions = (*understood.mentions, *_sibling(answers, sheet))
    for fact, child in mentions:
        sheet = sheet.with_mention(fact, child)
    work.sheets.append(case.id, answers, mentions, at)
    return sheet


def _sibling(answers: Iterable[Answer], sheet: Sheet) -> tuple[tuple[str, int | None], ...]:
    """Where there is another child, it has a sheet of its own from now on; who else there is, the caseworker asks."""
    another = any(answer.fact == "siblings" and answer.value in ("one", "several") for answer in answers)
    return (("child_age", 1),) if another and sheet.children < FAMILY_OF_TWO else ()


def _consented(contact: Contact, understood: Understood, at: datetime) -> Contact:
    """Consent and, only after it, a name and a number."""
    if understood.consent:
        contact = replace(contact, consent=understood.consent, consent_at=at)
    if understood.details and contact.consent == "given":
        contact = replace(contact, details=understood.details)
    return contact


def _placed(services: Services, standing: Standing, heard: PlaceHeard | None) -> Standing:
    """The place as far as it is known, and what the next place question offers."""
    if heard is None:
        return standing
    talk = replace(
        standing.talk,
        place_problem=heard.problem,
        options=tuple(place.code for place in heard.options),
        guess=heard.place.code if heard.place and heard.problem else None,
    )
    standing = replace(standing, talk=talk)
    if heard.place is None or standing.case is None:
        return standing
    county = services.gazetteer.county_of(heard.place)
    if county is None:
        return standing
    case = replace(standing.case, place=heard.place.code, county=county.code)
    return replace(standing, case=case, place=heard.place, moved=heard.place != standing.place)
