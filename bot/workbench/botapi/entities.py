"""From the text of a call to the text people read: `parse_mode` HTML, commands, length.

Telegram's other two notations (Markdown, MarkdownV2) are refused: Rightdoor sends plain text, and half a parser would
let through what Telegram refuses.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from bot.workbench.botapi.refusals import bad

TEXT_LIMIT = 4096
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "a": "text_link",
}
Entity = dict[str, Any]


def utf16_length(text: str) -> int:
    """Telegram counts in UTF-16 code units: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def read_text(text: str, parse_mode: str | None) -> tuple[str, list[Entity]]:
    """The text as shown and its entities. Raises 400 for broken markup, an empty or too long text."""
    shown, entities = _parse_html(text) if parse_mode and parse_mode.lower() == "html" else (text, [])
    if parse_mode and parse_mode.lower() != "html":
        raise bad("unsupported parse_mode")
    shown = shown.strip()
    if not shown:
        raise bad("message text is empty")
    if utf16_length(shown) > TEXT_LIMIT:
        raise bad("message is too long")
    return shown, entities or command_entities(shown)


def command_entities(text: str) -> list[Entity]:
    """A `/command` at the beginning is marked as such, whoever writes it."""
    command = text.split(maxsplit=1)[0] if text.startswith("/") else ""
    return [{"type": "bot_command", "offset": 0, "length": utf16_length(command)}] if len(command) > 1 else []


class _Html(HTMLParser):
    """Collects the text and the entities of Telegram's HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[Entity] = []
        self._open: list[tuple[str, Entity]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise bad(f"can't parse entities: Unsupported start tag {tag!r}")
        link = {"url": dict(attrs).get("href") or ""} if tag == "a" else {}
        self._open.append((tag, {"type": TAGS[tag], "offset": utf16_length(self.text)} | link))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise bad(f"can't parse entities: Unexpected end tag {tag!r}")
        _, entity = self._open.pop()
        self.entities.append(entity | {"length": utf16_length(self.text) - entity["offset"]})

    def handle_data(self, data: str) -> None:
        self.text += data

    def close(self) -> None:
        super().close()
        if self._open:
            raise bad(f"can't parse entities: Can't find end tag corresponding to start tag {self._open[-1][0]!r}")


def _parse_html(text: str) -> tuple[str, list[Entity]]:
    html = _Html()
    html.feed(text)
    html.close()
    return html.text, html.entities
