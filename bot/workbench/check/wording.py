"""Wording: every fact has a slot, a question and a reason, in both languages, and a button for every answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.errors import UnknownWordError
from bot.facts import Fact, Vocabulary
from bot.facts.document import Item, read
from bot.workbench.check.finding import Finding
from bot.workbench.sayings import language_of

LONGEST_PAYLOAD = 64  # bytes; Telegram's limit for what a button brings back


def missing_wording(vocabulary: Vocabulary, domain: Path) -> Iterator[Finding]:
    """What `data/domain/facts.yml` lacks. Raises `RuleFileError` when it cannot be read."""
    fields = read(domain, Path("data") / "domain" / domain.name).table
    slots, responses = fields["slots"].table, fields["responses"].table
    for fact in vocabulary.facts.values():
        if fact.name not in slots:
            yield Finding("wording", fields["slots"].where, f"the slot {fact.name!r} is missing")
        for name in (fact.question, f"utter_why_{fact.name}"):
            if name in responses:
                yield from _languages(name, responses[name])
            else:
                yield Finding("wording", fields["responses"].where, f"the response {name!r} is missing")
        if fact.question in responses:
            yield from _buttons(fact, responses[fact.question], vocabulary)


def _languages(name: str, response: Item) -> Iterator[Finding]:
    said = [language_of(variation) for variation in response.items]
    for language in ("zh", "en"):
        if language not in said:
            yield Finding("wording", response.where, f"{name!r} does not speak {language!r}")


def _buttons(fact: Fact, response: Item, vocabulary: Vocabulary) -> Iterator[Finding]:
    for variation in response.items:
        given: set[tuple[str, str]] = set()
        for button in variation.table["buttons"].items if "buttons" in variation.table else ():
            try:
                given |= set(_answers(button.table, vocabulary))
            except (UnknownWordError, ValueError) as error:
                yield Finding(
                    "wording", button.where, f"the button {button.table['title'].word!r} answers nothing: {error}"
                )
        for value in fact.values:
            if (fact.name, value) not in given:
                yield Finding(
                    "wording",
                    variation.where,
                    f"{fact.question!r} has no button for {value!r} ({language_of(variation)})",
                )


def _answers(button: Mapping[str, Item], vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    payload = button["payload"].word
    if len(payload.encode()) > LONGEST_PAYLOAD:
        raise ValueError(f"{payload} is longer than {LONGEST_PAYLOAD} bytes")
    return vocabulary.answers(json.loads(payload.removeprefix("/answer")))
