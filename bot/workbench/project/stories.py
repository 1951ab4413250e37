"""Rasa's test stories (`tests/test_*.yml`): conversations as they should go, written by a project's author.

- user: "it is [Ines](name)"
  intent: inform
- action: card_form
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.dialogue import Project
from bot.dialogue.files.node import Node
from bot.dialogue.files.rules import read_story
from bot.dialogue.memory.events import Event
from bot.dialogue.model.domain import Domain
from bot.dialogue.model.names import NOT_SET
from bot.dialogue.understanding.payloads import read_payload
from bot.errors import ProjectFileError, Where

STORY_KEYS = ("story", "steps", "metadata")
MARKED = re.compile(r"\[(?P<text>[^\]]+?)\](?:\((?P<entity>[^:)]+?)(?::(?P<value>[^)]+))?\)|(?P<json>\{[^}]+?\}))")


@dataclass(frozen=True, slots=True)
class Story:
    """One conversation: what happens in order, and where it is written."""

    name: str
    where: Where
    events: tuple[Event, ...]


def read_stories(folder: Path, project: Project) -> list[Story]:
    """Every test story of a project: the files `test_*.yml` in or below `tests/`.

    Raises `ProjectFileError` with file and line for a step that is none, or a name nobody declared.
    """
    paths = story_files(folder)
    if not paths:
        raise ProjectFileError("there are no test stories (tests/test_*.yml)", Where(folder))
    files = [Node.of_file(path, path.relative_to(folder)) for path in paths]
    return [story for file in files for item in file.child("stories").items() for story in _stories(item, project)]


def story_files(folder: Path) -> list[Path]:
    """The files of test stories, by name."""
    place = folder / ("tests" if (folder / "tests").is_dir() else "data")
    return sorted(path for path in place.rglob("test_*.y*ml") if not _of_another(path, place))


def _of_another(path: Path, place: Path) -> bool:
    """Whether a file belongs to a project that lies within this one."""
    return any((parent / "config.yml").is_file() for parent in path.parents if parent.is_relative_to(place))


def _stories(item: Node, project: Project) -> Iterator[Story]:
    name = item.only(STORY_KEYS).child("story").word()
    words = {"user": lambda step: _user(step, project.domain), "bot": _bot}
    for events in read_story(item.child("steps"), project.domain, words):
        yield Story(name, item.where, tuple(_without_null(event) for event in events))


def _user(step: Node, domain: Domain) -> Event:
    """What the user writes, what it should mean, and the entities marked in it."""
    intent = step.only(("user", "intent", "entities", "metadata")).child("intent")
    name = None if intent.value is None else intent.word().strip().removeprefix("/")
    if name is not None and name.split("/")[0] not in domain.intents:
        raise intent.unknown("intent", domain.intents)
    written = step.child("user").text().strip()
    text = MARKED.sub(lambda match: match["text"], written)
    said = read_payload(text, domain)
    entities = [dict(e) for e in said.entities] if said else list(_marked(written, step.child("user"), domain))
    base = None if name is None else name.split("/")[0]
    full = name if name != base else None  # `faq/ask_hours`: the rules see only `faq`
    meant = {"name": base, "confidence": 1.0, "full_retrieval_intent_name": full}
    data = {"text": text, "intent": meant, "entities": entities}
    return {"event": "user", "text": text, "parse_data": data}


def _marked(written: str, node: Node, domain: Domain) -> Iterator[dict[str, Any]]:
    """The entities, each with its place in the text without the marks."""
    removed = 0
    for match in MARKED.finditer(written):
        start = match.start() - removed
        removed += len(match[0]) - len(match["text"])
        entity = {"start": start, "end": start + len(match["text"]), "value": match["text"], **_label(match, node)}
        Node(entity["entity"], node.where, "user").known("entity", domain.entities)
        yield entity


def _label(match: re.Match[str], node: Node) -> dict[str, Any]:
    if match["entity"]:
        return {"entity": match["entity"], **({"value": match["value"]} if match["value"] else {})}
    try:
        label: dict[str, Any] = json.loads(match["json"])
        return {**label, "entity": label["entity"]}
    except (ValueError, KeyError, TypeError) as error:
        raise node.refuse(f"{match[0]!r} is not an entity: write [text](entity) or JSON with an `entity`") from error


def _bot(step: Node) -> Event:
    """An action told by the words it says."""
    return {"event": "action", "name": None, "text": step.child("bot").text().strip()}


def _without_null(event: Event) -> Event:
    """In a story, null is a value like any other; in a rule it says what must not be."""
    if event["event"] == "slot" and event["value"] == NOT_SET:
        return {**event, "value": None}
    return {**event, "name": None} if event["event"] == "active_loop" and event["name"] == NOT_SET else event
