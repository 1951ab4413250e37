"""The two pages as HTML: words from `data/web_chat.yml`, markup from `templates/`, style and script from `static/`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.channels.site import Site
from bot.replies import Reply

FOLDER = Path(__file__).parent
CALLABLE = r"^(1\d{2}|12\d{3}|1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)"
"""A telephone number at the start of a line, where VOICE puts numbers to call; the script uses the same pattern."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What the chat page shows: numbered messages, perhaps a notice (a word of the file) and words not yet taken.

    `last` is the number of the newest message there is, shown or hidden; 0 before the first.
    """

    messages: Sequence[tuple[int, Reply]] = ()
    last: int = 0
    notice: str | None = None
    draft: str = ""

    @property
    def pressable(self) -> int | None:
        """The number of the message whose buttons still count: the last that has any."""
        return next((n for n, reply in reversed(self.messages) if reply.buttons or reply.ask_location), None)


@dataclass(frozen=True, slots=True)
class Pages:
    """The two pages."""

    site: Site

    @classmethod
    def load(cls, words: Path) -> Pages:
        """Reads everything once."""
        site = Site.load(words, FOLDER)
        site.templates.filters["lines"] = lines
        return cls(site)

    def chat(self, talk: Talk, language: str, nonce: str, *, demo: bool = False) -> str:
        """The chat page; `nonce` makes a form that is sent twice recognisable, `demo` says that the agencies are invented."""
        return self.site.render("chat.html", language, talk=talk, nonce=nonce, callable=CALLABLE, demo=demo)

    def home(self, language: str) -> str:
        """The neutral page that quick-hide leads to."""
        return self.site.render("home.html", language, w=self.site.told(language)["home"])


def lines(text: str) -> list[tuple[str, str]]:
    """Each line of `text` as (number to call or nothing, the rest)."""
    found = ((re.match(CALLABLE, line), line) for line in text.split("\n"))
    return [(number[0], line[number.end() :]) if number else ("", line) for number, line in found]
