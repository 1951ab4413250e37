"""What each key of the desk does to a call: what it tells, and what the desk remembers of it. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.decisions import Ask
from bot.errors import InputError, did_you_mean
from bot.facts import Source
from bot.messages import Press, Text
from bot.store import Call
from bot.turns.calls.asking import Question
from bot.turns.calls.memory import Memory, Note, Unsure
from bot.turns.calls.tapping import tapped
from bot.turns.reading import INFORM, LONGEST, Told, Understood, details_in, pressed
from bot.turns.services import Services
from bot.turns.talk import Talk

NOTHING = Understood(INFORM)
NOTES_AT_MOST = 400


@dataclass(frozen=True, slots=True)
class Hand:
    """What a key finds before it: the call, what it remembers, the conversation, and the question on the table."""

    services: Services
    call: Call
    memory: Memory
    talk: Talk
    question: Question | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """What a key did: what was told by it, the call and its memory afterwards, and whether what is known is passed on now."""

    understood: Understood
    call: Call
    memory: Memory
    send: bool = False


Key = Callable[[Hand, Mapping[str, str]], Done]


def press(hand: Hand, key: Press) -> Done:
    """What a key does. Raises `InputError` for one that is not on the desk, or that lacks what it needs."""
    verb, given = pressed(key.payload)
    if verb in ("answer", "place", "back"):
        return _told(hand, key)
    if verb not in KEYS:
        raise InputError(f"there is no key {verb!r:.40}{did_you_mean(verb, KEYS)}")
    return KEYS[verb](hand, given)


def write(hand: Hand, text: Text) -> Done:
    """Notes: what is read in them is asked about or confirmed by a person, and decides nothing by itself."""
    words = text.text.strip()[:LONGEST]
    if len(hand.memory.notes) >= NOTES_AT_MOST:
        raise InputError(f"a call has {NOTES_AT_MOST} notes at most; end this one and go on in another")
    if not words:
        return Done(NOTHING, hand.call, hand.memory)
    reader = hand.services.reader
    readings = tuple((each, reader.whose(each, hand.talk)) for each in reader.lexicon.read(words, hand.at.year))
    found = [
        Unsure(words[each.start : each.end], each.fact, each.value, child)
        for each, child in readings
        if each.value and each.certain
    ]
    heard = reader.named(words, hand.talk)
    if heard and heard.place:
        found.append(Unsure(heard.place.full_name, place=heard.place.code))
    mentions = tuple((each.fact, child) for each, child in readings)
    kept = tuple(old for old in hand.memory.unsure if not any(_about(old) == _about(new) for new in found))
    memory = replace(hand.memory, notes=(*hand.memory.notes, Note(hand.at, words)), unsure=(*found, *kept))
    return Done(Understood(INFORM, mentions=mentions), hand.call, memory)


def _about(unsure: Unsure) -> tuple[str, int | None]:
    return unsure.fact, unsure.child


def _told(hand: Hand, key: Press) -> Done:
    """An answer, a place, a step back: read as everywhere; whoever typed it is staff."""
    understood = hand.services.reader.read(key, hand.talk, hand.at)
    if understood.intent != INFORM:
        raise InputError("this answer is of another version of the rules; look at the question again")
    told = tuple(replace(each, source=Source.OPERATOR) for each in understood.told)
    said = {each.fact for each in told}
    later = tuple(ask for ask in hand.memory.later if ask.fact not in said)
    unsure = tuple(each for each in hand.memory.unsure if each.fact not in said)
    memory = replace(hand.memory.answered(), later=later, unsure=unsure)
    return Done(replace(understood, told=told), hand.call, memory)


def _confirm(hand: Hand, given: Mapping[str, str]) -> Done:
    """What was read is so."""
    unsure = _numbered(hand, given)
    memory = replace(hand.memory, unsure=tuple(each for each in hand.memory.unsure if each != unsure), declined=0)
    if unsure.place:
        found = hand.services.gazetteer.get(unsure.place)
        heard = hand.services.reader.narrowed(found) if found else None
        return Done(replace(NOTHING, place=heard), hand.call, memory)
    told = Told(unsure.fact, unsure.value, unsure.child, Source.OPERATOR)
    memory = replace(memory, later=tuple(ask for ask in memory.later if ask.fact != unsure.fact))
    return Done(replace(NOTHING, told=(told,)), hand.call, memory)


def _dismiss(hand: Hand, given: Mapping[str, str]) -> Done:
    """What was read is not so; it is asked about all the same."""
    unsure = _numbered(hand, given)
    kept = tuple(each for each in hand.memory.unsure if each != unsure)
    return Done(NOTHING, hand.call, replace(hand.memory, unsure=kept))


def _numbered(hand: Hand, given: Mapping[str, str]) -> Unsure:
    number = given.get("n", "")
    if not number.isdecimal() or int(number) >= len(hand.memory.unsure):
        raise InputError("there is nothing of this number to confirm")
    return hand.memory.unsure[int(number)]


def _where(hand: Hand, given: Mapping[str, str]) -> Done:
    """A place typed in answer to the question."""
    heard = hand.services.reader.place(given.get("text", "")[:LONGEST], hand.talk)
    return Done(replace(NOTHING, place=heard), hand.call, hand.memory.answered())


def _reach(hand: Hand, given: Mapping[str, str]) -> Done:
    """What to call them and their number, as they said it; where the call came from, when no other number was given."""
    details = details_in(given.get("text", "")[:LONGEST])
    if details and "phone" not in details and hand.memory.number:
        details["phone"] = hand.memory.number
    return Done(replace(NOTHING, details=details or {"skipped": "yes"}), hand.call, hand.memory.answered())


def _skip(hand: Hand, _: Mapping[str, str]) -> Done:
    """The question is left for later."""
    asked = hand.question.ask if hand.question else None
    later = tuple(ask for ask in hand.memory.later if ask != asked)
    return Done(NOTHING, hand.call, replace(hand.memory.answered(), later=(*later, asked) if asked else later))


def _ask(hand: Hand, given: Mapping[str, str]) -> Done:
    """A question is put on the table by hand: another answer, a danger that was not asked, the place."""
    name, child = given.get("fact", ""), given.get("child", "")
    vocabulary = hand.services.policy.vocabulary
    if name not in vocabulary.facts and name not in ("place", "consent", "contact"):
        raise InputError(f"unknown fact {name!r:.60}{did_you_mean(name, vocabulary.facts)}")
    whose = vocabulary.whose(name, int(child) if child.isdecimal() else None) if name in vocabulary.facts else None
    return Done(NOTHING, hand.call, replace(hand.memory.answered(), table=Ask(name, whose)))


def _silent(hand: Hand, _: Mapping[str, str]) -> Done:
    """From now on each answer is asked by itself, or no longer."""
    return Done(NOTHING, hand.call, replace(hand.memory, silent=not hand.memory.silent, declined=0))


def _tap(hand: Hand, given: Mapping[str, str]) -> Done:
    """One tap or two."""
    now = tapped(hand.question, hand.memory.declined) if hand.question and hand.memory.silent else None
    if now is None or given.get("said") not in ("yes", "no"):
        raise InputError("there is nothing to be tapped here")
    payload = now.yes if given["said"] == "yes" else now.no
    if payload is None:
        return Done(NOTHING, hand.call, replace(hand.memory, declined=hand.memory.declined + 1))
    return _told(hand, Press(payload))


def _number(hand: Hand, given: Mapping[str, str]) -> Done:
    """Where the call came from."""
    phone = details_in(given.get("text", "")[:LONGEST]).get("phone", "")
    return Done(NOTHING, hand.call, replace(hand.memory, number=phone))


def _refer(hand: Hand, _: Mapping[str, str]) -> Done:
    """What is known is passed on now."""
    return Done(NOTHING, hand.call, hand.memory, send=True)


def _hold(hand: Hand, _: Mapping[str, str]) -> Done:
    return Done(NOTHING, replace(hand.call, held=hand.at), hand.memory)


def _resume(hand: Hand, _: Mapping[str, str]) -> Done:
    return Done(NOTHING, replace(hand.call, held=None), hand.memory)


def _end(hand: Hand, given: Mapping[str, str]) -> Done:
    """The call is over; what it was is said, and what is known is passed on unless it was nothing."""
    kind = hand.services.calls.kind(given.get("kind", ""))
    ended = replace(hand.call, ended=hand.at, kind=kind, held=None)
    memory = replace(hand.memory, number="", unsure=())
    return Done(NOTHING, ended, memory, send=kind in hand.services.calls.refers)


KEYS: Mapping[str, Key] = {
    "confirm": _confirm,
    "dismiss": _dismiss,
    "where": _where,
    "reach": _reach,
    "skip": _skip,
    "ask": _ask,
    "silent": _silent,
    "tap": _tap,
    "number": _number,
    "refer": _refer,
    "hold": _hold,
    "resume": _resume,
    "end": _end,
}
