"""Calls at the desk, for programs: the keys of `bot.turns.calls`, each sent under a number of its own and counted once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi.security import HTTPAuthorizationCredentials

from bot.channels.http import own_id
from bot.console.api.access import LANGUAGE, Access, Given, Id, nothing
from bot.console.api.shapes import Call, CallLine, Hands, Key, Ring
from bot.console.calls import views
from bot.console.calls.telephone import Telephone
from bot.errors import NotYoursError
from bot.messages import Channel, Incoming, Press, Text


class CallApi:
    """The handlers, synchronous: FastAPI runs each in a thread."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def calls(self, given: Given) -> list[CallLine]:
        """Every call of this desk that has not ended, one's own first."""
        with self._telephone(given) as telephone:
            return [_plain(line) for line in telephone.lines()]

    def begin(self, ring: Ring, given: Given) -> Call:
        """A call begins. Sent again under the same `id` it is the same call."""
        with self._telephone(given) as telephone:
            call_id = own_id(telephone.person.id, ring.id)
            telephone.board.begin(call_id, ring.number)
            return telephone.state(call_id)

    def call(self, call_id: Id, given: Given) -> Call:
        """How a call stands: the question on the table, what is known and decided."""
        with self._telephone(given) as telephone:
            return telephone.state(call_id)

    def key(self, call_id: Id, key: Key, given: Given) -> Call:
        """One key (`press`) or a note (`words`), and how the call stands then. Sent again under the same `id` it counts once."""
        with self._telephone(given) as telephone:
            content = Press(key.press) if key.press else Text(key.words)
            number = own_id(telephone.person.id, call_id, key.id)
            telephone.calling.take(Incoming(Channel.CALL, call_id, number, telephone.at, content, LANGUAGE))
            return telephone.state(call_id)

    def hand_over(self, call_id: Id, hands: Hands, given: Given) -> CallLine:
        """Gives a call with everything to a colleague on duty."""
        with self._telephone(given) as telephone:
            return _plain(telephone.line(telephone.board.hand_over(call_id, hands.to)))

    @contextmanager
    def _telephone(self, given: HTTPAuthorizationCredentials | None) -> Iterator[Telephone]:
        services = self._access.services()
        with self._access.work(given, "call") as (work, person):
            try:
                yield Telephone(services, work, person, LANGUAGE, services.clock())
            except NotYoursError as error:
                raise nothing("there is no call like this in your hands") from error


def _plain(line: views.CallLine) -> CallLine:
    return CallLine(call=line.id, mine=line.mine, held=line.held, seconds=line.seconds, risk=line.risk)
