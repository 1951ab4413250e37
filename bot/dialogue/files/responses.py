"""One response of a domain file."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bot.dialogue.files.node import Node
from bot.dialogue.model.responses import Variation

CONTENT = ("text", "buttons", "image", "custom", "attachment", "elements", "quick_replies")
KEYS = (*CONTENT, "channel", "condition", "id", "metadata")


def read_response(node: Node, slots: Collection[str]) -> tuple[Variation, ...]:
    """Every variation of one response; `slots` are the names its conditions may use."""
    variations = tuple(_variation(item, slots) for item in node.items())
    if not variations:
        raise node.refuse(f"response `{node.name}` says nothing: it needs at least one variation (- text: …)")
    return variations


def _variation(node: Node, slots: Collection[str]) -> Variation:
    node.only(KEYS)
    content = {key: child.value for key, child in node.pairs() if key in CONTENT}
    if not content:
        raise node.refuse(f"a variation of `{node.name}` has neither text nor buttons, image or custom")
    if "text" in content:
        node.child("text").text()
    for button in node.child("buttons").items():
        button.child("title").word()
    channel = node.child("channel")
    return Variation(content, None if channel.value is None else channel.word(), _condition(node, slots))


def _condition(node: Node, slots: Collection[str]) -> tuple[tuple[str, Any], ...] | None:
    if not node.has("condition"):
        return None
    return tuple(_constraint(item, slots) for item in node.child("condition").items())


def _constraint(node: Node, slots: Collection[str]) -> tuple[str, Any]:
    node.only(("type", "name", "value")).child("type").known("condition type", ("slot",))
    return node.child("name").named("slot", slots), node.child("value").value
