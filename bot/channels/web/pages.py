"""The two pages as HTML: words from `data/web_chat.yml`, markup from `templates/`, style and script from `static/`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from ruamel.yaml import YAML

from bot.replies import Reply

FOLDER = Path(__file__).parent
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
CALLABLE = r"^(1\d{2}|12\d{3}|1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)"
"""A telephone number at the start of a line, where VOICE puts numbers to call; the script uses the same pattern."""

Words = Mapping[str, Any]


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
    """Ready to render; `version` changes whenever a file in `static/` does."""

    words: Words
    templates: Environment
    files: Mapping[str, bytes]
    version: str

    @classmethod
    def load(cls, words: Path) -> Pages:
        """Reads everything once."""
        loader = FileSystemLoader(FOLDER / "templates")
        templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
        templates.trim_blocks = templates.lstrip_blocks = True
        templates.filters["lines"] = lines
        files = {file.name: file.read_bytes() for file in sorted((FOLDER / "static").iterdir()) if file.suffix in TYPES}
        version = sha256(b"".join(files.values())).hexdigest()[:12]
        return cls(YAML(typ="safe", pure=True).load(words.read_text(encoding="utf-8")), templates, files, version)

    def chat(self, talk: Talk, language: str, nonce: str) -> str:
        """The chat page; `nonce` makes a form that is sent twice recognisable."""
        page = self.templates.get_template("chat.html")
        told = in_language(self.words, language)
        return page.render(w=told, talk=talk, language=language, nonce=nonce, version=self.version, callable=CALLABLE)

    def home(self, language: str) -> str:
        """The neutral page that quick-hide leads to."""
        page = self.templates.get_template("home.html")
        return page.render(w=in_language(self.words, language)["home"], language=language, version=self.version)


def in_language(words: Any, language: str) -> Any:  # noqa: ANN401 – a tree of whatever YAML holds
    """The tree with every `{"zh", "en"}` replaced by its text; what else stands beside the two stays beside `text`."""
    if isinstance(words, Mapping):
        if "zh" not in words:
            return {key: in_language(value, language) for key, value in words.items()}
        beside = {key: value for key, value in words.items() if key not in ("zh", "en")}
        return beside | {"text": words[language]} if beside else words[language]
    return [in_language(item, language) for item in words] if isinstance(words, list) else words


def lines(text: str) -> list[tuple[str, str]]:
    """Each line of `text` as (number to call or nothing, the rest)."""
    found = ((re.match(CALLABLE, line), line) for line in text.split("\n"))
    return [(number[0], line[number.end() :]) if number else ("", line) for number, line in found]


def language_of(asked: str | None, accepted: str) -> str:
    """`zh` or `en`: what the address asks for, else the browser's first language of the two, else `zh`."""
    if asked in ("zh", "en"):
        return asked
    first = re.search(r"\b(zh|en)\b", accepted.lower())
    return first[1] if first else "zh"
