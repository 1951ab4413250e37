"""Stage 2 of a turn: what one message tells. Pure; nothing is written here.

A button says exactly what it says. Words are read for a receipt code, a steering phrase, the answer to the question on
the table, facts, and a place, in this order of trust; a danger in them counts whatever else they say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.dialogue import Engine
from bot.errors import UnknownWordError
from bot.facts import Lexicon, Reading, Source, Vocabulary
from bot.facts.fact import CHILD
from bot.facts.matters import Matter
from bot.messages import Attachment, Content, Departed, Edited, Location, Press, Text
from bot.places import Former, Gazetteer, Level, Place
from bot.places.names import short
from bot.referrals.receipt import find_receipt
from bot.turns.phrasing import answer_of
from bot.turns.talk import Talk

INFORM = "inform"
FALLBACK = "nlu_fallback"
UNDERSTOOD = "understood"  # the question whether what was read is right
# Provinces whose children others answer for; the words are those of `Gazetteer.outside`.
NOT_SERVED = {"71": "taiwan", "81": "hongkong", "82": "macao"}
MOST_OPTIONS = 8  # places of one name that can be chosen from
LONGEST = 2000  # characters; what is longer is given to a human as well, and they are told so
READ_AT_MOST = 12_000  # characters; what lies beyond is for the human alone
# Phrases that steer even when the same message also tells facts.
ALWAYS = frozenset({"human", "erase", "hide"})
# Commands that are called otherwise here than what they mean.
COMMANDS = {"start": "greet", "x": "hide"}
# A steering phrase is short; a long story that happens to hold "谢谢" is a story.
PHRASE = 24
# How likely a message must be somebody else's matter, and how long, before we say so; in the middle of an interview an answer may
# be short and odd.
SURELY, SAID_BY_ITSELF, SAID_IN_BETWEEN = 0.8, 6, 12


@dataclass(frozen=True, slots=True)
class Told:
    """One answer as it was heard: fact, value, whom it is about, and how we know."""

    fact: str
    value: str
    child: int | None
    source: Source
    only_if_open: bool = False


@dataclass(frozen=True, slots=True)
class PlaceHeard:
    """What was said about the place: `place` when it is known; otherwise what stands in the way.

    `problem` is `unknown`, `ambiguous`, `many` (too many of that name), `guess` (it may be one of `options`), `listing` (choose
    from `options`), `narrow` (`place` is a county, its townships are `options`), a region that is not served
    (`Gazetteer.outside`) or None. `was` is what the place was called before, where that name was used.
    """

    place: Place | None = None
    problem: str | None = None
    options: tuple[Place, ...] = ()
    was: Former | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What one message tells, and the intent the dialogue gets to see; `read_right`: whether what was read so far is right."""

    intent: str
    told: tuple[Told, ...] = ()
    mentions: tuple[tuple[str, int | None], ...] = ()
    place: PlaceHeard | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    consent: str | None = None
    read_right: bool | None = None
    receipt: str | None = None
    part: str | None = None
    language: str | None = None
    back: bool = False
    from_words: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything reading needs: the vocabulary, the lexicon, the gazetteer and the dialogue's own classifier."""

    vocabulary: Vocabulary
    lexicon: Lexicon
    gazetteer: Gazetteer
    assistant: Engine
    typed: Mapping[str, tuple[str, ...]]
    buttons_last: timedelta

    def read(self, content: Content, talk: Talk, at: datetime) -> Understood:
        """What `content` tells in the conversation `talk`."""
        match content:
            case Press():
                return self._press(content, talk, at)
            case Location():
                found = self.gazetteer.locate(content.latitude, content.longitude)
                return Understood(INFORM, place=self.narrowed(found) if found else PlaceHeard(problem="unknown"))
            case Text(text=text) if talk.writes(at):
                return self._letter(text, talk, at)
            case Text(text=text) | Edited(text=text):
                return self._words(text, talk, at)
            case Attachment(caption=caption):
                said = self._words(caption, talk, at) if caption else Understood("unreadable")
                return replace(said, intent="unreadable")
            case Departed():
                return Understood("departed")

    def place(self, text: str, talk: Talk) -> PlaceHeard:
        """The place that a text names, where it was asked for."""
        return self._place_in(text, talk, asked=True) or PlaceHeard(problem="unknown")

    def named(self, text: str, talk: Talk) -> PlaceHeard | None:
        """A place that a text names by the way: only one that is certain, and at least a county."""
        return self._place_in(text, talk, asked=False)

    # --- buttons ---------------------------------------------------------------------------------------------

    def _press(self, press: Press, talk: Talk, at: datetime) -> Understood:
        intent, given = pressed(press.payload)
        if intent == "answer":
            told = self._answers(given, talk)
            stale = press.offered is not None and at - press.offered > self.buttons_last
            if stale and not any(self._alarming(t) for t in told.told):
                return Understood("old_button")
            return told
        if intent == "place":
            return Understood(INFORM, place=self._chosen(given))
        if intent == "back":
            return Understood(INFORM, back=True)
        if intent == "language":
            return Understood("language", language="en" if given.get("to") == "en" else "zh")
        if intent == "message":
            return Understood("message", part=given.get("to"))
        intent = COMMANDS.get(intent, intent)
        return Understood(intent if intent in self.assistant.intents else FALLBACK)

    def _answers(self, given: Mapping[str, str], talk: Talk) -> Understood:
        """The answers a button gives; a word nobody declared is a button of an older version."""
        if "consent" in given:
            return Understood(INFORM, consent="given" if given["consent"] == "given" else "refused")
        if (right := given.get(UNDERSTOOD)) in ("right", "wrong"):
            return Understood(INFORM, read_right=right == "right")
        if "contact" in given:
            return Understood(INFORM, details={"skipped": "yes"})
        try:
            told = [
                self._told(fact, value, talk, only_if_open=name in self.vocabulary.groups)
                for name, answer in given.items()
                for fact, value in self.vocabulary.answers({name: answer})
            ]
        except UnknownWordError:
            return Understood("old_button")
        return Understood(INFORM, told=tuple(told)) if told else Understood("old_button")

    def _told(self, fact: str, value: str, talk: Talk, *, only_if_open: bool = False) -> Told:
        child = (talk.asked_child or 0) if self.vocabulary.facts[fact].about == CHILD else None
        return Told(fact, value, child, Source.ASKED, only_if_open)

    def _alarming(self, told: Told) -> bool:
        """A danger said to be there is never dismissed as an old button."""
        return told.value == "yes" and self.vocabulary.facts[told.fact].sensitive

    def _chosen(self, given: Mapping[str, str]) -> PlaceHeard:
        """A place tapped (`code`), a list opened (`list`), or a county that must do (`enough`)."""
        if "list" in given:
            return PlaceHeard(problem="listing", options=self.gazetteer.children(given["list"] or None))
        place = self.gazetteer.get(given.get("enough") or given.get("code", ""))
        if place is None:
            return PlaceHeard(problem="unknown")
        return PlaceHeard(place=place) if "enough" in given else self.narrowed(place)

    # --- words -----------------------------------------------------------------------------------------------

    def _words(self, text: str, talk: Talk, at: datetime) -> Understood:
        if receipt := find_receipt(text):
            return Understood("receipt", receipt=receipt)
        language = language_of(text)
        heard = replace(self._meaning(text[:READ_AT_MOST], talk, at), language=language, from_words=True)
        return replace(heard, intent="too_long") if len(text) > LONGEST else heard

    def _letter(self, text: str, talk: Talk, at: datetime) -> Understood:
        """Words that were asked for to be passed on: what they tell counts, but they answer no question and move no place."""
        heard = self._words(text, replace(talk, asked=None), at)
        steers = heard.intent in ALWAYS or heard.intent in ("receipt", "too_long")
        return heard if steers else replace(heard, intent="letter", place=None, details={})

    def _meaning(self, text: str, talk: Talk, at: datetime) -> Understood:
        readings = self.lexicon.read(text, at.year)
        plain = self.lexicon.spelling.plain(text).text
        certain = tuple(Told(r.fact, r.value, self.whose(r, talk), Source.READ) for r in readings if r.certain)
        mentions = tuple((r.fact, self.whose(r, talk)) for r in readings if not r.certain)
        intent = self.assistant.parse(plain).intent or FALLBACK
        if intent in ALWAYS:
            return Understood(intent, certain, mentions)
        if not readings and (answer := self._typed_answer(plain, talk)):
            return answer
        if intent != FALLBACK and not readings and len(text) <= PHRASE:
            return Understood(intent)
        place = self._place_in(plain, talk, asked=talk.asked_fact == "place")
        if place and place.place:
            return Understood(INFORM, certain, mentions, place)
        if talk.asked_fact == "contact" and not readings:
            return Understood(INFORM, details=details_in(text))
        if place and not readings:
            return Understood(INFORM, place=place)
        others = self._others_matter(plain, readings, talk) if self.lexicon.harmless(readings) else None
        return Understood(others or (INFORM if readings else FALLBACK), certain, mentions)

    def _others_matter(self, plain: str, readings: tuple[Reading, ...], talk: Talk) -> str | None:
        """The intent of a harmless message that is surely about something we do not do; None when it may be ours."""
        judged = self.lexicon.judge(plain, readings)
        if judged is None or judged.matter is Matter.OURS:
            return None
        enough = SAID_IN_BETWEEN if talk.asked else SAID_BY_ITSELF
        return str(judged.matter) if judged.likelihood >= SURELY and len(plain.strip()) >= enough else None

    def whose(self, reading: Reading, talk: Talk) -> int | None:
        """The child that a reading is about: None for the family, else the one that is meant, or spoken of."""
        if self.vocabulary.facts[reading.fact].about != CHILD:
            return None
        return reading.child if reading.child is not None else talk.asked_child or 0

    def _typed_answer(self, text: str, talk: Talk) -> Understood | None:
        """A number, a button's own words, or a plain yes or no, as the answer to the question on the table."""
        asked = talk.asked_fact
        if asked is None or asked == "place":
            return None
        said = re.sub(r"[\s。．.，,！!？?~～]+$", "", text.strip())
        buttons = self.assistant.say(f"utter_ask_{asked}", talk.engine_slots, channel="rest")["buttons"]
        for number, button in enumerate(buttons, 1):
            if said in (str(number), self.lexicon.spelling.plain(button["title"]).text):
                return self._answers(answer_of(button["payload"]), talk)
        value = next((v for v, words in self.typed.items() if said in words), None)
        if value in ("yes", "no") and asked == UNDERSTOOD:
            return Understood(INFORM, read_right=value == "yes")
        fact = self.vocabulary.facts.get(asked)
        if value and fact and value in fact.values:
            return Understood(INFORM, (self._told(asked, value, talk),))
        return None

    def _place_in(self, text: str, talk: Talk, *, asked: bool) -> PlaceHeard | None:
        """The place a text names; unasked, only one that is certain and at least a county."""
        within = self.gazetteer.get(talk.guess) if talk.guess else None
        found = self.gazetteer.find(text, within) or (self.gazetteer.find(text) if within else ())
        if asked and len(found) != 1:
            return self._doubtful(text, found, within)
        if len(found) == 1 and (asked or found[0].level >= Level.COUNTY):
            nearer = self._nearer(text, found[0]) if asked else None
            return nearer or replace(self.narrowed(found[0]), was=self.gazetteer.became(text, found[0]))
        return None

    def _doubtful(self, text: str, found: tuple[Place, ...], within: Place | None) -> PlaceHeard:
        """Several places of one name, or none: then what it may have meant, or that it is not here."""
        if found:
            many = len(found) > MOST_OPTIONS
            return PlaceHeard(problem="many" if many else "ambiguous", options=() if many else found)
        if outside := self.gazetteer.outside(text):
            return PlaceHeard(problem=outside)
        guessed = self.gazetteer.guess(text, within)
        return PlaceHeard(problem="guess" if guessed else "unknown", options=guessed)

    def _nearer(self, text: str, found: Place) -> PlaceHeard | None:
        """Where only a province or prefecture was understood: what below it the rest may have meant."""
        if found.level >= Level.COUNTY or len(text.strip()) <= len(short(found.name)) + 1:
            return None
        guessed = tuple(
            p for p in self.gazetteer.guess(text) if p.level >= Level.COUNTY and p.code.startswith(found.code)
        )
        return PlaceHeard(problem="guess", options=guessed) if guessed else None

    def narrowed(self, place: Place) -> PlaceHeard:
        """A province or prefecture opens its list; a county asks once for its township; anything deeper is enough."""
        if place.level >= Level.TOWNSHIP:
            return PlaceHeard(place=place)
        below = self.gazetteer.children(place.code)
        if place.code in NOT_SERVED:
            return PlaceHeard(problem=NOT_SERVED[place.code])
        if not below:
            return PlaceHeard(place=place) if place.level is Level.COUNTY else PlaceHeard(problem="unknown")
        return PlaceHeard(place, "narrow" if place.level is Level.COUNTY else "listing", below)


def language_of(text: str) -> str | None:
    """`zh` for a text with Chinese characters, `en` for one with Latin words only, None when it tells neither."""
    if re.search(r"[\u3400-\u9fff]", text):
        return "zh"
    return "en" if re.search(r"[A-Za-z]{3}", text) else None


def details_in(text: str) -> dict[str, str]:
    """What to call somebody and the number to call, from one line such as “小李 13800000000”."""
    number = re.search(r"\+?\d[\d -]{5,18}\d", text)
    phone = re.sub(r"[ -]", "", number.group()) if number else ""
    name = re.sub(r"[\s，,。;；:：]+", " ", text.replace(number.group(), " ") if number else text).strip()[:40]
    return {key: value for key, value in (("name", name), ("phone", phone)) if value}


def pressed(payload: str) -> tuple[str, dict[str, str]]:
    """`/intent{json}` → intent and the words of its JSON object; what cannot be read, and what is no word, counts as none."""
    intent, brace, rest = payload.removeprefix("/").partition("{")
    try:
        given = json.loads(brace + rest) if brace else {}
    except (ValueError, RecursionError):
        given = {}
    return intent.strip(), {k: v for k, v in given.items() if isinstance(v, str)} if isinstance(given, dict) else {}
