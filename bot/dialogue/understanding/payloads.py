r"""Messages that say outright what they mean: `/inform{"county": "泸溪县"}`, `/greet@0.7`, `/faq/ask_hours`.

rasa `shared/core/training_data/story_reader/yaml_story_reader.py`, `unpack_regex_message`. An intent nobody declared
makes the message plain words; an entity nobody declared is left out; broken JSON means no entities. A response of a
retrieval intent, which Rasa takes for plain words, is the one that is said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.dialogue.model.domain import Domain
from bot.dialogue.model.names import SUB_INTENT, UTTER
from bot.dialogue.understanding.parsed import Entity, Parsed
from bot.dialogue.understanding.selecting import chosen

PAYLOAD = re.compile(r"/(?P<intent>[^{@]+)(?P<confidence>@[0-9.]+)?(?P<entities>{.+})?")
EXTRACTOR = "RegexMessageHandler"


def read_payload(text: str, domain: Domain) -> Parsed | None:
    """The message that `text` spells out, None when it spells out nothing."""
    said = text.strip()
    match = PAYLOAD.match(said) if said.startswith("/") else None
    if match is None:
        return None
    named = match["intent"].strip()
    intent = named.split(SUB_INTENT)[0] if _is_response(named, domain) else named
    if intent not in domain.intents:
        return None
    confidence = _confidence(match["confidence"])
    selected = None if intent == named else _selected(intent, named, domain)
    return Parsed(said, intent, confidence, tuple(_entities(match, domain)), ((intent, confidence),), selected)


def _is_response(named: str, domain: Domain) -> bool:
    return named.split(SUB_INTENT, maxsplit=1)[0] in domain.retrieval and UTTER + named in domain.responses


def _selected(intent: str, named: str, domain: Domain) -> dict[str, Any]:
    """What a response selector would have found, were it certain."""
    responses = {named: [variation.content for variation in domain.responses[UTTER + named]]}
    return {"all_retrieval_intents": sorted(domain.retrieval), intent: chosen(responses, [(named, 1.0)], 1)}


def _confidence(written: str | None) -> float:
    try:
        return 1.0 if written is None else min(1.0, float(written[1:]))
    except ValueError:
        return 0.0


def _entities(match: re.Match[str], domain: Domain) -> Iterator[Entity]:
    start, end = match.span("entities")
    for name, values in _json(match["entities"]).items():
        if name in domain.entities:
            for value in values if isinstance(values, list) else [values]:
                yield {"entity": name, "value": value, "start": start, "end": end, "extractor": EXTRACTOR}


def _json(written: str | None) -> dict[str, Any]:
    try:
        found = json.loads(written or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
