"""`rightdoor outbox`: what is waiting to go out and why, and dead letters to try again or give up. Not a word of any message."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rich.console import Console
from rich.table import Table

from bot.errors import InputError
from bot.store import Parcel, Tracked, Work
from bot.turns import Turns
from bot.turns.delivered import AfterDelivery

GIVEN_UP = "GivenUp"  # the error of a message that a human gave up
# After so long somebody should have come for a message that nothing holds up.
SOON = timedelta(minutes=1)


class State(StrEnum):
    """How a message stands."""

    NEXT = "next"
    CARRIED = "carried"
    PAUSED = "paused"
    BEHIND = "behind"
    RESTING = "resting"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the page: its state and the reason in words."""

    letter: Tracked
    state: State
    why: str

    def to_json(self) -> dict[str, object]:
        """`{"number","state","why","channel","kind","priority","contact","part","tries","lapsed","due","error"}`."""
        letter = self.letter
        return {
            "number": letter.seq,
            "state": self.state.value,
            "why": self.why,
            "channel": letter.channel.value,
            "kind": letter.kind,
            "priority": letter.priority.name.lower(),
            "contact": letter.contact,
            "part": letter.part,
            "tries": letter.attempts,
            "lapsed": letter.lapsed,
            "due": letter.due.isoformat(),
            "error": letter.error,
        }


class OutboxPage:
    """The outbox of one database."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._services = turns.services

    def show(self, out: Console, *, as_json: bool) -> None:
        """What is waiting, in the order of its going, then the dead letters."""
        now = self._services.clock()
        with self._services.store.read() as work:
            found, lapsed = lines(work.outbox.tracked(), work.pacing.resting(now), now), work.outbox.lapsed()
        if as_json:
            for line in found:
                out.file.write(json.dumps(line.to_json(), ensure_ascii=False) + "\n")
            return
        out.print(_table(found, now))
        dead = sum(line.state is State.DEAD for line in found)
        out.print(f"{len(found) - dead} waiting, {dead} dead, {lapsed} perhaps delivered twice", highlight=False)

    def retry(self, numbers: Iterable[int], out: Console) -> None:
        """Dead letters, or those that wait for another try, are tried at once. Raises `InputError` for any other."""
        with self._services.store.work() as work:
            for number in numbers:
                letter = _known(work, number)
                if not letter.readable:
                    raise InputError(f"message {number} was erased; `rightdoor outbox give-up {number}` puts it away")
                if not work.outbox.revive(number, self._services.clock()):
                    raise InputError(f"message {number} {_not_to_be_had(letter)}")
                out.print(f"{number} is tried again", style="green", highlight=False)

    def give_up(self, numbers: Iterable[int], out: Console) -> None:
        """A dead letter is put away, a waiting one dies with all that follows. Raises `InputError` for any other."""
        now = self._services.clock()
        with self._services.store.work() as work:
            for number in numbers:
                letter = _known(work, number)
                if work.outbox.dead(number, None, now, GIVEN_UP):
                    AfterDelivery(self._turns).dead(work, _parcel(letter), now, blocked=False)
                if not work.outbox.settle(number, now):
                    raise InputError(f"message {number} {_not_to_be_had(letter)}")
                work.audit.add("terminal", "give_up_message", letter.contact, None, now)
                out.print(f"{number} is given up", style="yellow", highlight=False)


def lines(letters: Sequence[Tracked], resting: Mapping[str, datetime], now: datetime) -> tuple[Line, ...]:
    """Each message with its reason; `letters` in the order of their going, `resting` what is left alone until when."""
    heads: dict[str, Tracked] = {}
    return tuple(_line(letter, heads.setdefault(letter.contact, letter), resting, now) for letter in letters)


def _line(letter: Tracked, head: Tracked, resting: Mapping[str, datetime], now: datetime) -> Line:
    tries = f"{letter.attempts} {'try' if letter.attempts == 1 else 'tries'}"
    if letter.dead:
        return Line(letter, State.DEAD, f"dead after {tries}: {letter.error}")
    if letter.lease_until and letter.lease_until > now:
        return Line(letter, State.CARRIED, f"on its way for {_span(now - (letter.tried or now))}")
    if letter.tried and letter.attempts and now < letter.due:
        return Line(letter, State.PAUSED, f"again in {_span(letter.due - now)} after {tries}: {letter.error}")
    if head is not letter:
        return Line(letter, State.BEHIND, f"behind {head.seq} in its chat")
    for name, what in ((letter.contact, "its chat"), (letter.channel.value, "the channel")):
        if name in resting:
            return Line(letter, State.RESTING, f"{what} rests for {_span(resting[name] - now)}")
    if now - letter.due > SOON:
        return Line(letter, State.NEXT, f"nobody has come for it in {_span(now - letter.due)}: does the service run?")
    return Line(letter, State.NEXT, "next")


def _known(work: Work, number: int) -> Tracked:
    letter = work.outbox.track(number)
    if letter is None:
        raise InputError(f"no message {number}; `rightdoor outbox` shows them")
    return letter


def _not_to_be_had(letter: Tracked) -> str:
    if letter.sent:
        return "has been delivered"
    return "is on its way; look again in a moment" if letter.lease_by else "has been put away already"


def _parcel(letter: Tracked) -> Parcel:
    """The letter as delivery's callbacks know it."""
    return Parcel(
        seq=letter.seq,
        contact=letter.contact,
        channel=letter.channel,
        address="",
        reply=None,
        kind=letter.kind,
        part=letter.part,
        attempts=letter.attempts,
    )


def _table(found: Iterable[Line], now: datetime) -> Table:
    table = Table("number", "channel", "kind", "priority", "waiting", "state", "why")
    colours = {State.DEAD: "red", State.PAUSED: "yellow", State.CARRIED: "green"}
    for line in found:
        letter = line.letter
        age = _span(now - letter.due) if letter.due <= now else "—"
        cells = (str(letter.seq), letter.channel.value, letter.kind, letter.priority.name.lower(), age)
        table.add_row(*cells, line.state.value, line.why, style=colours.get(line.state, ""))
    return table


def _span(span: timedelta) -> str:
    """`45 s`, `12 min`, `3 h`, `2 d`."""
    seconds = int(span.total_seconds())
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
