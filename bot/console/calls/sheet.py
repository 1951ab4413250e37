"""A call put into words: what is read aloud, what is known, what is decided. Pure: it looks at a `Table` and writes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.console.calls.views import Answer, Danger, Door, Heard, Say, SoFar, Told
from bot.console.cases.office import by_law
from bot.decisions import Ask, Decision, Risk
from bot.decisions.changes import Change, Step
from bot.facts import Answer as Given
from bot.facts.fact import REFUSED, UNKNOWN
from bot.referrals import Part
from bot.turns.asking import next_but
from bot.turns.buttons import by_telephone
from bot.turns.calls import Table
from bot.turns.calls.asking import Option
from bot.turns.calls.tapping import tapped
from bot.turns.projecting import parts_after
from bot.turns.services import Services
from bot.turns.telling import Teller

# Eight answers stand on digits, the ninth and later on letters that do nothing else; 9 and 0 are always the same.
KEYS = "12345678qwtyuiop"
SILENT = {UNKNOWN: "9", REFUSED: "0"}
GRAVER_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class CallSheet:
    """One call at one moment, in one language."""

    services: Services
    table: Table
    language: str
    at: datetime

    # --- what is read aloud -----------------------------------------------------------------------------------

    def say(self) -> Say | None:
        """The question on the table; for somebody who cannot speak, the answer that is asked for now."""
        question = self.table.question
        if question is None:
            return None
        then = self._then(question.ask)
        typed = question.ask.fact if question.typed else ""
        taps = tapped(question, self.table.memory.declined) if self.table.memory.silent else None
        if taps:
            words = self.services.calls.tapping
            ask = words["ask"][self.language].format(title=taps.title) if taps.title else ""
            text = f"{question.text} {ask}".strip()
            pair = (("1", "once", "yes"), ("2", "twice", "no"))
            keys = tuple(Answer(k, words[word][self.language], _key("tap", said=said)) for k, word, said in pair)
            return Say(text, question.why, words["begin"][self.language], keys, "", then)
        return Say(question.text, question.why, "", tuple(_keyed(question.options)), typed, then)

    def _then(self, asked: Ask) -> str:
        """What would be asked if this were left for later, in one line."""
        passed = (*self.table.memory.later, asked)
        ask = next_but(self.table.view.situation, passed, self.services.policy, self.at)
        if ask is None:
            return ""
        aloud = self.services.calls.aloud.get(ask.fact)
        return aloud[self.language] if aloud else self._asks(ask.fact)

    def _asks(self, fact: str) -> str:
        """The question about a fact, in one line."""
        return self.services.course.questions(fact, self.language)

    def heard(self) -> Iterator[Heard]:
        """What was read in notes and waits to be confirmed."""
        for n, each in enumerate(self.table.memory.unsure):
            place = self.services.gazetteer.get(each.place) if each.place else None
            title = place.full_name if place else self._title(each.fact, each.value)
            yield Heard(n, title, each.words)

    # --- what is known ----------------------------------------------------------------------------------------

    def dangers(self) -> Iterator[Danger]:
        """The dangers of the screen, asked or not, then each other that is there."""
        vocabulary = self.services.policy.vocabulary
        sheet = self.table.standing.sheet
        for name in vocabulary.groups[vocabulary.opening[0]] if vocabulary.opening else ():
            value = sheet.value(name)
            title = self.services.phrases.title(name, "yes", self.language)
            yield Danger(title, value or "", value == "yes")
        for answer in sheet.answers:
            fact = vocabulary.facts[answer.fact]
            if fact.sensitive and answer.value == "yes" and fact.ask_with not in vocabulary.opening[:1]:
                yield Danger(self._title(answer.fact, answer.value), answer.value, there=True)

    def told(self) -> Iterator[Told]:
        """Every answer that counts, the newest first."""
        for answer in reversed(self.table.standing.sheet.answers):
            child = "" if answer.child is None else str(answer.child)
            fact = self.services.policy.vocabulary.facts[answer.fact]
            tells = answer.value not in (*SILENT, "no", fact.otherwise)
            yield Told(self._title(answer.fact, answer.value), _key("ask", fact=answer.fact, child=child), tells)

    def _title(self, fact: str, value: str) -> str:
        """An answer in words, also where no button says it by itself."""
        title = self.services.phrases.title(fact, value, self.language)
        if title and value not in SILENT:
            return title
        of = self.services.phrases.title(fact, "yes", self.language)
        of = of or self._asks(fact)
        return f"{of} – {self._teller.words.word('said', value)}"

    def so_far(self) -> SoFar:
        """What is decided by what is known, who has it or would have it, and what would make it graver."""
        changes = self.services.policy.graver(self.table.standing.sheet, self.at)[:GRAVER_AT_MOST]
        return self._decided(self.table.view.decision, self._doors(), tuple(self._graver(each) for each in changes))

    def supposed(self, answers: Iterable[Given]) -> SoFar:
        """What would be decided with other answers."""
        decision = self.services.policy.decide(self.table.standing.sheet.with_answers(answers), self.at)
        return self._decided(decision, self._supposed_doors(decision))

    def _decided(self, decision: Decision, doors: Iterable[Door], graver: tuple[str, ...] = ()) -> SoFar:
        return SoFar(
            risk=decision.risk.word,
            risk_label=self._teller.words.word("risk", decision.risk.word),
            weight=int(decision.risk),
            settled=decision.settled,
            doors=tuple(doors),
            because=tuple(reason[self.language] for reason in decision.because),
            basis=tuple(by_law(decision.basis)),
            rows=decision.rows,
            graver=graver,
        )

    def _doors(self) -> Iterator[Door]:
        """Who would have it, or has it."""
        sent = bool(self.table.standing.case and self.table.standing.case.sent)
        parts = parts_after(self.table.standing, self.table.view) if self.table.view.decision.rows or sent else ()
        mine = self.table.standing.case.parts if self.table.standing.case else ()
        for part in parts:
            yield self._door(part, stands=part in mine)

    def _door(self, part: Part, *, stands: bool) -> Door:
        teller = self._teller
        door = teller.door(part, self.table.standing.place)
        response = door.pop("response")
        return Door(
            id=part.id,
            for_whom=teller.for_whom(part),
            who=f"{teller.service(part.lead)} · {teller.who(part)}",
            first_action=teller.first_action(part),
            by=teller.by(part.act_by or part.deadline),
            state=teller.words.word("status", part.status) if stands else "",
            call=stands and by_telephone(part) and part.status.waiting,
            aloud=self._say(response, **door),
        )

    def _supposed_doors(self, decision: Decision) -> Iterator[Door]:
        label = self.services.policy.label
        for part in decision.parts if decision.rows else ():
            for_whom = label("audiences", part.for_whom, self.language)
            first = label("first_actions", part.first_action, self.language)
            yield Door("", for_whom, self._teller.service(part.lead), first, "", "", call=False, aloud="")

    def _graver(self, change: Change) -> str:
        words = self._teller.words
        steps = words.joined([self._step(step) for step in change.steps])
        return f"{steps} → {words.word('risk', change.risk.word)}"

    def _step(self, step: Step) -> str:
        return self._title(step.fact, step.to[0])

    def supposable(self) -> Iterator[tuple[str, str]]:
        """The answers that could be supposed: to what was asked and to what is on the table."""
        vocabulary = self.services.policy.vocabulary
        sheet, asked = self.table.standing.sheet, self.table.question.ask if self.table.question else None
        about = [(answer.fact, answer.child) for answer in sheet.answers]
        if asked and asked.fact in vocabulary.facts:
            about.insert(0, (asked.fact, asked.child))
        for fact, child in dict.fromkeys(about):
            for value in vocabulary.facts[fact].values:
                if value != sheet.value(fact, child):
                    whose = "" if child is None else str(child)
                    yield f"{fact} {whose} {value}", self._title(fact, value)

    def card(self) -> tuple[str, ...]:
        """What is read aloud before anything else in an emergency; nothing otherwise."""
        if self.table.view.decision.risk is not Risk.EMERGENCY:
            return ()
        card = "emergency_minor" if self.table.standing.sheet.value("caller") == "child" else "emergency"
        return tuple(self.services.calls.aloud[card][self.language].splitlines())

    def _say(self, response: str, **words: str) -> str:
        return self.services.say(response, self.language, words).text

    @property
    def _teller(self) -> Teller:
        return self.services.teller(self.language, self.at)


def _keyed(options: Sequence[Option]) -> Iterator[Answer]:
    """Each answer with its key: 9 does not know, 0 would rather not say, the others in their order."""
    free = iter(KEYS)
    for option in options:
        yield Answer(SILENT.get(option.silent) or next(free, ""), option.title, option.payload)


def _key(verb: str, **given: str) -> str:
    return f"/{verb}{json.dumps(given)}"
