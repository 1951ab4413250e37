"""The end of a family's turn: proposed moves are applied, replies and notices written, the conversation saved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.decisions import Risk
from bot.dialogue import Outcome
from bot.messages import Attachment, Departed, Edited, Incoming, Text
from bot.referrals.letters import WITHIN
from bot.replies import Reply
from bot.store import Contact, Work
from bot.turns.corresponding import Corresponding
from bot.turns.erasing import Erasing
from bot.turns.inquiring import ANSWERS, Inquiring
from bot.turns.learning import Standing
from bot.turns.moving import Moving
from bot.turns.projecting import erasable, parts_after, told_key
from bot.turns.reading import FALLBACK, Understood
from bot.turns.results import TurnResult, state_of
from bot.turns.services import Services, reply_of
from bot.turns.settling import Settling
from bot.turns.talk import Talk
from bot.turns.tasks import Tasks
from bot.turns.viewing import View
from bot.turns.writing import Outgoing


def proposals(outcome: Outcome) -> frozenset[str] | None:
    """The moves actions proposed; None when what they put there is none: then nothing they said may stand either."""
    moves = outcome.slots.get("moves") or []
    usable = isinstance(moves, list) and all(isinstance(move, str) for move in moves)
    return frozenset(moves) if usable else None


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps one family's turn."""

    services: Services
    work: Work
    turn: str
    incoming: Incoming
    standing: Standing
    view: View
    understood: Understood

    def keep(self, outcome: Outcome, *, card: bool) -> TurnResult:
        """Applies what the actions proposed and writes what they said; `card` says that the emergency card was due."""
        replies = tuple(reply_of(message) for message in outcome.replies)
        proposed = proposals(outcome)
        if outcome.failed or proposed is None:
            said, moved = ((), frozenset()) if proposed is None else (replies, proposed)
            replies, proposed = self._honest(said, card=card), moved | {"failed"} | ({"send"} if card else set())
        contact = self.standing.contact
        contact = replace(contact, state=self._talk(outcome, proposed).to_json(), quiet_due=self._quiet_due(contact))
        contact = self._wished(self._departed(contact), proposed)
        settling = Settling(self.services, self.work, self.turn, self.at)
        case = settling.settle(
            replace(self.standing, contact=contact), self.view, self.understood, send="send" in proposed
        )
        self._promises(contact, proposed)
        if "withdraw" in proposed:
            self._take_back(contact)
        self._raise_tasks(contact, proposed)
        self._pass_on()
        self._letters(contact, proposed)
        last = Outgoing(self.services, self.work, self.turn, self.at).replies(contact, replies, urgent=card)
        if "erase" in proposed:
            Erasing(self.services, self.work, self.turn, self.at).asked(contact)
        return TurnResult(replies, last, state_of(self.standing.sheet, self.view.ask, self.view.decision, case))

    @property
    def at(self) -> datetime:
        """The turn's time."""
        return self.incoming.at

    @property
    def _corresponding(self) -> Corresponding:
        return Corresponding(self.services, self.work, self.turn, self.at)

    def _honest(self, replies: tuple[Reply, ...], *, card: bool) -> tuple[Reply, ...]:
        """After a failed action nothing that presumes success is said; the emergency card always is."""
        language = self.standing.talk.language
        minor = self.standing.sheet.value("caller") == "child"
        emergency = "utter_emergency_card_minor" if minor else "utter_emergency_card"
        said = (self.services.say(emergency, language),) if card else replies
        return (*said, self.services.say("utter_failed", language))

    def _talk(self, outcome: Outcome, proposed: frozenset[str]) -> Talk:
        """The conversation's memory after this turn."""
        talk, ask = self.standing.talk, self.view.ask
        asked = {"fact": ask.fact, "child": ask.child} if ask else None
        carded = self.view.decision.rows if "card_shown" in proposed else ()
        told = (told_key(p) for p in parts_after(self.standing, self.view)) if "told" in proposed else ()
        return replace(
            talk,
            engine=outcome.snapshot,
            asked=asked,
            questions=talk.questions + (asked is not None and asked != talk.asked),
            misunderstood=talk.misunderstood + 1 if self.understood.intent == FALLBACK else 0,
            carded=tuple(sorted({*talk.carded, *carded})),
            told=tuple(sorted({*talk.told, *told})),
            news=() if "news_read" in proposed else talk.news,
            writing=self._writing() if "write" in proposed else None,
        )

    def _writing(self) -> dict[str, str] | None:
        """Their next words are a letter about this part."""
        meant = self._corresponding.meant(self.standing.contact, self.standing.talk, self.understood.part)
        return {"part": meant[0].id, "until": (self.at + WITHIN).isoformat()} if meant else None

    def _quiet_due(self, contact: Contact) -> datetime | None:
        """When silence becomes a human's task: something was told, questions are left, and risk is not settled below medium."""
        decision = self.view.decision
        harmless = decision.risk_settled and decision.risk < Risk.MEDIUM
        waiting = contact.told_something and self.view.ask is not None and not harmless
        return self.at + self.services.policy.deadlines.silence if waiting else None

    def _departed(self, contact: Contact) -> Contact:
        """Somebody who blocked us cannot be written to; somebody who writes has come back."""
        return replace(contact, blocked_at=self.at if isinstance(self.incoming.content, Departed) else None)

    def _raise_tasks(self, contact: Contact, proposed: frozenset[str]) -> None:
        """Whatever the rules cannot do alone becomes a human's work."""
        tasks = Tasks(self.services, self.work, self.turn, self.at)
        wanted = {
            "human_please": "human" in proposed,
            "take_over": "take_over" in proposed,
            "failed_turn": "failed" in proposed,
            "erase": "erase" in proposed and not self._erasable,
            "voice": isinstance(self.incoming.content, Attachment) or self.understood.intent == "too_long",
            "undelivered": isinstance(self.incoming.content, Departed) and self.standing.case is not None,
        }
        for kind, is_wanted in wanted.items():
            if is_wanted:
                tasks.raise_for(contact, kind)

    def _pass_on(self) -> None:
        """What a family writes while a person is on their task reaches that person too."""
        task = self.standing.held
        if isinstance(self.incoming.content, Text | Edited) and task and task.owner:
            operator, outgoing = self.work.staff.get(task.owner), Outgoing(self.services, self.work, self.turn, self.at)
            if operator is not None:
                outgoing.to_staff(operator, "utter_task_words", {"words": self.incoming.content.text})

    def _letters(self, contact: Contact, proposed: frozenset[str]) -> None:
        """What they wrote for whoever helps goes there; what they have opened has been read."""
        meant = self._corresponding.meant(contact, self.standing.talk) if "letter" in proposed else ()
        if meant and isinstance(self.incoming.content, Text):
            self._corresponding.from_family(contact, meant[0], self.incoming.content.text)
        if "news_read" in proposed:
            self.work.letters.seen_by(contact.id, self.at)

    def _promises(self, contact: Contact, proposed: frozenset[str]) -> None:
        """What the family answers about a promise."""
        inquiring = Inquiring(self.services, self.work, self.turn, self.at)
        for said in proposed & ANSWERS.keys():
            inquiring.hear(contact, said)

    def _wished(self, contact: Contact, proposed: frozenset[str]) -> Contact:
        """Who asked to be erased and is kept for a child's sake is remembered: fewer people see it, and a supervisor decides."""
        kept = "erase" in proposed and not self._erasable
        return replace(contact, erase_asked=contact.erase_asked or self.at) if kept else contact

    @property
    def _erasable(self) -> bool:
        return erasable(self.work.cases.of_contact(self.standing.contact.id))

    def _take_back(self, contact: Contact) -> None:
        """Every open part that is theirs to stop is withdrawn and its owner told."""
        moving = Moving(self.services, self.work, self.turn, self.at)
        parts = [part for case in self.work.cases.of_contact(contact.id) for part in case.parts]
        for part in parts:
            if part.status.open and not part.stays:
                moving.take_back(part.id)
