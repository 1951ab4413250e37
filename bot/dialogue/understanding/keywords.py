r"""KeywordIntentClassifier (rasa `nlu/classifiers/keyword_intent_classifier.py`).

As in Rasa an example is a regular expression between word boundaries. Unlike in Rasa the longest wins, not the first
written, it is found inside Chinese, and an example inside another intent's example stays a keyword.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, replace

from bot.dialogue.understanding.parsed import Parsed
from bot.dialogue.understanding.training import TrainingData
from bot.dialogue.understanding.words import READ_AT_MOST, within_bounds

# What makes a text more than the words it consists of.
EXPRESSION = re.compile(r"[.^$*+?{}\[\]\\|()]")


@dataclass(frozen=True, slots=True)
class Keyword:
    """One example: `word` is what a text must hold for it to be found, where that is known; `pattern` finds it."""

    word: str | None
    pattern: re.Pattern[str]
    intent: str


@dataclass(frozen=True, slots=True)
class KeywordIntentClassifier:
    """A message that holds an example of an intent has that intent."""

    keywords: tuple[Keyword, ...]
    case_sensitive: bool = True

    @classmethod
    def trained(cls, data: TrainingData, *, case_sensitive: bool = True) -> KeywordIntentClassifier:
        """Learns the examples; one that stands under two intents tells nothing and is left out."""
        intents: dict[str, set[str]] = {}
        for example in data.examples:
            intents.setdefault(example.text if case_sensitive else example.text.lower(), set()).add(example.intent)
        spelt = {example.text if case_sensitive else example.text.lower(): example.text for example in data.examples}
        clear = [text for text, named in intents.items() if text and len(named) == 1]
        flags = 0 if case_sensitive else re.IGNORECASE
        return cls(
            tuple(
                Keyword(_literally(text), _pattern(spelt[text], flags), next(iter(intents[text])))
                for text in sorted(clear, key=len, reverse=True)
            ),
            case_sensitive,
        )

    def __call__(self, message: Parsed) -> Parsed:
        """With the intent found; what another classifier found stays when there is none."""
        text = message.text[:READ_AT_MOST]
        held = text if self.case_sensitive else text.lower()
        for keyword in self.keywords:
            if (keyword.word is None or keyword.word in held) and keyword.pattern.search(text):
                return replace(message, intent=keyword.intent, confidence=1.0)
        return message


def _literally(text: str) -> str | None:
    """The text itself where it is looked for as it stands, which is quick to rule out; None for an expression."""
    return None if EXPRESSION.search(text) else text


def _pattern(text: str, flags: int) -> re.Pattern[str]:
    """The example as an expression; where it is none (`:)`), as it stands."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `[[a]` may mean something else some day
            return re.compile(within_bounds(text, text), flags)
    except (re.error, RecursionError, OverflowError):
        return re.compile(within_bounds(text, re.escape(text)), flags)
