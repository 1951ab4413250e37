"""What a drill says (`data/drill.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.facts.document import Item, read
from bot.replies.texts import Texts, sentence

KEYS = ("marker", "begin", "stop", "progress", "colour", "implausible", "topics", "scenes", "frames", "said", "texts")
SENTENCES = (
    "fictional", "story", "between", "asked", "denied", "doubtful", "unsaid", "comma", "ask_risk", "ask_lead",
    "ask_action", "option", "right", "wrong", "because", "article", "whole", "also", "never", "score", "again",
    "next_button", "stop_button", "stopped", "none_begun", "stale", "changed", "nothing", "real_first", "progress",
    "no_progress", "terminal_help", "not_understood", "goodbye",
)  # fmt: skip

Both = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Colour:
    """Values of a fact that fit any story which tells nothing but facts of `beside`."""

    values: tuple[str, ...]
    beside: frozenset[str]

    @classmethod
    def read(cls, item: Item) -> Colour:
        """`{values: […], beside: [[…], …]}`."""
        fields = item.fields(("values", "beside"), required=("values", "beside"))
        beside = (word.word for line in fields["beside"].items for word in line.words)
        return cls(tuple(word.word for word in fields["values"].words), frozenset(beside))


@dataclass(frozen=True, slots=True)
class DrillWords:
    """`begin`, `stop` and `progress` are words a caseworker may type.

    `colour` are facts told beside what a row wants, `implausible` stories that are not told. `frames` puts a button's title
    into a sentence, by fact; `said` has the sentences of answers without a title of their own.
    """

    marker: str
    begin: frozenset[str]
    stop: frozenset[str]
    progress: frozenset[str]
    colour: Mapping[str, Colour]
    implausible: tuple[Mapping[str, frozenset[str]], ...]
    topics: Mapping[str, Both]
    scenes: tuple[Both, ...]
    frames: Mapping[str, Both]
    said: Mapping[tuple[str, str], Both]
    texts: Texts

    @classmethod
    def load(cls, path: Path) -> DrillWords:
        """Reads `data/drill.yml`. Raises `RuleFileError` with file and line for what is missing or in one language only."""
        fields = read(path, Path("data") / path.name).fields(KEYS, required=KEYS)
        return cls(
            marker=fields["marker"].word,
            begin=_words(fields["begin"]),
            stop=_words(fields["stop"]),
            progress=_words(fields["progress"]),
            colour={fact: Colour.read(item) for fact, item in fields["colour"].table.items()},
            implausible=tuple(
                {fact: frozenset(word.word for word in item.words) for fact, item in one.table.items()}
                for one in fields["implausible"].items
            ),
            topics={name: item.both_languages() for name, item in fields["topics"].table.items()},
            scenes=tuple(item.both_languages() for item in fields["scenes"].items),
            frames={fact: sentence(item) for fact, item in fields["frames"].table.items()},
            said={
                (fact, value): item.both_languages()
                for fact, values in fields["said"].table.items()
                for value, item in values.table.items()
            },
            texts=Texts.read(fields["texts"], SENTENCES),
        )

    def topic(self, name: str, language: str) -> str:
        """A theme as people call it; its file's name where it has no other."""
        return self.topics[name][language] if name in self.topics else name

    def marks(self, text: str) -> bool:
        """Whether a message is one of a drill."""
        return text.startswith(self.marker)


def _words(item: Item) -> frozenset[str]:
    return frozenset(word.word.lower() for word in item.words)
