"""Aliases (`*name`) that would never end, or become a thousand times the file, are refused before anything is made of them."""

from __future__ import annotations

from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import Node

from bot.dialogue.plain import Plain

# How many values aliases may add to what is written.
REPEATED_AT_MOST = 100_000


class BoundedComposer(Composer):
    """Counts what each anchor (`&name`) names, and adds it up wherever an alias repeats it."""

    def __init__(self, loader: Plain = None) -> None:
        super().__init__(loader=loader)
        self.warn_double_anchors = False
        self._made = 0
        self._repeated = 0
        self._sizes: dict[str, int] = {}

    def compose_node(self, parent: Node | None, index: Plain) -> Plain:
        """The next node. Raises `ComposerError` where an alias repeats too much, or what it stands in itself."""
        event, before = self.parser.peek_event(), self._made
        if isinstance(event, AliasEvent):
            self._repeat(event)
            return super().compose_node(parent, index)
        self._sizes.pop(event.anchor, None)
        self._made += 1
        node = super().compose_node(parent, index)
        if event.anchor is not None:
            self._sizes[event.anchor] = self._made - before
        return node

    def _repeat(self, event: AliasEvent) -> None:
        if event.anchor in self.anchors and event.anchor not in self._sizes:
            raise ComposerError(None, None, f"*{event.anchor} stands inside what it names", event.start_mark)
        again = self._sizes.get(event.anchor, 0)
        self._made += again
        self._repeated += again
        if self._repeated > REPEATED_AT_MOST:
            message = f"aliases repeat more than {REPEATED_AT_MOST} values; write out what is meant"
            raise ComposerError(None, None, message, event.start_mark)
