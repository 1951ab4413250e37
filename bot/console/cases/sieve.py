"""What somebody wants to see in the list. Chosen once, it holds in this browser; an emergency is in every list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from fastapi import Request, Response

from bot.console import sessions
from bot.console.cases.views import Line
from bot.decisions import Risk

COOKIE = "rightdoor-list"
VIEWS = ("mine", "team", "overdue", "waiting")
LEAST = (Risk.NONE, Risk.MEDIUM, Risk.HIGH)  # how grave at least
LONGEST, LASTS = 80, 365 * 24 * 3600  # letters of one choice; seconds


@dataclass(frozen=True, slots=True)
class Sieve:
    """A view, and within it the least risk (a word), the township and the agency; empty for all."""

    view: str = VIEWS[0]
    least: str = ""
    township: str = ""
    agency: str = ""

    @classmethod
    def of(cls, request: Request) -> Sieve:
        """What the address asks for, for the rest what was chosen last in this browser. Whatever is not known counts as all."""
        kept = dict(
            zip((field.name for field in fields(cls)), request.cookies.get(COOKIE, "").split("|"), strict=False)
        )
        return cls._checked(kept | dict(request.query_params))

    @classmethod
    def _checked(cls, given: Mapping[str, str]) -> Sieve:
        chosen = {field.name: given.get(field.name, "")[:LONGEST].replace("|", "") for field in fields(cls)}
        view = chosen["view"] if chosen["view"] in VIEWS else VIEWS[0]
        least = chosen["least"] if chosen["least"] in {risk.word for risk in LEAST[1:]} else ""
        return cls(**chosen | {"view": view, "least": least})

    def keep(self, response: Response, request: Request) -> None:
        """The browser remembers it; there is nobody's name in it."""
        value = "|".join(str(getattr(self, field.name)) for field in fields(self))
        if value.isascii() and value != request.cookies.get(COOKIE):
            secure = request.url.scheme == "https"
            response.set_cookie(
                COOKIE, value, max_age=LASTS, path=sessions.PATH, secure=secure, httponly=True, samesite="strict"
            )

    def sifted(self, lines: Iterable[Line]) -> tuple[Line, ...]:
        """What is to be shown, in the order given."""
        return tuple(line for line in lines if self._passes(line))

    def townships(self, lines: Iterable[Line]) -> set[str]:
        """The townships that could be chosen among these lines; what is chosen stays among them, though nothing be left there."""
        return ({line.township for line in lines} | {self.township}) - {""}

    def agencies(self, lines: Iterable[Line]) -> set[str]:
        """The same for agencies."""
        return ({line.agency for line in lines} | {self.agency}) - {""}

    def _passes(self, line: Line) -> bool:
        if line.weight >= Risk.EMERGENCY:
            return True
        least = next((risk for risk in LEAST if risk.word == self.least), Risk.NONE)
        return line.weight >= least and self.township in ("", line.township) and self.agency in ("", line.agency)
