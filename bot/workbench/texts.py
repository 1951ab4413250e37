"""The fixed words of drawings and of the book (`data/book.yml`), in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.facts.document import Item, read
from bot.replies.texts import LANGUAGES, Texts, sentence

_DAY, _HOUR = 24 * 60, 60


@dataclass(frozen=True, slots=True)
class BookTexts(Texts):
    """Sentences by dotted name: `say("draw.interview.title", "en")`."""

    @classmethod
    def load(cls, path: Path) -> BookTexts:
        """Reads the file. Raises `RuleFileError` with file and line for a missing translation or gap."""
        shown = Path(*path.parts[-2:])
        return cls(dict(_sentences(read(path, shown), "")))

    def say(self, name: str, language: str, **words: object) -> str:
        """The sentence, its gaps filled; where it has two forms (`day|days`), the one for the number `n`."""
        one, _, many = self.sentences[name][language].partition("|")
        return (many if many and words.get("n") != 1 else one).format(**words)

    def known(self, language: str, name: str, otherwise: str) -> str:
        """The sentence, or `otherwise` where the file has none: a theme or a group that was named after it was written."""
        return self.sentences[name][language] if name in self.sentences else otherwise

    def time(self, language: str, minutes: float | None) -> str:
        """A limit in words: `at once`, `within 3 days`, `no limit set`."""
        if minutes is None:
            return self.say("time.none", language)
        return (
            self.say("time.within", language, span=self.span(language, minutes))
            if minutes
            else self.say("time.now", language)
        )

    def span(self, language: str, minutes: float) -> str:
        """A length of time in its largest whole unit: `24 hours`, `3 days`."""
        for unit, name in ((_DAY, "time.days"), (_HOUR, "time.hours"), (1, "time.minutes")):
            if minutes % unit == 0 and minutes >= unit:
                return self.say(name, language, n=int(minutes // unit))
        return self.say("time.minutes", language, n=f"{minutes:g}")

    def joined(self, language: str, items: list[str] | tuple[str, ...], between: str = "between.and") -> str:
        """Items one after another, as the language separates them."""
        return self.sentences[between][language].join(items)


def _sentences(item: Item, name: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    if set(LANGUAGES) & set(item.table):
        yield name, sentence(item)
        return
    for key, inner in item.table.items():
        yield from _sentences(inner, f"{name}.{key}" if name else key)
