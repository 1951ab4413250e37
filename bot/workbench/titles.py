"""Plain words for facts: the questions and answer buttons of `data/domain/facts.yml`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.facts.document import Item, read


@dataclass(frozen=True, slots=True)
class Titles:
    """`questions` by fact, `answers` by fact and value, in one language; what has no words is said by its name."""

    questions: Mapping[str, str]
    answers: Mapping[tuple[str, str], str]

    @classmethod
    def load(cls, project: Path, language: str) -> Titles:
        """Reads the domain of a project. Raises `RuleFileError` when it cannot be read."""
        responses = read(project / "data" / "domain" / "facts.yml").table["responses"].table
        questions: dict[str, str] = {}
        answers: dict[tuple[str, str], str] = {}
        for name, response in responses.items():
            if name.startswith("utter_ask_"):
                spoken = _spoken(response, language)
                questions[name.removeprefix("utter_ask_")] = " ".join(spoken["text"].word.split())
                answers.update(_answers(spoken.get("buttons")))
        return cls(questions, answers)

    def question(self, fact: str) -> str:
        """What is asked."""
        return self.questions.get(fact, fact)

    def answer(self, fact: str, value: str) -> str:
        """What the button says."""
        return self.answers.get((fact, value), f"{fact}: {value}")

    def family(self, plain: Mapping[str, Any]) -> str:
        """A sheet in one line: the family's answers, then each child's."""
        sheets: Iterable[Mapping[str, str]] = (plain["family"], *plain["children"])
        return " | ".join("; ".join(self.answer(f, v) for f, v in sheet.items()) for sheet in sheets if sheet)


def _spoken(response: Item, language: str) -> Mapping[str, Item]:
    """The variation in this language without further conditions, else the first."""
    for variation in response.items:
        conditions = variation.table["condition"].items if "condition" in variation.table else ()
        named = {c.table["name"].word: c.table["value"].word for c in conditions}
        if set(named) <= {"language"} and named.get("language", "zh") == language:
            return variation.table
    return response.items[0].table


def _answers(buttons: Item | None) -> Mapping[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for button in buttons.items if buttons else ():
        payload = button.table["payload"].word
        given = json.loads(payload.removeprefix("/answer")) if payload.startswith("/answer{") else {}
        found |= dict.fromkeys(given.items(), button.table["title"].word)
    return found
