"""Policy and its wording without a service: what workbench commands need to speak in the families' words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from bot.decisions import Policy
from bot.dialogue import Assistant, Project
from bot.errors import ActionFailedError
from bot.replies import Reply
from bot.replies.words import WordBook
from bot.turns.phrasing import Phrases
from bot.turns.questions import Questions
from bot.turns.services import reply_of


@dataclass(frozen=True, slots=True)
class Spoken:
    """A rule base, the questions of `data/domain`, and the titles of their buttons."""

    policy: Policy
    assistant: Assistant
    phrases: Phrases
    book: WordBook

    @classmethod
    def load(cls, project: Path, rules: Path | None = None) -> Spoken:
        """Reads `rules` (the project's own by default) and the project's wording.

        Raises `RuleFileError` or `ProjectFileError` for the first thing that is not right.
        """
        policy = Policy.load(rules or project / "rules")
        assistant = Assistant(Project.load(project), _no_action)
        book = WordBook.load(project / "data" / "words.yml")
        return cls(policy, assistant, Phrases.collect(assistant, policy.vocabulary, book), book)

    @property
    def questions(self) -> Questions:
        """The questions as they are asked."""
        return Questions(self.assistant, self.policy.vocabulary)

    def reply(self, response: str, language: str, slots: Mapping[str, Any] | None = None) -> Reply:
        """A response of `data/domain`."""
        return reply_of(self.assistant.say(response, dict(slots or {}) | {"language": language}, channel="rest"))


def _no_action(_: Mapping[str, Any]) -> NoReturn:
    raise ActionFailedError("no conversation is held here, only its words are read")
