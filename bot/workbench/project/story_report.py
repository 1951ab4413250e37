"""What `rightdoor test` tells: for people, for machines, and as Rasa's `failed_test_stories.yml`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from bot.workbench.project.walking import Step, Walk


def show(walks: Sequence[Walk], out: Console) -> None:
    """Each step that came otherwise, below its story, and how many stories went as written."""
    for walk in walks:
        if walk.wrong:
            out.print(f"{walk.story.where}: {walk.story.name}", style="bold", markup=False, highlight=False)
        for step in walk.wrong:
            came = _came(step)
            out.print(f"    expected {_expected(step)}, came {came}", markup=False, highlight=False, soft_wrap=True)
    failed = sum(bool(walk.wrong) for walk in walks)
    out.print(f"{len(walks) - failed} of {len(walks)} stories as written", style="red" if failed else "green")


def to_json(walks: Sequence[Walk]) -> list[dict[str, Any]]:
    """One object a story: `{"story", "file", "line", "passed", "wrong": [{"expected", "came"}]}`."""
    return [
        {
            "story": walk.story.name,
            "file": str(walk.story.where.file),
            "line": walk.story.where.line,
            "passed": not walk.wrong,
            "wrong": [{"expected": _expected(step), "came": _came(step)} for step in walk.wrong],
        }
        for walk in walks
    ]


def failed_stories(walks: Sequence[Walk]) -> str:
    """The stories that went otherwise, with what came in comments, as Rasa writes them."""
    failed = [walk for walk in walks if walk.wrong]
    if not failed:
        return "# every story went as written\n"
    lines = ['version: "3.1"', "stories:"]
    for walk in failed:
        lines += [f"- story: {_quoted(f'{walk.story.name} ({walk.story.where.file})')}", "  steps:"]
        lines += [line for step in walk.steps for line in _lines(step)]
    return "\n".join(lines) + "\n"


def _lines(step: Step) -> list[str]:
    event, comment = step.event, f"  # predicted: {_came(step)}" if step.found else ""
    match event["event"]:
        case "action" if event["name"] == "action_listen" and not step.found:
            return []
        case "action" if event["name"] is None:
            return [f"  - bot: {_quoted(event['text'])}{comment}"]
        case "action":
            return [f"  - action: {event['name']}{comment}"]
        case "user":
            words = [f"  - user: {_quoted(event['text'])}"] if event["text"] else []
            mark = "   " if words else "  -"
            entities = event["parse_data"]["entities"]
            told = [f"      - {e['entity']}: {_quoted(e['value'])}" for e in entities]
            intent = f"{mark} intent: {_intent(event['parse_data'])}{comment}"
            return [*words, intent, *(["    entities:", *told] if told else [])]
        case "slot":
            return ["  - slot_was_set:", f"    - {event['name']}: {_quoted(event['value'])}"]
        case "active_loop":
            return [f"  - active_loop: {_quoted(event['name'])}"]
    return []


def _expected(step: Step) -> str:
    event = step.event
    if event["event"] == "user":
        data = event["parse_data"]
        return f"{event['text']!r} as {_meaning(_intent(data), data['entities'])}"
    return str(event["name"] or f"the words {event['text']!r}")


def _intent(data: dict[str, Any]) -> str:
    return str(data["intent"].get("full_retrieval_intent_name") or data["intent"]["name"])


def _came(step: Step) -> str:
    found = step.found or {}
    return _meaning(found["intent"], found["entities"]) if "entities" in found else str(found["action"])


def _meaning(intent: str | None, entities: Sequence[dict[str, Any]]) -> str:
    told = ", ".join(f"{entity['entity']}: {entity.get('value')}" for entity in entities)
    return f"{intent}{{{told}}}" if told else str(intent)


def _quoted(value: object) -> str:
    """A value as YAML, which every JSON is."""
    return json.dumps(value, ensure_ascii=False)
