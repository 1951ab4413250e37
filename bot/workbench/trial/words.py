"""What the trial itself says, and the words that steer it (`data/try.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.facts.document import read
from bot.replies.texts import Texts

COMMANDS = ("back", "why", "what_if", "facts", "rows", "quit", "help")
SENTENCES = (
    "welcome", "help", "child", "why", "policy_screen", "policy_expired", "policy_danger", "policy_concerns",
    "policy_decides", "policy_needed", "can_decide", "more", "known", "nothing_known", "rows_line", "no_rows",
    "stands", "settled", "not_settled", "part", "also", "within", "at_once", "no_limit", "done", "not_understood",
    "no_back", "what_if_now", "what_if_then", "higher", "lower", "change", "nothing", "row_holds", "row_open",
    "row_fails", "in_the_way", "decision", "because", "never", "cited", "cited_whole", "case", "nobody", "goodbye",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TryWords:
    """`commands` maps each word that is understood to what it does."""

    texts: Texts
    commands: Mapping[str, str]

    @classmethod
    def load(cls, path: Path) -> TryWords:
        """Reads `data/try.yml`. Raises `RuleFileError` for a sentence or a translation that is missing."""
        fields = read(path, Path("data") / path.name).fields(("commands", "texts"), required=("commands", "texts"))
        commands = fields["commands"].fields(COMMANDS, required=COMMANDS)
        words = {word.word.lower(): name for name, item in commands.items() for word in item.words}
        return cls(Texts.read(fields["texts"], SENTENCES), words)

    def command(self, line: str) -> tuple[str, str] | None:
        """The command a line begins with, and the rest of it; None when it is none."""
        for word in sorted(self.commands, key=len, reverse=True):
            head, rest = line[: len(word)].lower(), line[len(word) :]
            takes_more = self.commands[word] == "what_if"
            if head == word and (not rest or (takes_more and (rest[0].isspace() or not word.isascii()))):
                return self.commands[word], rest.strip()
        return None
