"""Plain words for facts: the questions and answer buttons of `data/domain/facts.yml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.workbench.sayings import responses

_ASKS = "utter_ask_"


@dataclass(frozen=True, slots=True)
class Titles:
    """`questions` by fact, `answers` by fact and value, in one language; what has no words is said by its name."""

    questions: Mapping[str, str]
    answers: Mapping[tuple[str, str], str]

    @classmethod
    def load(cls, project: Path, language: str) -> Titles:
        """Reads the domain of a project. Raises `RuleFileError` when it cannot be read."""
        questions: dict[str, str] = {}
        answers: dict[tuple[str, str], str] = {}
        for (name, spoken), question in responses(project / "data" / "domain" / "facts.yml"):
            if name.startswith(_ASKS) and spoken == language:
                questions.setdefault(name.removeprefix(_ASKS), " ".join(question.text.split()))
                answers = {**question.buttons, **answers}
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
